// Server-Sent Events: the beginning, ids that resume everything, gaps, and the end.
import assert from "node:assert/strict";
import { test } from "node:test";
import { read_events } from "../support/event_reader.mjs";
import { metric } from "../support/metrics.mjs";
import { start_server } from "../support/server.mjs";
import { patience_ms, soon, until } from "../support/wait.mjs";
import { open_wire } from "../support/wire.mjs";

/** @param {import("../support/server.mjs").Server} server @param {string} channel @param {number} count */
async function publish_numbers(server, channel, count) {
  for (let first = 1; first <= count; first += 1000) {
    const length = Math.min(1000, count - first + 1);
    const items = Array.from({ length }, (_, index) => ({ channel, data: first + index }));
    assert.equal((await server.http.post_json("/api/messages", items)).status, 200);
  }
  return server.http.position(channel);
}

/** @param {import("../support/event_reader.mjs").EventReader} reader */
function numbers(reader) {
  return reader.messages.map((message) => message.data);
}

/**
 * Reads the raw stream until `enough`, and leaves.
 * @param {Response} response
 * @param {(text: string) => boolean} enough
 */
async function read_text_until(response, enough) {
  assert.ok(response.body);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  const read = async () => {
    while (!enough(text)) {
      const { value, done } = await reader.read();
      assert.ok(!done, `the stream ended after ${JSON.stringify(text.slice(-2000))}`);
      text += value;
    }
  };
  try {
    const what = () => `more after ${JSON.stringify(text.slice(-2000))}`;
    await soon(read(), { what, within_ms: 3 * patience_ms }); // it may be megabytes
  } finally {
    await reader.cancel();
  }
  return text;
}

/** @param {number} first @param {number} last */
function range(first, last) {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

/** @param {import("../support/event_reader.mjs").EventReader} reader @param {number} count */
async function names_of_first(reader, count) {
  await until(() => reader.events.length >= count, { what: `${count} events` });
  return reader.events.slice(0, count).map((event) => event.name);
}

test("a stream begins with where it stands, and then tells what is published", async (context) => {
  const server = await start_server(context);
  await publish_numbers(server, "c", 2);
  const reader = read_events(context, `${server.url}/api/events?channel=c`);
  const [start] = await reader.up_to("position", 1);
  const position = await server.http.position("c");
  assert.deepEqual(
    start, { name: "position", id: position, data: { position, recovered: true, contiguous: true } }
  );
  const receipt = await server.http.publish("c", 3);
  const [message] = await reader.up_to("message", 1);
  assert.equal(message.id, `${receipt.epoch}:3`);
  assert.deepEqual(message.data, { type: "message", ...receipt });
  assert.deepEqual(reader.events.map((event) => event.name), ["position", "message"]);
});

test("the response is one that no proxy and no cache holds back", async (context) => {
  const server = await start_server(context);
  const response = await fetch(`${server.url}/api/events?channel=c`);
  assert.equal(response.status, 200);
  assert.match(String(response.headers.get("content-type")), /^text\/event-stream/);
  assert.equal(response.headers.get("cache-control"), "no-store, no-transform");
  assert.equal(response.headers.get("x-accel-buffering"), "no");
  assert.equal(response.headers.get("connection"), "close");
  const text = await read_text_until(response, (text) => text.split("\n\n").length > 2);
  assert.match(text, /^retry: 2000\n\nid: [a-z0-9]+:0\nevent: position\ndata: \{.*\}\n\n$/);
});

test("HEAD tells the head of a stream and ends", async (context) => {
  const server = await start_server(context);
  const reply = await server.http.request("HEAD", "/api/events?channel=c");
  assert.equal(reply.status, 200);
  assert.match(String(reply.headers["content-type"]), /^text\/event-stream/);
  assert.equal((await server.http.request("HEAD", "/api/events?channel=b%20d")).status, 400);
});

test("what was missed comes after the position it begins at", async (context) => {
  const server = await start_server(context);
  const position = await publish_numbers(server, "c", 5);
  const after = position.replace(":5", ":2");
  const reader = read_events(context, `${server.url}/api/events?channel=c&after=${after}`);
  await reader.up_to("message", 3);
  assert.deepEqual(numbers(reader), [3, 4, 5]);
  assert.deepEqual(reader.events.map((event) => event.name), ["position", "message", "message", "message"]);
  assert.equal(reader.events[0].id, after);
  assert.equal(reader.events[3].id, position);
});

test("Last-Event-ID wins over `after`", async (context) => {
  const server = await start_server(context);
  const position = await publish_numbers(server, "c", 5);
  const url = `${server.url}/api/events?channel=c&after=${position.replace(":5", ":0")}`;
  const reader = read_events(context, url, { "last-event-id": position.replace(":5", ":4") });
  await reader.up_to("message", 1);
  await server.http.publish("c", 6);
  await reader.up_to("message", 2);
  assert.deepEqual(numbers(reader), [5, 6]);
});

test("one id resumes several channels", async (context) => {
  const server = await start_server(context);
  const url = `${server.url}/api/events?channel=a&channel=b&channel=c`;
  const first = read_events(context, url);
  await first.up_to("position", 1);
  for (const number of range(1, 9)) await server.http.publish(number % 2 ? "a" : "b", number);
  await first.up_to("message", 9);
  first.close();
  for (const [index, event] of first.named("message").entries()) {
    const reader = read_events(context, url, { "last-event-id": event.id });
    await reader.up_to("position", 1);
    await reader.up_to("message", 8 - index);
    const both = [...numbers(first).slice(0, index + 1), ...numbers(reader)];
    assert.deepEqual(both.sort(), range(1, 9), `resumed at ${event.id}`);
    assert.equal(reader.named("gap").length, 0);
    reader.close();
  }
});

test("an id that nobody can read is a gap and no error", async (context) => {
  const server = await start_server(context);
  await publish_numbers(server, "c", 2);
  for (const id of ["nonsense", "1,2,3", "k:1,k:2", "-1"]) {
    const reader = read_events(context, `${server.url}/api/events?channel=c`, { "last-event-id": id });
    assert.deepEqual(await names_of_first(reader, 4), ["gap", "position", "message", "message"], id);
    reader.close();
  }
});

test("a position that cannot be continued from is a gap, then what is retained", async (context) => {
  const server = await start_server(context, { config: "[history]\ncount = 3\n" });
  const position = await publish_numbers(server, "c", 6);
  const oldest = position.replace(":6", ":3");
  for (const after of [position.replace(":6", ":1"), "another1:2"]) {
    const reader = read_events(context, `${server.url}/api/events?channel=c&after=${after}`);
    assert.deepEqual(await names_of_first(reader, 5), ["gap", "position", "message", "message", "message"], after);
    assert.deepEqual(reader.events[0].data, { type: "gap", channel: "c", position: oldest });
    assert.deepEqual(reader.events[1].data, { position: oldest, recovered: false, contiguous: true });
    assert.deepEqual(numbers(reader), [4, 5, 6]);
    reader.close();
  }
  const future = read_events(context, `${server.url}/api/events?channel=c&after=${position.replace(":6", ":99")}`);
  assert.deepEqual(await names_of_first(future, 2), ["gap", "position"]);
  assert.equal(future.events[0].data.position, position);
  await server.http.publish("c", 7);
  await future.up_to("message", 1);
  assert.deepEqual(numbers(future), [7]);
});

test("of several channels only the broken one has a gap", async (context) => {
  const server = await start_server(context);
  const a = await publish_numbers(server, "a", 2);
  await publish_numbers(server, "b", 2);
  const after = `${a.replace(":2", ":1")},another1:1`;
  const reader = read_events(context, `${server.url}/api/events?channel=a&channel=b&after=${after}`);
  await reader.up_to("message", 3);
  assert.deepEqual(reader.named("gap").map((event) => event.data.channel), ["b"]);
  assert.deepEqual(numbers(reader).sort(), [1, 2, 2]);
});

test("ephemeral messages have a name and no id", async (context) => {
  const server = await start_server(context);
  const reader = read_events(context, `${server.url}/api/events?channel=c`);
  const [{ id }] = await reader.up_to("position", 1);
  await server.http.post_json("/api/commands", { type: "ephemeral", channel: "c", data: { typing: true } });
  const [event] = await reader.up_to("ephemeral", 1);
  assert.deepEqual(event.data, { type: "ephemeral", channel: "c", data: { typing: true } });
  assert.equal(event.id, id, "the position stays");
});

test("data with line ends in it arrives whole", async (context) => {
  const server = await start_server(context);
  const reader = read_events(context, `${server.url}/api/events?channel=c`);
  await reader.up_to("position", 1);
  const body = '{"channel":"c","data":{\r\n"text":\n"a\\nb\\r\\nc",\r"n":1}}';
  await server.http.request("POST", "/api/messages", { body });
  await server.http.request(
    "POST", "/api/messages?channel=c", { body: "x\r\ny\nz", headers: { "content-type": "text/plain" } }
  );
  await reader.up_to("message", 2);
  assert.deepEqual(numbers(reader), [{ text: "a\nb\r\nc", n: 1 }, "x\r\ny\nz"]);
});

test("many thousand missed messages arrive in order, with live ones after them", async (context) => {
  const count = 7_000;
  const config = `[history]\ncount = ${count * 2}\nbytes = 100_000_000\n`;
  const server = await start_server(context, { config });
  const position = await publish_numbers(server, "c", count);
  const reader = read_events(context, `${server.url}/api/events?channel=c&after=${position.replace(/:.*/, ":0")}`);
  await reader.up_to("message", 1);
  for (let number = count + 1; number <= count + 20; number++) await server.http.publish("c", number);
  await reader.up_to("message", count + 20);
  assert.deepEqual(numbers(reader), range(1, count + 20));
  assert.equal(reader.named("gap").length, 0);
});

test("several channels with many missed messages each lose nothing", async (context) => {
  const server = await start_server(context, { config: "[history]\ncount = 5000\nbytes = 100_000_000\n" });
  const epochs = [];
  for (const channel of ["a", "b"]) epochs.push(await publish_numbers(server, channel, 2_500));
  const after = epochs.map((position) => position.replace(/:.*/, ":0")).join(",");
  const reader = read_events(context, `${server.url}/api/events?channel=a&channel=b&after=${after}`);
  await reader.up_to("message", 5_000);
  for (const channel of ["a", "b"]) {
    const own = reader.messages.filter((message) => message.channel === channel);
    assert.deepEqual(own.map((message) => message.data), range(1, 2_500));
  }
});

test("comments keep a silent stream awake", async (context) => {
  const server = await start_server(context, { config: "[sse]\nheartbeat_s = 1\nretry_ms = 77\n" });
  const response = await fetch(`${server.url}/api/events?channel=c`);
  const text = await read_text_until(response, (text) => text.split("\n:\n").length > 2);
  assert.match(text, /^retry: 77\n/);
});

test("the end of a reader ends its subscriptions", async (context) => {
  const server = await start_server(context);
  const reader = read_events(context, `${server.url}/api/events?channel=a&channel=b`);
  await reader.up_to("position", 1);
  assert.equal(await metric(server.http, "carillon_subscriptions"), 2);
  assert.equal(await metric(server.http, "carillon_endpoints", { transport: "sse" }), 1);
  reader.close();
  await until(
    async () =>
      (await metric(server.http, "carillon_subscriptions")) === 0 &&
      (await metric(server.http, "carillon_endpoints", { transport: "sse" })) === 0,
    { what: "the subscriptions to end" },
  );
});

/**
 * Opens a stream and does not read it until `metric_of` counts something; then reads until `last`.
 * @param {import("../support/server.mjs").Server} server
 * @param {string} channel
 * @param {(http: import("../support/http.mjs").HttpClient) => Promise<number>} count
 */
async function read_late(server, channel, count) {
  const response = await fetch(`${server.url}/api/events?channel=${channel}`);
  const data = "x".repeat(30_000);
  await until(
    async () => {
      const items = Array.from({ length: 20 }, () => ({ channel, data }));
      assert.equal((await server.http.post_json("/api/messages", items)).status, 200);
      return (await count(server.http)) > 0;
    },
    { what: "the outbox to be full" },
  );
  const last = await server.http.publish(channel, "last");
  const ends = (/** @type {string} */ text) =>
    /"data":"last"\}\n\n|^event: closing\ndata: .*\n\n$/m.test(text.slice(-2000));
  return { last, text: await read_text_until(response, ends) };
}

test("`drop_oldest` tells a reader that does not read a gap, and where it stands", async (context) => {
  const server = await start_server(context, { config: '[namespace.stock]\noutbox = "drop_oldest"\n' });
  const drops = (/** @type {any} */ http) => metric(http, "carillon_drops_total", { reason: "oldest" });
  const { last, text } = await read_late(server, "stock:a", drops);
  assert.match(text, /\nevent: gap\ndata: (\{.*"position":"([a-z0-9]+:\d+)"\})\n\nid: \2\nevent: position\n/);
  let next = 1;
  const each = /"type":(?:"gap".*?"position":"[a-z0-9]+:(\d+)"|"message".*?"offset":(\d+))/g;
  for (const [, gap, offset] of text.matchAll(each)) {
    if (gap !== undefined) next = Number(gap) + 1;
    else assert.equal(Number(offset), next++, "contiguous but for the gaps");
  }
  assert.equal(next, last.offset + 1);
});

test("a channel that conflates says so beforehand", async (context) => {
  const server = await start_server(context, { config: '[namespace.stock]\noutbox = "conflate"\n' });
  const reader = read_events(context, `${server.url}/api/events?channel=a&channel=stock:a`);
  const [{ data }] = await reader.up_to("position", 1);
  assert.deepEqual([data.recovered, data.contiguous], [true, false]);
});

test("a reader that does not read is sent away, and its last id resumes it", async (context) => {
  const server = await start_server(context, { config: "[history]\ncount = 10000\nbytes = 200_000_000\n" });
  const slow = (/** @type {any} */ http) => metric(http, "carillon_limits_hit_total", { limit: "outbox" });
  const { last, text } = await read_late(server, "c", slow);
  assert.match(
    text, /event: closing\ndata: \{"type":"closing","code":"slow","reconnect":true,"wait_ms":\d+\}\n\n$/
  );
  const ids = [...text.matchAll(/^id: (.*)$/gm)].map(([, id]) => id);
  const url = `${server.url}/api/events?channel=c`;
  const reader = read_events(context, url, { "last-event-id": String(ids.at(-1)) });
  const read = ids.length - 1;
  await reader.up_to("message", last.offset - read);
  assert.deepEqual(reader.messages.map((message) => message.offset), range(read + 1, last.offset));
});

test("a server that stops says when to come back", async (context) => {
  const server = await start_server(context);
  const reader = read_events(context, `${server.url}/api/events?channel=c`);
  await reader.up_to("position", 1);
  server.kill("SIGTERM");
  const [{ data }] = await reader.up_to("closing", 1);
  assert.deepEqual({ ...data, wait_ms: 0 }, { type: "closing", code: "shutdown", reconnect: true, wait_ms: 0 });
  assert.ok(data.wait_ms >= 0 && data.wait_ms <= 5_000);
  await until(() => reader.error, { what: "the end of the stream" });
  assert.equal((await soon(server.exited, { what: "the server to stop" })).code, 0);
});

test("bad questions are refused before a stream begins", async (context) => {
  const { http } = await start_server(context);
  const queries = ["channel=b%20d", "channel=c&channel=c", "channel=c&after=x", "channel=c&after=k:1,k:2", "after="];
  for (const query of queries) {
    const reply = await http.get(`/api/events?${query}`);
    assert.equal(reply.status, 400, query);
    assert.equal(reply.json.code, "bad_request", query);
  }
});

test("what was missed in many channels waits until it is read, and all of it arrives in order", async (context) => {
  const outbox_bytes = 65_536;
  const server = await start_server(context, { config: `[sse]\nmax_outbox_bytes = ${outbox_bytes}\n` });
  const names = range(1, 20).map((number) => `c${number}`);
  const filling = "x".repeat(2_000);
  const count = 200;
  for (const channel of names) {
    const items = range(1, count).map((number) => ({ channel, data: { number, filling } }));
    assert.equal((await server.http.post_json("/api/messages", items)).status, 200);
  }
  const epoch = (await server.http.position(names[0])).split(":")[0];
  const query = names.map((name) => `channel=${name}`).join("&");
  const after = names.map(() => `${epoch}:0`).join();
  const wire = await open_wire(context, server.url);
  wire.pause();
  wire.write(`GET /api/events?${query}&after=${after} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`);
  await until(async () => (await metric(server.http, "carillon_outbox_bytes")) > 0, { what: "the reader to be behind" });
  assert.ok((await metric(server.http, "carillon_outbox_bytes")) <= outbox_bytes);
  await server.http.publish(names.at(-1) ?? "", { number: count + 1 });
  assert.ok((await metric(server.http, "carillon_outbox_bytes")) <= outbox_bytes);

  wire.resume();
  const events = () => wire.rest.toString().split("\n\n").filter((event) => event.includes('"type":"message"'));
  await until(() => events().length > names.length * count, { what: "all messages" });
  /** @type {Map<string, number>} */
  const seen = new Map();
  for (const event of events()) {
    const { channel, data } = JSON.parse(event.slice(event.indexOf("{")));
    assert.equal(data.number, (seen.get(channel) ?? 0) + 1, `${channel}, in order and once`);
    seen.set(channel, data.number);
  }
  assert.doesNotMatch(wire.rest.toString(), /event: (gap|closing)/);
});

test("who has missed more than is sent at once is subscribed once, and hears what comes then once", async (context) => {
  const server = await start_server(context, { config: "[history]\ncount = 5000\nbytes = 10_000_000\n" });
  for (const { channel, count, filling } of [
    { channel: "large", count: 400, filling: "x".repeat(1_000) },
    { channel: "many", count: 2_000, filling: "" },
  ]) {
    for (let first = 1; first <= count; first += 400) {
      const items = range(first, first + 399).map((number) => ({ channel, data: { number, filling } }));
      assert.equal((await server.http.post_json("/api/messages", items)).status, 200);
    }
    const epoch = (await server.http.position(channel)).split(":")[0];
    const reader = read_events(context, `${server.url}/api/events?channel=${channel}&after=${epoch}:0`);
    await reader.up_to("message", count);
    await server.http.publish(channel, { number: count + 1 });
    await reader.up_to("message", count + 1);
    assert.deepEqual(numbers(reader).map(({ number }) => number), range(1, count + 1));
    assert.equal(await metric(server.http, "carillon_subscriptions"), 1);
    reader.close();
    await until(async () => (await metric(server.http, "carillon_subscriptions")) === 0, { what: "the reader to go" });
    // Whatever were left of it would hear this.
    await server.http.publish(channel, "last");
  }
});
