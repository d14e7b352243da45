// Carillon itself, as built here.
import { build, serve } from "../run/process.mjs";
import { listen_variables } from "../run/certificate.mjs";
import { execFileSync } from "node:child_process";

const json = { publish: '{"type":"message","channel":"{channel}","data":"{payload}"}', publish_path: "/ws" };
const events = {
  subscribe: '420["subscribe","{channel}"]',
  ready: '"type":"ok"',
  publish_path: "/socket.io/?EIO=4&transport=websocket",
  publish: '42["publish","{channel}","{payload}"]',
};
const binary = `${build}/carillon`;

/** @type {import("../run/peers.mjs").Peer} */
export default {
  name: "Carillon",
  version: () => execFileSync(binary, ["version"], { encoding: "utf8" }).trim(),

  dialects: {
    websocket: {
      ...json,
      path: "/ws",
      subscribe: '{"type":"subscribe","channel":"{channel}"}',
      ready: '"type":"ok"',
    },
    get: { path: "/healthz" },
    handshake: { path: "/ws", ready: '"type":"welcome"' },
    sse: {
      ...json,
      path: "/api/events?channel={channel}",
      field: "Accept: text/event-stream",
      ready: "event: position",
    },
    socketio: { ...events, path: "/socket.io/?EIO=4&transport=websocket" },
    socketio_polling: { ...events, path: "/socket.io/?EIO=4&transport=polling" },
    longpoll: {
      ...json,
      first_path: "/api/messages/subscribe?channel={channel}&timeout=0",
      path: "/api/messages/subscribe?channel={channel}&timeout=60&after={Carillon-Position}",
    },
  },

  metrics: { path: "/metrics", counters: ["carillon_sends_total", "carillon_deliveries_total"] },

  start: (place) =>
    serve(place, "env", [
      ...listen_variables(place.tls), binary, "serve", ...place.words, ...(place.words.includes("--reactors") ? [] : ["--reactors", "1"]),
    ]),

  cannot({ words }) {
    if (!words.some((word) => word.startsWith("--io"))) return undefined;
    const help = execFileSync(binary, ["serve", "--help"], { encoding: "utf8" });
    return help.includes("--io") ? undefined : "this build has no --io";
  },
};
