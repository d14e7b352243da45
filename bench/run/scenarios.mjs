// What is measured, with whom, and what is to be reached.
import { fileURLToPath } from "node:url";

/**
 * @typedef {object} Contestant
 * @property {string} peer        a file of ../peers
 * @property {string} speaks      a dialect of it
 * @property {string} [label]     its name in tables; by itself the peer's
 * @property {string[]} [words]   more of its command line
 * @property {string[]} [load_words]   more of bench_load's
 * @property {boolean} [tls]
 * @property {boolean} [full_only]   not with --quick
 *
 * @typedef {object} Target
 * @property {string} of          a contestant's label
 * @property {string} [against]   another's; without it `at_most` is the figure itself
 * @property {number} at_most
 *
 * @typedef {object} Scenario
 * @property {string} title
 * @property {string} mode        of bench_load
 * @property {"cpu_us_each" | "bytes_each" | "texts_each" | "p99_ms"} figure
 * @property {string} unit
 * @property {Record<string, number>} full    amounts, in the words of bench_load's options
 * @property {Record<string, number>} quick
 * @property {boolean} [unpinned]
 * @property {boolean} [tells_latency]
 * @property {Contestant[]} contestants
 * @property {Target[]} targets
 */

const carillon = { peer: "carillon", speaks: "websocket", label: "Carillon" };
const floor = { peer: "floor", speaks: "websocket", label: "bare program" };
const npm_ws = { peer: "npm_ws", speaks: "websocket", label: "npm ws" };
const sio = { peer: "carillon_socketio", speaks: "socketio", label: "Carillon's library" };
const sio_channels = { ...carillon, speaks: "socketio", label: "Carillon's channels" };
const npm_sio = { peer: "npm_socketio", speaks: "socketio", label: "npm socket.io" };
/** @param {number} at_most */
const both_against_npm = (at_most) => [sio, sio_channels].map(({ label }) => ({ of: label, against: npm_sio.label, at_most }));
const nghttpd = { peer: "nghttpd", speaks: "get", label: "nghttpd" };
const tls_ws = { ...npm_ws, tls: true };
const nchan = { peer: "nchan", speaks: "websocket", label: "Nchan" };

/** Limits hold, and the flooder is not exempt. */
const limited = ["--config", fileURLToPath(new URL("../peers/flood.toml", import.meta.url))];

const h2c = fileURLToPath(new URL("../peers/h2c.toml", import.meta.url));

/** @type {Record<string, Scenario>} */
export const scenarios = {
  fan_out: {
    title: "WebSocket fan-out, one message a tick",
    mode: "fan-out",
    figure: "cpu_us_each",
    unit: "µs of server CPU per delivery",
    full: { connections: 10_000, warm_up: 4, messages: 20 },
    quick: { connections: 4_000, warm_up: 2, messages: 6 },
    contestants: [
      carillon, floor, npm_ws, nchan,
      { ...carillon, label: "Carillon without io_uring", words: ["--io=epoll"], full_only: true },
    ],
    targets: [
      { of: "Carillon", against: "npm ws", at_most: 0.45 },
      { of: "Carillon", against: "Nchan", at_most: 0.55 },
      { of: "Carillon", against: "bare program", at_most: 1.25 },
    ],
  },

  bursts: {
    title: "WebSocket fan-out, bursts of 100",
    mode: "fan-out",
    figure: "cpu_us_each",
    unit: "µs of server CPU per delivery",
    full: { connections: 1_000, burst: 100, warm_up: 500, messages: 5_000 },
    quick: { connections: 1_000, burst: 100, warm_up: 100, messages: 300 },
    contestants: [carillon, floor, npm_ws, { ...nchan, full_only: true }],
    targets: [
      { of: "Carillon", against: "npm ws", at_most: 0.02 },
      { of: "Carillon", against: "bare program", at_most: 1.5 },
    ],
  },

  overload: {
    title: "Overload, 1,000 messages a second",
    mode: "fan-out",
    figure: "cpu_us_each",
    unit: "µs of server CPU per delivery",
    full: { connections: 1_000, rate: 1_000, warm_up: 100, messages: 10_000 },
    quick: { connections: 1_000, rate: 1_000, warm_up: 50, messages: 1_000 },
    tells_latency: true,
    contestants: [carillon, floor],
    targets: [{ of: "Carillon", against: "bare program", at_most: 1.5 }],
  },

  flood: {
    title: "A client that floods beside 100 that chat",
    mode: "fan-out",
    figure: "p99_ms",
    unit: "ms from publish to delivery, p99",
    full: { connections: 100, rate: 100, warm_up: 20, messages: 1_000 },
    quick: { connections: 100, rate: 100, warm_up: 20, messages: 300 },
    tells_latency: true,
    contestants: [
      { ...carillon, label: "quiet", words: limited },
      { ...carillon, label: "beside a flood", words: limited, load_words: ["--flood"] },
    ],
    targets: [{ of: "beside a flood", against: "quiet", at_most: 2 }],
  },

  sse: {
    title: "SSE fan-out, one message a tick",
    mode: "fan-out",
    figure: "cpu_us_each",
    unit: "µs of server CPU per delivery",
    full: { connections: 10_000, warm_up: 4, messages: 20 },
    quick: { connections: 4_000, warm_up: 2, messages: 6 },
    contestants: [
      { ...carillon, speaks: "sse", label: "Carillon SSE" },
      { ...carillon, label: "Carillon WebSocket" },
      { ...nchan, speaks: "sse", label: "Nchan SSE" },
    ],
    targets: [
      { of: "Carillon SSE", against: "Carillon WebSocket", at_most: 1.15 },
      { of: "Carillon SSE", against: "Nchan SSE", at_most: 0.6 },
    ],
  },

  long_polling: {
    title: "Long polling, each delivery with the next request",
    mode: "fan-out",
    figure: "cpu_us_each",
    unit: "µs of server CPU per delivery and request",
    full: { connections: 10_000, warm_up: 2, messages: 10 },
    quick: { connections: 2_000, warm_up: 1, messages: 6 },
    contestants: [
      { ...carillon, speaks: "longpoll", label: "Carillon long polling" },
      { ...nchan, speaks: "longpoll", label: "Nchan long polling" },
    ],
    targets: [{ of: "Carillon long polling", against: "Nchan long polling", at_most: 0.6 }],
  },

  echo: {
    title: "Echo",
    mode: "echo",
    figure: "cpu_us_each",
    unit: "µs of server CPU per round trip",
    full: { connections: 1_000, warm_up: 5_000, messages: 100_000, payload_bytes: 64 },
    quick: { connections: 1_000, warm_up: 2_000, messages: 10_000, payload_bytes: 64 },
    contestants: [
      { peer: "echo_example", speaks: "echo", label: "Carillon's echo example" },
      { ...npm_ws, speaks: "echo" },
      { ...floor, speaks: "echo" },
    ],
    targets: [{ of: "Carillon's echo example", against: "npm ws", at_most: 0.4 }],
  },

  connect_storm: {
    title: "Connect storm",
    mode: "storm",
    figure: "cpu_us_each",
    unit: "µs of server CPU per handshake",
    full: { connections: 10_000 },
    quick: { connections: 3_000 },
    contestants: [
      { ...carillon, speaks: "handshake" },
      { ...npm_ws, speaks: "handshake" },
      { ...nchan, speaks: "handshake", full_only: true },
      { ...floor, speaks: "handshake" },
    ],
    targets: [{ of: "Carillon", against: "npm ws", at_most: 0.5 }],
  },

  two_reactors: {
    title: "Two reactors against one, unpinned, one message a tick",
    mode: "fan-out",
    figure: "cpu_us_each",
    unit: "µs of server CPU per delivery",
    full: { connections: 10_000, warm_up: 4, messages: 20 },
    quick: { connections: 4_000, warm_up: 2, messages: 6 },
    unpinned: true,
    contestants: [
      { ...carillon, label: "two reactors", words: ["--reactors", "2"] },
      { ...carillon, label: "one reactor" },
    ],
    targets: [{ of: "two reactors", against: "one reactor", at_most: 1.15 }],
  },

  idle: {
    title: "Memory of idle subscribers",
    mode: "idle",
    figure: "bytes_each",
    unit: "bytes of user space per connection",
    full: { connections: 19_000, quiet_s: 60 },
    quick: { connections: 4_000, quiet_s: 1 },
    contestants: [
      { ...carillon, label: "Carillon WebSocket" },
      { ...carillon, speaks: "sse", label: "Carillon SSE" },
      floor,
      { ...npm_ws, full_only: true },
      { ...nchan, full_only: true },
    ],
    targets: [
      { of: "Carillon WebSocket", at_most: 300 },
      { of: "Carillon SSE", at_most: 300 },
    ],
  },

  http2_gets: {
    title: "Small GETs over HTTP/2",
    mode: "requests",
    figure: "cpu_us_each",
    unit: "µs of server CPU per request",
    full: { connections: 100, streams: 10, warm_up: 5_000, messages: 100_000 },
    quick: { connections: 100, streams: 10, warm_up: 2_000, messages: 20_000 },
    contestants: [
      { ...carillon, speaks: "get", tls: true },
      { ...nghttpd, tls: true },
      { ...carillon, speaks: "get", label: "Carillon without TLS", words: ["--config", h2c] },
      { ...nghttpd, label: "nghttpd without TLS" },
    ],
    // 0.7 times as many requests in a second of CPU.
    targets: [
      { of: "Carillon", against: "nghttpd", at_most: 1 / 0.7 },
      { of: "Carillon without TLS", against: "nghttpd without TLS", at_most: 1 / 0.7 },
    ],
  },

  tls_echo: {
    title: "Echo within TLS",
    mode: "echo",
    figure: "cpu_us_each",
    unit: "µs of server CPU per round trip",
    full: { connections: 1_000, warm_up: 5_000, messages: 100_000, payload_bytes: 64 },
    quick: { connections: 1_000, warm_up: 2_000, messages: 10_000, payload_bytes: 64 },
    contestants: [
      { peer: "echo_example", speaks: "echo", label: "Carillon's echo example", tls: true },
      { ...tls_ws, speaks: "echo" },
    ],
    targets: [{ of: "Carillon's echo example", against: "npm ws", at_most: 0.6 }],
  },

  tls_sse: {
    title: "SSE fan-out within TLS, ten streams on each HTTP/2 connection",
    mode: "fan-out",
    figure: "cpu_us_each",
    unit: "µs of server CPU per delivery",
    full: { connections: 10_000, warm_up: 4, messages: 20 },
    quick: { connections: 2_000, warm_up: 2, messages: 6 },
    contestants: [
      { ...carillon, speaks: "sse", label: "HTTP/2", tls: true, load_words: ["--streams", "10"] },
      { ...carillon, speaks: "sse", label: "HTTP/1.1", tls: true },
    ],
    targets: [{ of: "HTTP/2", against: "HTTP/1.1", at_most: 1 }],
  },

  tls_idle: {
    title: "Memory of idle WebSockets within TLS",
    mode: "idle",
    figure: "bytes_each",
    unit: "bytes of user space per connection",
    full: { connections: 10_000, quiet_s: 60 },
    quick: { connections: 2_000, quiet_s: 1 },
    contestants: [
      { ...carillon, tls: true },
      tls_ws,
      { ...carillon, label: "Carillon without TLS" },
    ],
    targets: [{ of: "Carillon", against: "npm ws", at_most: 1 / 3 }],
  },

  socketio: {
    title: "Socket.IO, 1,000 clients in a room, one message a tick",
    mode: "fan-out",
    figure: "cpu_us_each",
    unit: "µs of server CPU per delivery",
    full: { connections: 1_000, warm_up: 40, messages: 200 },
    quick: { connections: 1_000, warm_up: 10, messages: 50 },
    contestants: [sio, sio_channels, npm_sio, floor],
    targets: both_against_npm(0.3),
  },

  socketio_crowd: {
    title: "Socket.IO, 10,000 clients in a room, one message a tick",
    mode: "fan-out",
    figure: "cpu_us_each",
    unit: "µs of server CPU per delivery",
    full: { connections: 10_000, warm_up: 4, messages: 20 },
    quick: { connections: 4_000, warm_up: 2, messages: 6 },
    contestants: [sio, sio_channels, npm_sio, floor],
    targets: both_against_npm(0.3),
  },

  socketio_bursts: {
    title: "Socket.IO, bursts of 100",
    mode: "fan-out",
    figure: "cpu_us_each",
    unit: "µs of server CPU per delivery",
    full: { connections: 1_000, burst: 100, warm_up: 500, messages: 5_000 },
    quick: { connections: 1_000, burst: 100, warm_up: 100, messages: 300 },
    contestants: [sio, sio_channels, npm_sio, floor],
    targets: both_against_npm(0.02),
  },

  socketio_polls: {
    title: "Socket.IO over polling, bursts of 100",
    mode: "fan-out",
    figure: "texts_each",
    unit: "answers to polls that bring a burst",
    full: { connections: 100, burst: 100, warm_up: 500, messages: 5_000 },
    quick: { connections: 100, burst: 100, warm_up: 100, messages: 300 },
    contestants: [
      { ...sio, speaks: "socketio_polling" },
      { ...sio_channels, speaks: "socketio_polling" },
      { ...npm_sio, speaks: "socketio_polling" },
    ],
    targets: [
      { of: "Carillon's library", at_most: 1 },
      { of: "Carillon's channels", at_most: 1 },
    ],
  },

  socketio_idle: {
    title: "Memory of idle Socket.IO clients, over WebSockets",
    mode: "idle",
    figure: "bytes_each",
    unit: "bytes of user space per connection",
    full: { connections: 10_000, quiet_s: 60 },
    quick: { connections: 4_000, quiet_s: 1 },
    contestants: [sio, sio_channels, npm_sio],
    targets: both_against_npm(0.05),
  },
};
