// Files between pages: whole and checked, also where the connection is cut in the middle.
import assert from "node:assert/strict";
import { test } from "node:test";
import { SdkCallPage, open_sdk_call_page } from "../support/sdk_call_page.mjs";
import { enter_own_network } from "../support/own_network.mjs";
import { start_server } from "../support/server.mjs";
import { until } from "../support/wait.mjs";

enter_own_network();

/** Counts the octets of files that the page sends. */
const count_carried = `
  var carried = 0;
  var send = RTCDataChannel.prototype.send;
  RTCDataChannel.prototype.send = function (data) {
    carried += data.byteLength ?? 0;
    return send.call(this, data);
  };`;

/** Runs in the page that sends: a file of so many octets whose content is known without keeping it. */
const send_file = (/** @type {SdkCallPage} */ to, /** @type {number} */ size) => `
  var octets = new Uint8Array(${size});
  for (var at = 0; at < octets.length; at += 65536) crypto.getRandomValues(octets.subarray(at, at + 65536));
  var sending = peerOf("${to.id}").sendFile(new File([octets], "bells.bin", { type: "audio/x-bells" }));
  sending.id`;
const digest_of = (/** @type {string} */ data) => `crypto.subtle.digest("SHA-256", ${data}).then((sum) => String(new Uint8Array(sum)))`;

test("a file of 50 MB, cut in the middle, arrives whole", async (context) => {
  const server = await start_server(context);
  const [ann, bob] = [await open_sdk_call_page(context, server.url), await open_sdk_call_page(context, server.url)];
  for (const page of [ann, bob]) await page.join("call:files", {});
  await until(async () => (await ann.run("[...call.peers.values()].map(({ state }) => state)"))[0] === "connected", { what: "a connection" });
  const size = 50_000_000;
  await ann.run(count_carried);
  await ann.run(send_file(bob, size));
  await until(() => bob.run("files.length === 1"), { what: "the offer" });
  assert.deepEqual(await bob.run("(({ name, size, mediaType, state }) => [name, size, mediaType, state])(files[0])"), ["bells.bin", size, "audio/x-bells", "offered"]);
  await bob.run("var whole; files[0].accept().then((blob) => (whole = blob), (error) => (whole = String(error))); 0");
  await until(async () => (await bob.run("files[0].receivedBytes")) > size / 3, { what: "a third of it" });
  await bob.run("connections.at(-1).close()");
  await until(async () => (await ann.run("sending.state")) !== "moving", { what: "the cut" });
  const before = await bob.run("files[0].receivedBytes");
  assert.ok(before < size);
  await until(() => bob.run("whole"), { what: "the whole file" });
  await until(async () => (await ann.run("sending.state")) === "done", { what: "the sender to hear of it" });
  // It went on where it was: no more than what was under way at the cut has gone over twice.
  const carried = await ann.run("carried");
  assert.ok(carried >= size && carried < size + 4 * 2 ** 20, `${carried} octets for ${size}, ${before} of them before the cut`);
  assert.equal(await bob.run(`whole.arrayBuffer().then((data) => ${digest_of("data")})`), await ann.run(digest_of("octets")));
  assert.equal(await bob.run("whole.type"), "audio/x-bells");

  await ann.run(send_file(bob, 1000));
  await until(() => bob.run("files.length === 2"), { what: "another offer" });
  await bob.run("files[1].refuse()");
  await until(async () => (await ann.run("sending.error?.code")) === "refused", { what: "the refusal" });
});
