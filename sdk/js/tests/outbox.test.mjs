import assert from "node:assert/strict";
import { test } from "node:test";
import { CarillonError } from "../src/errors.ts";
import { Outbox } from "../src/outbox.ts";

/** A way up that the test answers. */
class Way {
  /** @type {{ command: any, resolve: (reply: any) => void, reject: (error: CarillonError) => void }[]} */
  sent = [];
  /** @param {boolean} isSerial */
  constructor(isSerial = false) {
    this.isSerial = isSerial;
  }
  /** @param {readonly any[]} commands @returns {Promise<any>[]} */
  send(commands) {
    return commands.map((command) => new Promise((resolve, reject) => this.sent.push({ command, resolve, reject })));
  }
  get numbers() {
    return this.sent.map(({ command }) => command.data);
  }
  cut() {
    for (const { reject } of this.sent) reject(new CarillonError("lost", "cut"));
  }
}

/** @param {{ repeatMs?: number, queueCount?: number }} [options] */
function make_outbox({ repeatMs = 60_000, queueCount = 10 } = {}) {
  const host = { way: /** @type {Way | undefined} */ (undefined), publisher: /** @type {string | undefined} */ ("c_1"), mends: false };
  const outbox = new Outbox({ queueCount, repeatMs, backoffFirstMs: 0, backoffLongestMs: 0 }, {
    commands: () => host.way,
    publisher: () => host.publisher,
    mendToken: () => host.mends,
  });
  /** @param {number} data */
  const publish = (data) => {
    const publishing = outbox.publish({ type: "message", channel: "c", data, dedupe: `key ${data}` });
    publishing.catch(() => {});
    return publishing;
  };
  /** @param {Way} way */
  const connect = (way) => {
    host.way = way;
    outbox.pump();
    return way;
  };
  return { host, outbox, publish, connect };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));
/** @param {number} offset */
const ok = (offset) => ({ type: "ok", channel: "c", epoch: "a", offset, timestamp: 1 });

test("what waits is sent in order, and repeated in order over the next connection", async () => {
  const { host, publish, connect, outbox } = make_outbox();
  const publishing = [1, 2, 3].map(publish);
  const first = connect(new Way());
  assert.deepEqual(first.numbers, [1, 2, 3]);
  first.sent[0].resolve(ok(1));
  await settled();
  host.way = undefined;
  first.cut();
  await settled();
  publishing.push(publish(4));
  const second = connect(new Way());
  assert.deepEqual(second.numbers, [2, 3, 4]);
  assert.equal(second.sent[0].command.dedupe, "key 2", "by the same key");
  second.sent.forEach(({ resolve }, index) => resolve(ok(index + 2)));
  assert.deepEqual((await Promise.all(publishing)).map(({ position }) => position), ["a:1", "a:2", "a:3", "a:4"]);
  assert.deepEqual([outbox.count, outbox.publishedCount, outbox.repeatedCount], [0, 4, 2]);
});

test("a publication that may have arrived is not repeated as somebody else, or too late", async () => {
  for (const change of ["publisher", "time"]) {
    const { host, publish, connect } = make_outbox({ repeatMs: change === "time" ? 0 : 60_000 });
    const sent = publish(1);
    const first = connect(new Way());
    host.way = undefined;
    first.cut();
    await settled();
    if (change === "publisher") host.publisher = "c_2";
    const fresh = publish(2);
    const second = connect(new Way());
    assert.deepEqual(second.numbers, [2]);
    await assert.rejects(sent, { code: "outcome_unknown" });
    second.sent[0].resolve(ok(1));
    await fresh;
  }
});

test("a refusal decides that one; what passes is tried again", async () => {
  const { publish, connect } = make_outbox();
  const publishing = [1, 2, 3].map(publish);
  const way = connect(new Way());
  way.sent[0].reject(new CarillonError("forbidden", "no"));
  way.sent[1].reject(new CarillonError("rate_limited", "later", { waitMs: 1 }));
  way.sent[2].resolve(ok(1));
  await assert.rejects(publishing[0], { code: "forbidden" });
  await publishing[2];
  while (way.sent.length < 4) await settled();
  assert.equal(way.sent[3].command.data, 2);
  way.sent[3].resolve(ok(2));
  assert.equal((await publishing[1]).offset, 2);
});

test("posted ones go one request after the other, and wait for what is under way elsewhere", async () => {
  const { publish, connect } = make_outbox();
  void publish(1);
  const posted = connect(new Way(true));
  void publish(2);
  void publish(3);
  assert.deepEqual(posted.numbers, [1]);
  const socket = connect(new Way());
  assert.deepEqual(socket.numbers, [], "it could be overtaken");
  posted.sent[0].resolve(ok(1));
  await settled();
  assert.deepEqual(socket.numbers, [2, 3]);
});

test("the queue has an end, and the end of the client is everybody's", async () => {
  const { publish, outbox } = make_outbox({ queueCount: 2 });
  const waiting = [publish(1), publish(2)];
  await assert.rejects(publish(3), { code: "queue_full" });
  outbox.fail(new CarillonError("closed", "closed"));
  for (const each of waiting) await assert.rejects(each, { code: "closed" });
  assert.equal(outbox.count, 0);
});

test("a refused token is mended where it can be, else it is the publication's refusal", async () => {
  for (const mends of [true, false]) {
    const { host, publish, connect } = make_outbox();
    host.mends = mends;
    const publishing = publish(1);
    const way = connect(new Way());
    way.sent[0].reject(new CarillonError("unauthenticated", "no"));
    if (mends) {
      while (way.sent.length < 2) await settled();
      way.sent[1].resolve(ok(1));
      await publishing;
    } else {
      await assert.rejects(publishing, { code: "unauthenticated" });
    }
  }
});
