// Files between two members, over channels that are cut where it hurts.
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { test } from "node:test";
import { FileExchange } from "../src/call/file_exchange.ts";
import { chunkBytes, highWaterBytes, mostFileBytes, mostIncoming, readFileWord } from "../src/call/file_wire.ts";
import { Sha256 } from "../src/call/sha256.ts";

/** One end of a data channel: ordered, with a buffer that sinks when `flow` is called. */
class Channel extends EventTarget {
  readyState = "open";
  binaryType = "arraybuffer";
  bufferedAmountLowThreshold = 0;
  bufferedAmount = 0;
  mostBuffered = 0;
  /** @type {Channel} */
  other = this;
  /** @type {(string | Uint8Array)[]} */
  queue = [];

  static pair() {
    const [one, other] = [new Channel(), new Channel()];
    one.other = other;
    other.other = one;
    return { one, other };
  }

  /** @param {string | Uint8Array} data */
  send(data) {
    assert.equal(this.readyState, "open");
    assert.ok(data.length <= chunkBytes);
    this.queue.push(typeof data === "string" ? data : data.slice());
    this.bufferedAmount += data.length;
    this.mostBuffered = Math.max(this.mostBuffered, this.bufferedAmount);
  }

  /** Brings one message over. */
  flow() {
    const data = this.queue.shift();
    if (data === undefined || this.readyState !== "open") return false;
    const before = this.bufferedAmount;
    this.bufferedAmount -= data.length;
    const what = typeof data === "string" ? data : data.buffer;
    this.other.dispatchEvent(new MessageEvent("message", { data: what }));
    const limit = this.bufferedAmountLowThreshold;
    if (before > limit && this.bufferedAmount <= limit) this.dispatchEvent(new Event("bufferedamountlow"));
    return true;
  }

  /** What was sent before still arrives. */
  close() {
    while (this.flow());
    this.break();
  }

  break() {
    for (const end of [this, this.other]) {
      if (end.readyState === "closed") continue;
      end.readyState = "closed";
      queueMicrotask(() => end.dispatchEvent(new Event("close")));
    }
  }
}

/** Two members; `cut` ends all channels, `mend` makes them connected again. */
function make_members() {
  /** @type {Channel[]} */
  const open = [];
  /** @type {any[]} */
  const offered = [];
  let is_connected = true;
  const bob = new FileExchange(() => undefined, (file) => offered.push(file));
  const ann = new FileExchange(() => {
    if (!is_connected) return undefined;
    const { one, other } = Channel.pair();
    open.push(one, other);
    bob.onChannel(/** @type {any} */ (other));
    return /** @type {any} */ (one);
  }, () => assert.fail("nobody sends to ann"));
  return {
    ann, bob, offered, open,
    /** Until nothing moves any more, or `is_enough`. */
    async run(is_enough = () => false) {
      for (let idle = 0; idle < 20 && !is_enough();) {
        idle++;
        for (const channel of [...open]) {
          if (channel.flow()) idle = 0;
          if (is_enough()) return;
        }
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
    cut() {
      is_connected = false;
      for (const channel of open.splice(0)) channel.break();
      ann.onEnd();
      bob.onEnd();
    },
    mend() {
      is_connected = true;
      ann.onOpen();
    },
  };
}

/** @param {Buffer} octets */
function file_of(octets) {
  return Object.assign(new Blob([new Uint8Array(octets)], { type: "text/plain" }), { name: "a.txt" });
}

test("SHA-256 is that of the standard, however the octets come", () => {
  for (const size of [0, 1, 3, 55, 56, 57, 63, 64, 65, 119, 120, 1000, 70_000]) {
    const octets = randomBytes(size);
    const expected = createHash("sha256").update(octets).digest("hex");
    for (const step of [1, 7, 64, 65, 100_000]) {
      const hash = new Sha256();
      for (let at = 0; at < size; at += step) hash.update(octets.subarray(at, at + step));
      assert.equal(hash.digest(), expected, `${size} by ${step}`);
    }
  }
});

test("a file arrives whole, whatever its size, and the sender's buffer stays bounded", async () => {
  for (const size of [0, 1, chunkBytes, chunkBytes + 1, 3_000_000]) {
    const members = make_members();
    const octets = randomBytes(size);
    const sending = members.ann.send(file_of(octets));
    await members.run(() => members.offered.length > 0);
    const [file] = members.offered;
    assert.deepEqual([file.name, file.size, file.mediaType, file.state, sending.state], ["a.txt", size, "text/plain", "offered", "offered"]);
    const whole = file.accept();
    await members.run();
    assert.deepEqual(Buffer.from(await (await whole).arrayBuffer()), octets);
    await sending.done;
    assert.deepEqual([sending.state, sending.sentBytes, file.receivedBytes], ["done", size, size]);
    assert.ok(members.open[0].mostBuffered <= highWaterBytes + 2 * chunkBytes);
  }
});

test("cut anywhere, it goes on from what the receiver has", async () => {
  const octets = randomBytes(400_000);
  for (const share of [0, 0.1, 0.5, 0.99, 1]) {
    const members = make_members();
    const sending = members.ann.send(file_of(octets));
    await members.run(() => members.offered.length > 0);
    const [file] = members.offered;
    const whole = file.accept();
    await members.run(() => file.receivedBytes >= share * octets.length);
    const had = file.receivedBytes;
    members.cut();
    await new Promise((resolve) => setImmediate(resolve));
    if (!file.isOver) assert.deepEqual([sending.state, file.state], ["waiting", "waiting"]);
    members.mend();
    let again = 0;
    for (const end of members.open) {
      const send = end.send.bind(end);
      end.send = (data) => {
        if (typeof data !== "string") again += data.length;
        send(data);
      };
    }
    await members.run();
    assert.deepEqual(Buffer.from(await (await whole).arrayBuffer()), octets, `${share}`);
    assert.equal(again, octets.length - had);
    await sending.done;
  }
});

test("where the last word is lost, the sender hears it after the cut", async () => {
  const members = make_members();
  const sending = members.ann.send(file_of(randomBytes(10)));
  await members.run(() => members.offered.length > 0);
  const [file] = members.offered;
  file.accept();
  await members.run(() => file.state === "done");
  members.cut();
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(sending.state, "waiting");
  members.mend();
  await members.run();
  assert.equal(sending.state, "done");
  assert.equal(members.offered.length, 1);
});

test("it is refused, broken off, and left behind", async () => {
  const members = make_members();
  const [refused, cancelled, taken_back, left] = [1, 2, 3, 4].map(() => members.ann.send(file_of(randomBytes(2_000_000))));
  await members.run(() => members.offered.length === 4);
  members.offered[0].refuse();
  for (const file of members.offered.slice(1)) file.accept();
  await members.run(() => members.offered[3].receivedBytes > 0);
  members.offered[1].refuse();
  taken_back?.cancel();
  await members.run(() => members.offered[2].isOver && Boolean(cancelled?.isOver));
  members.ann.stop();
  members.bob.stop();
  assert.deepEqual([refused, cancelled, taken_back, left].map((file) => file?.error?.code), ["refused", "cancelled", "cancelled", "cancelled"]);
  assert.deepEqual(members.offered.map(({ error }) => error.code), ["refused", "cancelled", "cancelled", "cancelled"]);
  await assert.rejects(members.offered[3].accept(), { code: "cancelled" });
});

test("what is not what was offered is not taken", async () => {
  for (const spoil of [
    (/** @type {any} */ data) => (typeof data === "string" ? data : data.map((/** @type {number} */ octet) => octet ^ 1)),
    (/** @type {any} */ data) => (typeof data === "string" ? data : data.subarray(1)),
  ]) {
    const members = make_members();
    const sending = members.ann.send(file_of(randomBytes(1000)));
    const [sender] = members.open;
    const send = sender.send.bind(sender);
    sender.send = (data) => send(spoil(data));
    await members.run(() => members.offered.length > 0);
    const whole = members.offered[0].accept();
    await Promise.all([assert.rejects(whole, { code: "mismatch" }), members.run()]);
    assert.equal(sending.error?.code, "mismatch");
  }
});

test("octets before they are accepted, and too many offers, are refused", async () => {
  const members = make_members();
  const eager = members.ann.send(file_of(randomBytes(10)));
  await members.run(() => members.offered.length > 0);
  members.open[0].send(new Uint8Array(5));
  await members.run();
  assert.equal(eager.error?.code, "mismatch");

  const many = Array.from({ length: mostIncoming + 1 }, () => members.ann.send(file_of(randomBytes(1))));
  await members.run();
  assert.deepEqual(many.map(({ state }) => state), [...Array(mostIncoming).fill("offered"), "failed"]);
  assert.throws(() => members.ann.send(/** @type {any} */ ({ size: mostFileBytes + 1 })), { code: "too_large" });
});

test("words are read strictly, and names are no paths", () => {
  const offer = { type: "offer", id: "1", name: "../../etc/x", size: 3, mediaType: "a/b" };
  assert.deepEqual(readFileWord(JSON.stringify(offer)), { ...offer, name: "x" });
  for (const wrong of [{ size: -1 }, { size: 1.5 }, { size: "3" }, { size: mostFileBytes + 1 }, { id: 7 }, { id: "x".repeat(65) }, { name: undefined }]) {
    assert.equal(readFileWord(JSON.stringify({ ...offer, ...wrong })), undefined, JSON.stringify(wrong));
  }
  for (const wrong of ["", "null", "[]", "{", '{"type":"x"}', '{"type":"accept","offset":-1}', '{"type":"end"}']) {
    assert.equal(readFileWord(wrong), undefined, wrong);
  }
});
