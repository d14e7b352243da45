// What outlives the server: an orderly restart and a kill, with each durability.
import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { judge } from "../support/checker.mjs";
import { open_client, transports } from "../support/clients/index.mjs";
import { read_events } from "../support/event_reader.mjs";
import { Random, run_seed } from "../support/random.mjs";
import { kill, Restarts } from "../support/restarts.mjs";
import { fill_disk, inside_of, on_small_disk } from "../support/small_disk.mjs";
import { until } from "../support/wait.mjs";

const channel = "numbers";
const reactors = Number(process.env.CARILLON_TEST_REACTORS ?? 1);

/** @param {import("../support/server.mjs").Server} server @param {number[]} numbers */
async function publish_all(server, numbers) {
  const published = [];
  for (const number of numbers) published.push(await server.http.publish(channel, { number }));
  return published;
}

for (const durability of ["snapshot", "log"]) {
  test(`readers resume without a gap after an orderly restart (${durability})`, async (context) => {
    const restarts = new Restarts(context);
    const history = `durability = "${durability}"`;
    let server = await restarts.start(history);
    const start = await server.http.position(channel);
    const first = await publish_all(server, [1, 2, 3]);
    const middle = `${first[1].epoch}:${first[1].offset}`;
    await server.stop();

    // Another number of reactors gives channels other homes.
    server = await restarts.start(history, { reactors: reactors + 1 });
    assert.equal(await server.http.position(channel), `${first[2].epoch}:${first[2].offset}`);
    const second = await publish_all(server, [4, 5]);
    assert.equal(second[0].epoch, first[0].epoch);
    for (const transport of transports) {
      const reader = open_client(transport, { url: server.url, channel, after: start });
      context.after(() => reader.cut());
      await until(() => reader.messages.length >= 5, { what: `all messages over ${transport}` });
      assert.deepEqual(reader.gaps, []);
      const verdict = judge([...first, ...second], reader.messages);
      assert.ok(verdict.ok, `${transport}: ${verdict.text}`);
      reader.cut();
    }
    const events = read_events(context, `${server.url}/api/events?channel=${channel}`, { "last-event-id": middle });
    await until(() => events.events.length >= 4, { what: "the events after Last-Event-ID" });
    assert.equal(events.events[0].data.recovered, true);
    assert.deepEqual(events.events.slice(1, 4).map((event) => event.data.data.number), [3, 4, 5]);
    events.close();
    await server.stop();
  });
}

test("a repetition is known after a restart", async (context) => {
  const restarts = new Restarts(context);
  for (const [durability, end] of /** @type {const} */ ([["snapshot", "stop"], ["log", "kill"]])) {
    let server = await restarts.start(`durability = "${durability}"`);
    const message = { channel: durability, data: 1, dedupe: "once" };
    const first = await server.http.post_json("/api/messages", message);
    if (end === "stop") await server.stop();
    else await kill(server);
    server = await restarts.start(`durability = "${durability}"`);
    const again = await server.http.post_json("/api/messages", message);
    assert.deepEqual(again.json, { ...first.json, duplicate: true });
    const other = await server.http.post_json("/api/messages", { ...message, data: 2 });
    assert.equal(other.status, 422);
    await server.stop();
  }
});

for (const durability of ["none", "snapshot"]) {
  test(`a kill is told as a gap (${durability})`, async (context) => {
    const restarts = new Restarts(context);
    const history = `durability = "${durability}"`;
    let server = await restarts.start(history);
    await publish_all(server, [1]);
    await server.stop();
    server = await restarts.start(history);
    const [seen] = await publish_all(server, [2]);
    await kill(server);
    server = await restarts.start(history);
    const after = `${seen.epoch}:${seen.offset}`;
    const reply = await server.http.get(`/api/messages?channel=${channel}&after=${after}`);
    assert.equal(reply.status, 410);
    for (const transport of /** @type {const} */ (["sse", "websocket"])) {
      const reader = open_client(transport, { url: server.url, channel, after });
      context.after(() => reader.cut());
      await until(() => reader.gaps.length > 0, { what: `the gap over ${transport}` });
      reader.cut();
    }
    await server.stop();
  });
}

test("every acknowledged publication outlives kill -9, once, with fsync = always", { timeout: 200_000 }, async (context) => {
  const seed = run_seed();
  context.diagnostic(`CARILLON_TEST_SEED=${seed}`);
  const random = new Random(seed);
  const restarts = new Restarts(context);
  const history = 'durability = "log"\nfsync = "always"\nlog_bytes = 65_536';
  /** @type {{ number: number, offset: number, epoch: string }[]} */
  const acknowledged = [];
  let number = 0;
  for (let round = 0; round < 6; round++) {
    const server = await restarts.start(history, { reactors: 1 + ((reactors + round) % 3) });
    const limit = acknowledged.length + random.between(20, 150);
    // Several at a time, so that the kill finds some on their way.
    const publishers = Array.from({ length: 4 }, async () => {
      for (;;) {
        const mine = ++number;
        const reply = await server.http.post_json("/api/messages", {
          channel,
          data: { number: mine, padding: "x".repeat(random.between(0, 500)) },
        }).catch(() => undefined);
        if (reply?.status === 503) continue;
        if (reply?.status !== 200) return;
        acknowledged.push({ number: mine, offset: reply.json.offset, epoch: reply.json.epoch });
        if (acknowledged.length >= limit) server.kill("SIGKILL");
      }
    });
    await Promise.all(publishers);
    await kill(server);
  }
  const server = await restarts.start(history);
  assert.equal(new Set(acknowledged.map(({ epoch }) => epoch)).size, 1, "the epoch stays");
  const kept = new Map();
  let after = `${acknowledged[0].epoch}:0`;
  for (;;) {
    const reply = await server.http.get(`/api/messages?channel=${channel}&limit=1000&after=${after}`);
    assert.equal(reply.status, 200, reply.text);
    if (reply.json.length === 0) break;
    for (const message of reply.json) {
      assert.ok(!kept.has(message.data.number), `${message.data.number} is there twice`);
      kept.set(message.data.number, message.offset);
    }
    after = String(reply.headers["carillon-position"]);
  }
  for (const { number: mine, offset } of acknowledged) assert.equal(kept.get(mine), offset, `message ${mine}`);
  context.diagnostic(`${acknowledged.length} acknowledged, ${kept.size} kept`);
  await server.stop();
});

test("a torn log is cut and told, a damaged one renews the epoch", async (context) => {
  const restarts = new Restarts(context);
  let server = await restarts.start('durability = "log"');
  const [first] = await publish_all(server, [1]);
  await kill(server);
  const log = join(restarts.history, readdirSync(restarts.history).filter((name) => name.endsWith(".log")).at(-1) ?? "");
  const whole = readFileSync(log);
  writeFileSync(log, Buffer.concat([whole, Buffer.from([1, 2, 3])]));
  server = await restarts.start('durability = "log"');
  await server.logged(new RegExp(`${log} at byte ${whole.length}: it ends within a record; it is cut there`));
  assert.equal(await server.http.position(channel), `${first.epoch}:1`);
  await kill(server);

  assert.equal(readFileSync(log).length, whole.length, "the tail is gone");
  const damaged = Buffer.from(whole);
  damaged[whole.length - 10] ^= 1;
  writeFileSync(log, damaged);
  server = await restarts.start('durability = "log"');
  await server.logged(/a record's content is damaged/);
  await server.logged(/every channel begins a new epoch/);
  assert.ok(existsSync(`${log}.corrupt`));
  const reply = await server.http.get(`/api/messages?channel=${channel}&after=${first.epoch}:1`);
  assert.equal(reply.status, 410);
  await server.stop();
});

test("a damaged snapshot is put aside and told", async (context) => {
  const restarts = new Restarts(context);
  let server = await restarts.start('durability = "snapshot"');
  const [first] = await publish_all(server, [1]);
  await server.stop();
  const snapshot = join(restarts.history, "000000000001.snapshot");
  writeFileSync(snapshot, readFileSync(snapshot).subarray(0, -5));
  server = await restarts.start('durability = "snapshot"');
  await server.logged(/the damaged file is kept as .*000000000001\.snapshot\.corrupt/);
  const reader = open_client("websocket", { url: server.url, channel, after: `${first.epoch}:1` });
  context.after(() => reader.cut());
  await until(() => reader.gaps.length > 0, { what: "the gap" });
  reader.cut();
  await server.stop();
});

test("a data directory that cannot be used refuses the start and says what to do", async (context) => {
  const restarts = new Restarts(context);
  const server = await restarts.start('durability = "log"');
  const locked = await restarts.refused('durability = "log"');
  assert.match(locked.log, new RegExp(`process ${server.pid} uses it`));
  await server.stop();

  const other = new Restarts(context);
  writeFileSync(other.data_dir, "a file is in the way");
  const missing = await other.refused('durability = "snapshot"');
  assert.match(missing.log, /the data directory .* cannot be used: .*--data-dir.*durability = "none"/);
  if (process.getuid?.() === 0) return; // the modes of files are nothing to root
  chmodSync(restarts.history, 0o500);
  const read_only = await restarts.refused('durability = "log"');
  chmodSync(restarts.history, 0o700);
  assert.match(read_only.log, /cannot be used/);
});

test("sessions outlive a restart, even where a secret was cut short before", async (context) => {
  const restarts = new Restarts(context);
  const secret = join(restarts.data_dir, "secret");
  mkdirSync(restarts.data_dir);
  for (const start of ["", "cut sh"]) {
    writeFileSync(secret, start);
    let server = await restarts.start('durability = "snapshot"');
    const { session, client } = (await server.http.post_json("/api/commands", { type: "connect", id: 1 })).json;
    await server.stop();

    server = await restarts.start('durability = "snapshot"');
    const reply = await server.http.post_json(`/api/messages?session=${session}`, { channel, data: 1 });
    assert.equal(reply.status, 200, reply.text);
    const messages = await server.http.get(`/api/messages?channel=${channel}`);
    assert.deepEqual(messages.json.at(-1).from, { client });
    await server.stop();
    assert.equal(statSync(secret).mode & 0o777, 0o600);
    assert.deepEqual(readdirSync(restarts.data_dir).sort(), ["history", "secret"], "nothing is left beside");
  }
});

test("a file system that is read-only refuses the start", async (context) => {
  const restarts = new Restarts(context);
  const server = await restarts.start('durability = "log"');
  await server.stop();
  const refused = await restarts.refused('durability = "log"', {
    under: ["unshare", "-rm", "sh", "-c", `mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"`, restarts.data_dir],
  });
  assert.match(refused.log, /cannot be used: Read-only file system/);
});

test("a start that gets no threads loses nothing", async (context) => {
  const restarts = new Restarts(context);
  let server = await restarts.start('durability = "snapshot"');
  const [first] = await publish_all(server, [1]);
  await server.stop();
  // More for the stack of a thread than a machine has; not so much that ThreadSanitizer has no place for itself.
  const refused = await restarts.refused('durability = "snapshot"', {
    under: ["sh", "-c", 'ulimit -s 300000000 && exec "$@"', "sh"],
  });
  assert.equal(refused.code, 1);
  assert.match(refused.log, /cannot serve: Resource temporarily unavailable/);
  server = await restarts.start('durability = "snapshot"');
  assert.equal(await server.http.position(channel), `${first.epoch}:1`);
  await server.stop();
});

test("a full disk refuses publications, says so, and is over when there is room again", async (context) => {
  const restarts = new Restarts(context);
  // A disk of the server's own. What fills it is in there, too, and goes when its name does outside.
  const server = await restarts.start('durability = "log"', {
    under: on_small_disk(restarts.data_dir, 256),
  });
  const inside = inside_of(server, restarts.data_dir);
  const [first] = await publish_all(server, [1]);
  assert.equal((await server.http.get("/readyz")).status, 200);
  const disk = fill_disk(inside);
  const refusal = await until(
    async () => {
      const reply = await server.http.post_json("/api/messages", { channel, data: { padding: "x".repeat(2000) } });
      return reply.status === 200 ? undefined : reply;
    },
    { what: "a refusal" },
  );
  assert.equal(refusal.status, 503);
  assert.equal(refusal.json.code, "unavailable");
  await server.logged(/the log cannot be written: No space left on device/);
  // Smaller ones may find room in what is left of a page.
  const ready = await until(
    async () => {
      await server.http.post_json("/api/messages", { channel, data: { padding: "x".repeat(500) } });
      const reply = await server.http.get("/readyz");
      return reply.status === 200 ? undefined : reply;
    },
    { what: "not to be ready" },
  );
  assert.equal(ready.status, 503);
  assert.match(ready.text, /No space left on device/);
  const metrics = await server.http.get("/metrics");
  assert.match(metrics.text, /^carillon_log_writable 0$/m);
  assert.match(metrics.text, /^carillon_log_failed_publications_total\{reactor="\d"\} [1-9]/m);
  assert.equal((await server.http.get(`/api/messages?channel=${channel}`)).status, 200, "reading goes on");

  disk.empty();
  const reply = await server.http.post_json("/api/messages", { channel, data: 1 });
  assert.equal(reply.status, 200, reply.text);
  assert.equal(reply.json.epoch, first.epoch);
  await server.logged(/the log can be written again/);
  assert.equal((await server.http.get("/readyz")).status, 200);
  await server.stop();
});
