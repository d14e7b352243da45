// Short polling: where a reader starts, how it continues, and what it is told when it cannot.
import assert from "node:assert/strict";
import { test } from "node:test";
import { start_server } from "../support/server.mjs";

/** @typedef {import("../support/http.mjs").HttpClient} HttpClient */
/** @typedef {import("../support/http.mjs").Reply} Reply */

/** @param {HttpClient} http @param {string} channel @param {number} count */
async function publish_numbers(http, channel, count) {
  const items = Array.from({ length: count }, (_, index) => ({ channel, data: index + 1 }));
  const reply = await http.post_json("/api/messages", items);
  assert.equal(reply.status, 200, reply.text);
  return reply.json;
}

/** @param {Reply} reply */
function numbers(reply) {
  assert.equal(reply.status, 200, reply.text);
  return reply.json.map((/** @type {any} */ message) => message.data);
}

/** @param {Reply} reply */
function position(reply) {
  return String(reply.headers["carillon-position"]);
}

/** @param {number} first @param {number} last */
function range(first, last) {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

test("without a start it is the latest `limit`, and the position is the newest", async (context) => {
  const { http } = await start_server(context);
  const { epoch } = (await publish_numbers(http, "c", 250)).at(-1);
  assert.deepEqual(numbers(await http.get("/api/messages?channel=c")), range(151, 250));
  const few = await http.get("/api/messages?channel=c&limit=3");
  assert.deepEqual(numbers(few), [248, 249, 250]);
  assert.equal(position(few), `${epoch}:250`);
});

test("`after` gives the oldest after a position, page by page everything once", async (context) => {
  const { http } = await start_server(context);
  const { epoch } = (await publish_numbers(http, "c", 25)).at(-1);
  const read = [];
  for (let after = `${epoch}:0`; ; ) {
    const page = await http.get(`/api/messages?channel=c&after=${after}&limit=7`);
    if (page.json.length === 0) {
      assert.equal(position(page), `${epoch}:25`);
      break;
    }
    read.push(...numbers(page));
    after = position(page);
  }
  assert.deepEqual(read, range(1, 25));
});

test("`since` is exclusive and exact, and gives the oldest after it", async (context) => {
  const { http } = await start_server(context);
  const receipts = await publish_numbers(http, "c", 20);
  const page = await http.get(`/api/messages?channel=c&since=${receipts[4].timestamp}&limit=3`);
  assert.deepEqual(numbers(page), [6, 7, 8]);
  assert.equal(page.headers["carillon-gap"], undefined);
  const next = await http.get(`/api/messages?channel=c&after=${position(page)}`);
  assert.deepEqual(numbers(next), range(9, 20));
  assert.deepEqual(numbers(await http.get("/api/messages?channel=c&since=0")), range(1, 20));
});

test("`since` in the future gives nothing, and its position goes on from now", async (context) => {
  const { http } = await start_server(context);
  await publish_numbers(http, "c", 2);
  const page = await http.get(`/api/messages?channel=c&since=${Date.now() + 3_600_000}`);
  assert.deepEqual(numbers(page), []);
  await http.publish("c", 3);
  assert.deepEqual(numbers(await http.get(`/api/messages?channel=c&after=${position(page)}`)), [3]);
});

test("several channels are merged by time, and one position list continues them all", async (context) => {
  const { http } = await start_server(context);
  for (const number of range(1, 30)) await http.publish(`m${number % 3}`, number);
  const query = "channel=m0&channel=m1&channel=m2&channel=silent";
  const latest = await http.get(`/api/messages?${query}&limit=5`);
  assert.deepEqual(numbers(latest), range(26, 30));

  const starts = (await http.get(`/api/messages?${query}&limit=1`)).headers["carillon-position"];
  const read = [];
  for (let after = String(starts).replace(/:\d+/g, ":0"); ; ) {
    const page = await http.get(`/api/messages?${query}&after=${after}&limit=4`);
    if (page.json.length === 0) break;
    assert.ok(page.json.length <= 4);
    read.push(...numbers(page));
    after = position(page);
    if (page.json.length === 4) await http.publish("m1", 30 + read.length);
    if (read.length > 60) break;
  }
  const written = (await http.get("/api/messages?channel=m0&channel=m1&channel=m2")).json;
  const by_number = (/** @type {number} */ left, /** @type {number} */ right) => left - right;
  assert.deepEqual(
    [...read].sort(by_number),
    written.map((/** @type {any} */ message) => message.data).sort(by_number),
  );
  assert.equal(new Set(read).size, read.length, "nothing twice");
});

test("`-` in a position list stands for no position: the latest of that channel", async (context) => {
  const { http } = await start_server(context);
  const { epoch } = (await publish_numbers(http, "a", 4)).at(-1);
  await publish_numbers(http, "b", 2);
  const page = await http.get(`/api/messages?channel=a&channel=b&after=${epoch}:3,-`);
  assert.deepEqual(numbers(page).sort(), [1, 2, 4]);
});

test("an unchanged answer is 304 without a body", async (context) => {
  const { http } = await start_server(context);
  await publish_numbers(http, "c", 2);
  const first = await http.get("/api/messages?channel=c");
  const etag = String(first.headers.etag);
  for (const field of [etag, `"other", ${etag}`, `W/${etag}`, "*"]) {
    const unchanged = await http.get("/api/messages?channel=c", { "if-none-match": field });
    assert.equal(unchanged.status, 304, field);
    assert.equal(unchanged.text, "");
    assert.equal(unchanged.headers.etag, etag);
    assert.equal(position(unchanged), position(first));
  }
  assert.equal((await http.get("/api/messages?channel=c", { "if-match": etag })).status, 200);
  await http.publish("c", 3);
  const failed = await http.get("/api/messages?channel=c", { "if-match": etag });
  assert.equal(failed.status, 412);
  assert.equal(failed.json.status, 412);
  const changed = await http.get("/api/messages?channel=c", { "if-none-match": etag });
  assert.equal(changed.status, 200);
  assert.notEqual(changed.headers.etag, etag);
});

test("HEAD tells what GET would, without the body", async (context) => {
  const { http } = await start_server(context);
  await publish_numbers(http, "c", 2);
  const got = await http.get("/api/messages?channel=c");
  const head = await http.request("HEAD", "/api/messages?channel=c");
  assert.equal(head.text, "");
  for (const name of ["etag", "carillon-position", "content-length", "content-type"]) {
    assert.equal(head.headers[name], got.headers[name], name);
  }
});

test("a position that cannot be continued from is 410, with where to go on", async (context) => {
  const { http } = await start_server(context, { config: "[history]\ncount = 5\n" });
  const { epoch } = (await publish_numbers(http, "c", 8)).at(-1);
  // Whoever is ahead of the channel goes on from its newest.
  const cases = [[`${epoch}:2`, 3], ["another1:3", 3], [`${epoch}:9`, 8], [`${epoch}:9007199254740991`, 8]];
  for (const [after, retained] of /** @type {[string, number][]} */ (cases)) {
    for (const path of ["/api/messages?", "/api/messages/subscribe?timeout=0&"]) {
      const reply = await http.get(`${path}channel=c&after=${after}`);
      assert.equal(reply.status, 410, after);
      assert.equal(reply.json.code, "gone");
      assert.equal(reply.json.position, `${epoch}:8`);
      assert.equal(reply.json.retained, `${epoch}:${retained}`, path + after);
      const rest = await http.get(`/api/messages?channel=c&after=${reply.json.retained}`);
      assert.deepEqual(numbers(rest), range(retained + 1, 8));
    }
  }
  const never = await http.get(`/api/messages?channel=never&after=another1:3`);
  assert.equal(never.status, 410);
  assert.match(never.json.position, /^[a-z0-9]+:0$/);
});

test("a 410 tells the positions of exactly the channels whose start is gone", async (context) => {
  const { http } = await start_server(context);
  const { epoch } = (await publish_numbers(http, "a", 2)).at(-1);
  await publish_numbers(http, "b", 2);
  const reply = await http.get(`/api/messages?channel=a&channel=b&after=${epoch}:1,another1:1`);
  assert.equal(reply.status, 410);
  assert.match(reply.json.position, /^-,[a-z0-9]+:2$/);
  assert.match(reply.json.retained, /^-,[a-z0-9]+:0$/);
});

test("where older publications are missing after `since`, a gap is told", async (context) => {
  const { http } = await start_server(context, { config: "[history]\ncount = 5\n" });
  const receipts = await publish_numbers(http, "c", 8);
  const gap = await http.get(`/api/messages?channel=c&since=${receipts[0].timestamp}`);
  assert.deepEqual(numbers(gap), range(4, 8));
  assert.equal(gap.headers["carillon-gap"], "true");
  const exact = await http.get(`/api/messages?channel=c&since=${receipts[3].timestamp}`);
  assert.deepEqual(numbers(exact), range(5, 8));
  assert.equal(exact.headers["carillon-gap"], undefined);
});

test("bad questions are refused", async (context) => {
  const { http } = await start_server(context);
  const { epoch } = (await publish_numbers(http, "c", 1)).at(-1);
  const queries = [
    "limit=0", "limit=-1", "limit=1001", "limit=x", "limit=", "limit=1.5", "limit=99999999999999999999",
    "since=x", "since=", "since=-1", "since=1e400", "since=1&after=-", `since=1&channel=c&channel=d`,
    "after=", "after=x", "after=k:", "after=:1", "after=k:-1", "after=K:1", "after=k:18446744073709551616",
    "after=seventeenletters0:1", "after=-,-", `channel=c&channel=d&after=${epoch}:1`,
    "channel=", "channel=c&channel=c", "channel=a%20b", "channel=%FF", "channel=%zz",
    Array.from({ length: 101 }, (_, index) => `channel=c${index}`).join("&"),
  ];
  for (const query of queries) {
    const reply = await http.get(`/api/messages?${query}`);
    assert.equal(reply.status, 400, query);
    assert.equal(reply.json.code, "bad_request", query);
  }
  const hundred = Array.from({ length: 100 }, (_, index) => `channel=c${index}`).join("&");
  const reply = await http.get(`/api/messages?${hundred}`);
  assert.equal(reply.status, 200);
  assert.equal(position(reply).split(",").length, 100);
});

test("a hundred thousand channels in one request are refused, and nobody suffers", async (context) => {
  const { http } = await start_server(
    context, { config: "[http]\nmax_target_bytes = 1_048_576\nmax_header_bytes = 1_048_576\n" }
  );
  const strict = await start_server(context);
  const names = Array.from({ length: 100_000 }, (_, index) => `channel=c${index.toString(36)}`).join("&");
  for (const { status, client } of [{ status: 414, client: http }, { status: 414, client: strict.http }]) {
    assert.equal((await client.get(`/api/messages?${names}`)).status, status);
  }
  const fewer = await http.get(`/api/messages?${names.slice(0, 1_000_000)}`);
  assert.equal(fewer.status, 400, fewer.text.slice(0, 200));
  assert.equal((await http.get("/healthz")).status, 200);
});

test("reading a channel does not create it", async (context) => {
  const { http } = await start_server(context);
  const first = await http.get("/api/messages?channel=ghost");
  assert.deepEqual(numbers(first), []);
  assert.match(position(first), /^[a-z0-9]{1,16}:0$/);
  assert.deepEqual((await http.get("/api/channels?prefix=ghost")).json.channels, []);
  await http.publish("ghost", 1);
  assert.deepEqual(numbers(await http.get(`/api/messages?channel=ghost&after=${position(first)}`)), [1]);
});
