// Long polling: answered at once, parked, timed out, and continued by a cookie or a position.
import assert from "node:assert/strict";
import { test } from "node:test";
import { metric } from "../support/metrics.mjs";
import { start_server } from "../support/server.mjs";
import { soon, until } from "../support/wait.mjs";

/** @typedef {import("../support/http.mjs").HttpClient} HttpClient */
/** @typedef {import("../support/http.mjs").Reply} Reply */

const path = "/api/messages/subscribe";

/** @param {Reply} reply */
function data(reply) {
  assert.equal(reply.status, 200, reply.text);
  return reply.json.map((/** @type {any} */ message) => message.data);
}

/** @param {Reply} reply */
function position(reply) {
  return String(reply.headers["carillon-position"]);
}

/** The cookie of an answer, as a browser would send it back. @param {Reply} reply */
function cookie(reply) {
  return String(reply.headers["set-cookie"]).split(";")[0];
}

/**
 * Waits until so many polls are parked with all their subscriptions.
 * @param {HttpClient} http
 * @param {number} count
 */
async function parked(http, count) {
  await until(
    async () =>
      (await metric(http, "carillon_endpoints", { transport: "longpoll" })) === count &&
      (await metric(http, "carillon_subscriptions")) >= count,
    { what: `${count} parked polls` },
  );
}

test("what is there already is answered at once", async (context) => {
  const { http } = await start_server(context);
  const { epoch } = await http.publish("c", 1);
  await http.publish("c", 2);
  const reply = await soon(http.get(`${path}?channel=c&after=${epoch}:1&timeout=60`), { what: "the answer" });
  assert.deepEqual(data(reply), [2]);
  assert.equal(position(reply), `${epoch}:2`);
  assert.equal(reply.headers["cache-control"], "no-store, no-transform");
  assert.equal(reply.headers["x-accel-buffering"], "no");
  assert.equal(reply.headers["carillon-gap"], undefined);
});

test("a parked poll is answered by what is published then, from now on without a start", async (context) => {
  const { http } = await start_server(context);
  await http.publish("c", "before");
  const poll = http.get(`${path}?channel=c&timeout=60`);
  await parked(http, 1);
  const receipt = await http.publish("c", "now");
  const reply = await soon(poll, { what: "the answer" });
  assert.deepEqual(reply.json, [{ type: "message", ...receipt }]);
  assert.equal(position(reply), `${receipt.epoch}:2`);
  await until(async () => (await metric(http, "carillon_endpoints", { transport: "longpoll" })) === 0, {
    what: "the poll to be gone",
  });
});

test("a time-out is an empty array with a position that misses nothing", async (context) => {
  const { http } = await start_server(context);
  for (const channel of ["never", "used"]) {
    if (channel === "used") await http.publish(channel, "before");
    for (const timeout of [0, 1]) {
      const reply = await http.get(`${path}?channel=${channel}&timeout=${timeout}`);
      assert.deepEqual(data(reply), []);
      assert.match(position(reply), /^[a-z0-9]+:\d+$/, `the position of ${channel} after ${timeout} s`);
      const { offset } = await http.publish(channel, timeout);
      const next = await http.get(`${path}?channel=${channel}&after=${position(reply)}`);
      assert.deepEqual(next.json.map((/** @type {any} */ each) => each.offset), [offset]);
    }
  }
});

test("a client as plain as a loop with a cookie jar misses nothing", async (context) => {
  const { http } = await start_server(context);
  const first = await http.get(`${path}?channel=c&timeout=0`);
  assert.deepEqual(data(first), []);
  const attributes = String(first.headers["set-cookie"]).split("; ").slice(1);
  assert.deepEqual(attributes.sort(), ["HttpOnly", "Max-Age=120", "Path=/api/messages/subscribe", "SameSite=Lax"]);
  let jar = cookie(first);
  const read = [];
  for (let number = 1; number <= 20; number++) {
    await http.publish("c", number);
    if (number % 3 !== 0) continue;
    const reply = await http.get(`${path}?channel=c`, { cookie: `theme=dark; ${jar}` });
    read.push(...data(reply));
    jar = cookie(reply);
  }
  read.push(...data(await http.get(`${path}?channel=c`, { cookie: jar })));
  assert.deepEqual(read, Array.from({ length: 20 }, (_, index) => index + 1));
});

test("cookies are one per channel list, and several channels fit into one", async (context) => {
  const { http } = await start_server(context);
  const both = await http.get(`${path}?channel=a&channel=b&timeout=0`);
  const one = await http.get(`${path}?channel=a&timeout=0`);
  const turned = await http.get(`${path}?channel=b&channel=a&timeout=0`);
  const names = [both, one, turned].map((reply) => cookie(reply).split("=")[0]);
  assert.equal(new Set(names).size, 3);
  assert.doesNotMatch(cookie(both), /[,; ]/);
  await http.publish("b", 1);
  await http.publish("a", 2);
  assert.deepEqual(data(await http.get(`${path}?channel=a&channel=b`, { cookie: cookie(both) })).sort(), [1, 2]);
});

test("`after` wins over the cookie", async (context) => {
  const { http } = await start_server(context);
  const { epoch } = await http.publish("c", 1);
  const now = await http.get(`${path}?channel=c&timeout=0`);
  const reply = await http.get(`${path}?channel=c&after=${epoch}:0`, { cookie: cookie(now) });
  assert.deepEqual(data(reply), [1]);
});

test("a cookie that cannot be continued from becomes from now, and a gap is told", async (context) => {
  const { http } = await start_server(context, { config: "[history]\ncount = 3\n" });
  const start = await http.get(`${path}?channel=c&timeout=0`);
  const [name] = cookie(start).split("=");
  let epoch = "";
  for (let number = 1; number <= 6; number++) ({ epoch } = await http.publish("c", number));
  for (const value of [cookie(start).split("=")[1], "another1:3", `${epoch}:99`]) {
    const reply = await soon(
      http.get(`${path}?channel=c&timeout=1`, { cookie: `${name}=${value}` }), { what: "the answer" }
    );
    assert.deepEqual(data(reply), [], value);
    assert.equal(reply.headers["carillon-gap"], "true", value);
    assert.equal(position(reply), `${epoch}:6`, value);
  }
  const odd = await http.get(`${path}?channel=c&timeout=0`, { cookie: `${name}=nonsense` });
  assert.equal(odd.status, 200, "a cookie is no reason to fail");
});

test("a position that cannot be continued from is 410", async (context) => {
  const { http } = await start_server(context, { config: "[history]\ncount = 3\n" });
  let epoch = "";
  for (let number = 1; number <= 6; number++) ({ epoch } = await http.publish("c", number));
  for (const after of [`${epoch}:1`, "another1:3", `${epoch}:99`]) {
    const reply = await soon(http.get(`${path}?channel=c&after=${after}`), { what: "the answer" });
    assert.equal(reply.status, 410, after);
    assert.equal(reply.json.code, "gone");
    assert.equal(reply.json.position, `${epoch}:6`);
    const expected = after.endsWith(":99") ? [] : [4, 5, 6];
    assert.deepEqual(data(await http.get(`${path}?channel=c&after=${reply.json.retained}&timeout=0`)), expected);
  }
  const two = await http.get(`${path}?channel=other&channel=c&after=-,another1:3`);
  assert.equal(two.json.position, `-,${epoch}:6`);
});

test("several channels are waited for at once, and the position list moves on", async (context) => {
  const { http } = await start_server(context);
  await http.publish("a", "old");
  const start = await http.get(`${path}?channel=a&channel=b&channel=c&timeout=0`);
  const poll = http.get(`${path}?channel=a&channel=b&channel=c&after=${position(start)}`);
  await parked(http, 1);
  await http.publish("b", "new");
  const reply = await soon(poll, { what: "the answer" });
  assert.deepEqual(data(reply), ["new"]);
  const [a, b, c] = position(reply).split(",");
  assert.match(a, /:1$/);
  assert.match(b, /:1$/);
  assert.match(c, /:0$/);
  await http.publish("a", 1);
  await http.publish("c", 2);
  const next = await http.get(`${path}?channel=a&channel=b&channel=c&after=${position(reply)}`);
  assert.deepEqual(data(next), [1, 2]);
});

test("many missed publications come in pages without a loss", async (context) => {
  const { http } = await start_server(context, { config: "[history]\ncount = 5000\n" });
  const items = Array.from({ length: 1000 }, (_, index) => ({ channel: "c", data: index }));
  for (let batch = 0; batch < 3; batch++) await http.post_json("/api/messages", items);
  const read = [];
  let after = position(await http.get(`/api/messages?channel=c&limit=1`)).replace(/:.*/, ":0");
  while (read.length < 3000) {
    const reply = await http.get(`${path}?channel=c&after=${after}`);
    assert.ok(reply.json.length > 0);
    read.push(...reply.json.map((/** @type {any} */ each) => each.offset));
    after = position(reply);
  }
  assert.deepEqual(read, Array.from({ length: 3000 }, (_, index) => index + 1));
});

test("who hangs up while parked leaves nothing behind", async (context) => {
  const { http } = await start_server(context);
  const hang_up = new AbortController();
  const polls = Array.from({ length: 20 }, (_, index) =>
    http.request("GET", `${path}?channel=c${index % 5}&timeout=60`, { signal: hang_up.signal }),
  );
  await parked(http, 20);
  hang_up.abort();
  for (const end of await Promise.allSettled(polls)) assert.equal(end.status, "rejected");
  await until(
    async () =>
      (await metric(http, "carillon_endpoints", { transport: "longpoll" })) === 0 &&
      (await metric(http, "carillon_subscriptions")) === 0,
    { what: "the subscriptions to end" },
  );
});

test("one publication answers all who are parked on its channel", async (context) => {
  const { http } = await start_server(context);
  const polls = Array.from({ length: 200 }, () => http.get(`${path}?channel=crowd&timeout=60`));
  await parked(http, 200);
  const receipt = await http.publish("crowd", "all of you");
  for (const reply of await soon(Promise.all(polls), { what: "all answers" })) {
    assert.deepEqual(reply.json, [{ type: "message", ...receipt }]);
  }
});

test("ephemeral messages are not given to polls", async (context) => {
  const { http } = await start_server(context);
  const poll = http.get(`${path}?channel=c&timeout=60`);
  await parked(http, 1);
  await http.post_json("/api/commands", { type: "ephemeral", channel: "c", data: "typing" });
  await http.publish("c", "kept");
  assert.deepEqual(data(await soon(poll, { what: "the answer" })), ["kept"]);
});

test("a parked poll is answered with its position when the server stops", async (context) => {
  const server = await start_server(context);
  const { epoch } = await server.http.publish("c", 1);
  const poll = server.http.get(`${path}?channel=c&after=${epoch}:1&timeout=60`);
  await parked(server.http, 1);
  server.kill("SIGTERM");
  const reply = await soon(poll, { what: "the answer" });
  assert.deepEqual(data(reply), []);
  assert.equal(position(reply), `${epoch}:1`);
  assert.equal(reply.headers.connection, "close");
  assert.equal((await soon(server.exited, { what: "the server to stop" })).code, 0);
});

test("longer waits than the longest count as the longest, and bad ones are refused", async (context) => {
  const { http } = await start_server(context, { config: "[longpoll]\ndefault_s = 1\nmax_s = 1\n" });
  for (const query of ["", "&timeout=1", "&timeout=86401", "&timeout=1000000"]) {
    const reply = await soon(http.get(`${path}?channel=c${query}`), { what: "the time-out" });
    assert.deepEqual(data(reply), [], query);
  }
  for (const timeout of ["-1", "x", "", "0.5"]) {
    const reply = await http.get(`${path}?channel=c&timeout=${timeout}`);
    assert.equal(reply.status, 400, timeout);
    assert.equal(reply.json.code, "bad_request");
  }
});
