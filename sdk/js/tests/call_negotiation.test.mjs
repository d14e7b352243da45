import assert from "node:assert/strict";
import { test } from "node:test";
import { Negotiation } from "../src/call/negotiation.ts";

/** The signalling states of WebRTC 1.0, §4.3.3, and nothing else of a connection. */
class Connection {
  signalingState = "stable";
  /** @type {{ type: string, sdp: string } | null} */
  localDescription = null;
  /** @type {string[]} */
  taken = [];
  #count = 0;
  #name;

  /** @param {string} name */
  constructor(name) {
    this.#name = name;
  }

  async setLocalDescription() {
    const type = this.signalingState === "have-remote-offer" ? "answer" : "offer";
    this.localDescription = { type, sdp: `${this.#name}${++this.#count}` };
    this.signalingState = type === "answer" ? "stable" : "have-local-offer";
  }

  /** @param {{ type: string, sdp: string }} description */
  async setRemoteDescription({ type, sdp }) {
    if (type === "answer" && this.signalingState !== "have-local-offer") throw new Error(`an answer in ${this.signalingState}`);
    if (type === "offer" && this.signalingState === "have-local-offer") this.taken.push("rollback");
    this.taken.push(`${type} ${sdp}`);
    this.signalingState = type === "answer" ? "stable" : "have-remote-offer";
  }

  /** @param {{ candidate?: string }} [candidate] */
  async addIceCandidate(candidate) {
    const text = candidate?.candidate ?? "end";
    // As browsers do: one of a description that was never taken is refused.
    if (text.startsWith("unknown")) throw new Error("no such description");
    this.taken.push(text);
  }
}

/** @param {string} name @param {boolean} isPolite @param {boolean} [mayBegin] */
function make_side(name, isPolite, mayBegin = true) {
  const connection = new Connection(name);
  /** @type {any[]} */
  const sent = [];
  const negotiation = new Negotiation(/** @type {any} */ (connection), { isPolite, mayBegin, send: (each) => sent.push(each) });
  return { connection, negotiation, sent };
}

/** What one has sent and the other has not heard goes over. @param {any} from @param {any} to */
async function pass(from, to) {
  for (const each of from.sent.splice(0)) await to.negotiation.receive(each);
}

test("an offer is answered", async () => {
  const [ann, bob] = [make_side("a", true), make_side("b", false)];
  await bob.negotiation.offer();
  await pass(bob, ann);
  await pass(ann, bob);
  assert.deepEqual([ann.connection.taken, bob.connection.taken], [["offer b1"], ["answer a1"]]);
  assert.deepEqual([ann.connection.signalingState, bob.connection.signalingState], ["stable", "stable"]);
});

test("where two offers meet, the polite side takes its own back and the other ignores it", async () => {
  const [ann, bob] = [make_side("a", true), make_side("b", false)];
  await Promise.all([ann.negotiation.offer(), bob.negotiation.offer()]);
  const [from_ann, from_bob] = [ann.sent.splice(0), bob.sent.splice(0)];
  await bob.negotiation.receive(from_ann[0]);
  // Candidates of the ignored offer belong to nothing, and harm nothing.
  await bob.negotiation.receive({ type: "candidate", candidate: { candidate: "unknown 1" } });
  await ann.negotiation.receive(from_bob[0]);
  await pass(ann, bob);
  assert.deepEqual(ann.connection.taken, ["rollback", "offer b1"]);
  assert.deepEqual(bob.connection.taken, ["answer a2"]);
  assert.deepEqual([ann.connection.signalingState, bob.connection.signalingState], ["stable", "stable"]);
  await assert.rejects(bob.negotiation.receive({ type: "candidate", candidate: { candidate: "unknown 2" } }).then(async () => {
    // After an offer that was taken, an unknown candidate is a fault again.
    await ann.negotiation.offer();
    await pass(ann, bob);
    await bob.negotiation.receive({ type: "candidate", candidate: { candidate: "unknown 3" } });
  }));
});

test("an offer that meets one still being made is a meeting too", async () => {
  const bob = make_side("b", false);
  const making = bob.negotiation.offer();
  await bob.negotiation.receive({ type: "offer", sdp: "a1" });
  await making;
  assert.deepEqual(bob.connection.taken, []);
  assert.deepEqual(bob.sent, [{ type: "offer", sdp: "b1" }]);
});

test("signals are taken in their order, whatever takes long", async () => {
  const ann = make_side("a", true);
  const original = ann.connection.setRemoteDescription.bind(ann.connection);
  ann.connection.setRemoteDescription = async (description) => {
    await new Promise((resolve) => setImmediate(resolve));
    await original(description);
  };
  await Promise.all([
    ann.negotiation.receive({ type: "offer", sdp: "b1" }),
    ann.negotiation.receive({ type: "candidate", candidate: { candidate: "c1" } }),
    ann.negotiation.receive({ type: "candidate", candidate: null }),
  ]);
  assert.deepEqual(ann.connection.taken, ["offer b1", "c1", "end"]);
});

test("one fault does not end it, and a late answer is none", async () => {
  const ann = make_side("a", true);
  await assert.rejects(ann.negotiation.receive({ type: "candidate", candidate: { candidate: "unknown" } }));
  await ann.negotiation.receive({ type: "answer", sdp: "late" });
  await ann.negotiation.receive({ type: "offer", sdp: "b1" });
  assert.deepEqual(ann.connection.taken, ["offer b1"]);
});

test("who may not begin waits for the other, until told", async () => {
  const [waits, answers] = [make_side("a", true, false), make_side("a", true, false)];
  await waits.negotiation.offer();
  assert.deepEqual(waits.sent, []);
  await waits.negotiation.begin();
  assert.deepEqual(waits.sent, [{ type: "offer", sdp: "a1" }]);

  await answers.negotiation.offer();
  await answers.negotiation.receive({ type: "offer", sdp: "b1" });
  await answers.negotiation.begin();
  assert.deepEqual(answers.sent, [{ type: "answer", sdp: "a1" }]);
  await answers.negotiation.offer();
  assert.equal(answers.sent.length, 2, "after the first meeting either side may offer");
});
