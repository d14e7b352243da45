// What is read from statistics, rosters and signals, and what is made of it.
import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { diagnose } from "../src/call/diagnosis.ts";
import { EarlySignals } from "../src/call/early_signals.ts";
import { isBefore, meshOf } from "../src/call/mesh.ts";
import { qualityOf, readPath, StatsReader } from "../src/call/path.ts";
import { Recovery } from "../src/call/recovery.ts";
import { RtcConfig } from "../src/call/rtc_config.ts";
import { readSignal } from "../src/call/signal.ts";
import { SignalQueue } from "../src/call/signal_queue.ts";
import { CarillonError } from "../src/errors.ts";

/** @param {object} local @param {object} remote @param {object} [pair] */
function report_of(local, remote, pair = {}) {
  return [
    { id: "T", type: "transport", selectedCandidatePairId: "P" },
    { id: "Q", type: "candidate-pair", localCandidateId: "R", remoteCandidateId: "R" },
    { id: "P", type: "candidate-pair", localCandidateId: "L", remoteCandidateId: "R", ...pair },
    { id: "L", type: "local-candidate", ...local },
    { id: "R", type: "remote-candidate", ...remote },
  ];
}

test("a path is direct or relayed, and says what carries it", () => {
  const host = { candidateType: "host", protocol: "udp" };
  const relay = { candidateType: "relay", protocol: "udp", relayProtocol: "tcp" };
  assert.deepEqual(readPath(report_of(host, { ...host, candidateType: "prflx" })), { kind: "direct", protocol: "udp" });
  assert.deepEqual(readPath(report_of(relay, host)), { kind: "relay", protocol: "tcp" });
  assert.deepEqual(readPath(report_of(host, relay)), { kind: "relay", protocol: "udp" });
  assert.equal(readPath([]), undefined);
  const firefox = report_of(host, host, { selected: true }).slice(1);
  assert.deepEqual(readPath(firefox), { kind: "direct", protocol: "udp" });
});

test("two looks make rates, and counters that begin anew make none below nothing", () => {
  const reader = new StatsReader();
  const at = (/** @type {number} */ received, /** @type {number} */ lost, /** @type {number} */ now) => reader.read([
    ...report_of({ candidateType: "host" }, {}, { bytesReceived: received * 100, bytesSent: 0, currentRoundTripTime: 0.03 }),
    { type: "inbound-rtp", kind: "video", packetsReceived: received, packetsLost: lost, framesDecoded: received, frameWidth: 640, frameHeight: 360, framesPerSecond: 24 },
    { type: "inbound-rtp", kind: "audio", packetsReceived: 0, packetsLost: 0, jitter: 0.004 },
  ], now);
  assert.deepEqual([at(100, 0, 1000).receivedBitsPerS, at(190, 10, 2000).lossShare], [0, 0.1]);
  const third = at(290, 10, 3000);
  assert.deepEqual([third.receivedBitsPerS, third.lossShare, third.roundTripMs, third.jitterMs], [80_000, 0, 30, 4]);
  assert.deepEqual([third.width, third.height, third.framesPerS, third.framesDecoded], [640, 360, 24, 290]);
  const anew = at(10, 0, 4000);
  assert.deepEqual([anew.receivedBitsPerS, anew.lossShare], [0, 0]);
});

test("quality is what one feels of it", () => {
  assert.equal(qualityOf({ lossShare: 0, roundTripMs: 40 }), "good");
  assert.equal(qualityOf({ lossShare: 0.03, roundTripMs: 40 }), "fair");
  assert.equal(qualityOf({ lossShare: 0, roundTripMs: 300 }), "fair");
  assert.equal(qualityOf({ lossShare: 0.2, roundTripMs: 40 }), "poor");
  assert.equal(qualityOf({ lossShare: 0, roundTripMs: undefined }), "good");
});

test("why there is no path is told, and what to try", () => {
  const seen = (/** @type {boolean} */ hasRelay, /** @type {string[]} */ candidates, /** @type {number[]} */ errors = []) =>
    diagnose({ hasRelay, candidates: new Set(candidates), errors: new Set(errors) });
  assert.match(seen(false, []).message, /no address of its own/);
  assert.match(seen(false, ["host"]).hint, /\[turn\] listen/);
  assert.match(seen(true, ["host", "srflx"], [701]).message, /relay does not answer/);
  assert.match(seen(true, ["host"], [401]).message, /refuses us/);
  assert.match(seen(true, ["host", "relay"]).message, /not even over the relay/);
  assert.equal(seen(true, ["host"]).code, "no_path");
});

test("the mesh is of those that came first, for every member the same", () => {
  const roster = [["d", 4], ["b", 2], ["c", 2], ["a", 9]].map(([client, since]) => /** @type {any} */ ({ client, since }));
  assert.deepEqual([...meshOf(roster, 3).keys()], ["b", "c", "d"]);
  assert.deepEqual([...meshOf(roster.reverse(), 3).keys()], ["b", "c", "d"]);
  assert.equal(meshOf(roster, 8).size, 4);
  for (const one of roster) for (const other of roster) {
    if (one !== other) assert.notEqual(isBefore(one, other), isBefore(other, one), "one of two begins");
  }
});

test("signals are read strictly", () => {
  const head = { channel: "call:x", connection: "k" };
  const offer = { ...head, type: "offer", sdp: "v=0", streams: { s: "screen", t: "nonsense" } };
  assert.deepEqual(readSignal(offer), { ...offer, streams: { s: "screen" } });
  assert.deepEqual(readSignal({ ...head, to: "m", type: "answer", sdp: "v=0" }), { ...head, to: "m", type: "answer", sdp: "v=0", streams: {} });
  assert.deepEqual(readSignal({ ...head, type: "candidate", candidate: null }), { ...head, type: "candidate", candidate: null });
  assert.deepEqual(readSignal({ ...head, type: "bye" }), { ...head, type: "bye" });
  assert.deepEqual(readSignal({ type: "offer", sdp: "v=0" }), { connection: "", type: "offer", sdp: "v=0", streams: {} }, "what any client says");
  for (const wrong of [null, 7, "offer", [], {}, { type: "bye", connection: 7 }, { ...head }, { ...head, type: "x" }, { ...head, type: "offer" }, { ...head, type: "candidate" }, { ...head, type: "candidate", candidate: 3 }]) {
    assert.equal(readSignal(wrong), undefined, JSON.stringify(wrong));
  }
});

test("signals that come before their sender is known wait, in order and not without bound", () => {
  const early = new EarlySignals();
  const signal = (/** @type {string} */ connection) => /** @type {const} */ ({ type: "bye", channel: "c", connection });
  for (let count = 0; count < 150; count++) for (const client of ["a", "b"]) early.keep(client, signal(`${count}`));
  assert.deepEqual(early.take("a").map(({ connection }) => Number(connection)), Array.from({ length: 100 }, (_, index) => index + 50));
  assert.equal(early.take("a").length, 0);
  early.forget("b");
  assert.equal(early.take("b").length, 0);
});

test("signals go one after the other, again where the server waits, and not at all where they are too large", async () => {
  /** @type {string[]} */
  const sent = [];
  /** @type {string[]} */
  const failed = [];
  let refusals = 1;
  const queue = new SignalQueue({
    send: async (signal) => {
      await new Promise((resolve) => setImmediate(resolve));
      if (refusals-- > 0) throw new CarillonError("rate_limited", "slower", { waitMs: 1 });
      if (signal.connection === "forbidden") throw new CarillonError("forbidden", "not a member");
      sent.push(signal.connection);
    },
    onFailed: ({ code }) => failed.push(code),
  });
  const push = (/** @type {string} */ connection, sdp = "") => queue.push({ type: "offer", channel: "c", connection, sdp, streams: {} });
  for (const name of ["1", "2", "3"]) push(name);
  push("large", "x".repeat(40_000));
  while (sent.length < 3) await new Promise((resolve) => setTimeout(resolve, 1));
  assert.deepEqual([sent, failed], [["1", "2", "3"], ["too_large"]]);
  push("forbidden");
  push("behind it");
  while (failed.length < 2) await new Promise((resolve) => setTimeout(resolve, 1));
  assert.deepEqual([sent.length, failed], [3, ["too_large", "forbidden"]]);
  for (let count = 0; count < 202; count++) push("many");
  assert.equal(failed.at(-1), "queue_full");
  queue.stop();
});

test("a broken path is mended by ICE first, by another connection in the end, and by the impolite side first", (context) => {
  mock.timers.enable({ apis: ["setTimeout"] });
  context.after(() => mock.timers.reset());
  for (const isPolite of [false, true]) {
    /** @type {string[]} */
    const done = [];
    let late = 0;
    const recovery = new Recovery({
      isPolite, restartIce: () => done.push("restart"), rebuild: () => done.push("rebuild"), onLate: () => late++,
    });
    const more = isPolite ? 1_500 : 0;
    mock.timers.tick(12_000 + more);
    assert.deepEqual([done.splice(0), late], [["restart"], 1], "it has never connected");
    recovery.onState("connected");
    mock.timers.tick(60_000);
    assert.deepEqual(done, []);
    recovery.onState("disconnected");
    mock.timers.tick(1_999 + more);
    assert.deepEqual(done, []);
    recovery.onState("connected");
    mock.timers.tick(60_000);
    assert.deepEqual(done, [], "it has come back by itself");
    recovery.onState("disconnected");
    mock.timers.tick(2_000 + more);
    assert.deepEqual([done, late], [["restart"], 1]);
    recovery.onState("failed");
    mock.timers.tick(5_000 + more);
    mock.timers.tick(10_000 + more);
    assert.deepEqual([done, late], [["restart", "restart", "rebuild"], 3]);
    recovery.onState("connected");
    recovery.onEnd();
    mock.timers.tick(more);
    assert.equal(done.at(-1), "rebuild");
    recovery.stop();
    recovery.networkChanged();
    assert.equal(done.at(-1), "restart");
    recovery.stop();
  }
});

test("the configuration is renewed before its credentials end, and one that is not there is no fault", async (context) => {
  mock.timers.enable({ apis: ["setTimeout"] });
  context.after(() => mock.timers.reset());
  let count = 0;
  /** @type {any[]} */
  const renewed = [];
  const config = new RtcConfig({
    ask: async () => ({ iceServers: [{ urls: [`turn:${++count}`] }, "nonsense"], iceTransportPolicy: "relay", ttl_s: 100 }),
    onRenewed: (each) => renewed.push(each),
    onError: (error) => assert.fail(error),
  });
  await config.start();
  assert.deepEqual(config.current, { iceServers: [{ urls: ["turn:1"] }], iceTransportPolicy: "relay" });
  mock.timers.tick(74_999);
  assert.equal(count, 1);
  mock.timers.tick(1);
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(renewed, [{ iceServers: [{ urls: ["turn:2"] }], iceTransportPolicy: "relay" }]);
  config.stop();

  /** @type {string[]} */
  const errors = [];
  for (const code of /** @type {const} */ (["not_found", "not_supported", "forbidden"])) {
    const without = new RtcConfig({
      ask: async () => { throw new CarillonError(code, code); }, onRenewed: () => {}, onError: (error) => errors.push(error.code),
    });
    await without.start();
    assert.deepEqual(without.current, {});
  }
  assert.deepEqual(errors, ["forbidden"]);
});
