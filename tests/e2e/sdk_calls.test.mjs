// It takes long.
// Calls between pages: pictures that are seen, who comes and goes, and what becomes of broken paths.
import assert from "node:assert/strict";
import { test } from "node:test";
import { CallPage } from "../support/call_page.mjs";
import { enter_own_network } from "../support/own_network.mjs";
import { SdkCallPage, open_sdk_call_page } from "../support/sdk_call_page.mjs";
import { start_server } from "../support/server.mjs";
import { until } from "../support/wait.mjs";

enter_own_network();

test("two see each other, directly", async (context) => {
  const server = await start_server(context);
  const [ann, bob] = [await open_sdk_call_page(context, server.url), await open_sdk_call_page(context, server.url)];
  await ann.join("call:two");
  await bob.join("call:two");
  await ann.sees(bob);
  await bob.sees(ann);
  for (const [one, other] of [[ann, bob], [bob, ann]]) {
    const { state, path } = await one.peer(other);
    assert.equal(state, "connected");
    assert.deepEqual(path, { kind: "direct", protocol: "udp" });
  }
});

test("signals go over event streams and polls as well", async (context) => {
  const server = await start_server(context);
  const ann = await open_sdk_call_page(context, server.url, { transports: ["sse"] });
  const bob = await open_sdk_call_page(context, server.url, { transports: ["longpoll"] });
  await ann.join("call:anyhow");
  await bob.join("call:anyhow");
  await ann.sees(bob);
  await bob.sees(ann);
});

test("a third joins, everybody sees everybody, and who closes its tab is gone", async (context) => {
  const server = await start_server(context, { config: "[channels]\npresence_lease_s = 3\n" });
  const pages = [];
  for (let count = 0; count < 3; count++) pages.push(await open_sdk_call_page(context, server.url));
  const [ann, bob, cas] = /** @type {[SdkCallPage, SdkCallPage, SdkCallPage]} */ (pages);
  await Promise.all([ann, bob, cas].map((page) => page.join("call:three")));
  for (const one of pages) {
    for (const other of pages) if (one !== other) await one.sees(other);
  }
  await bob.page.close({ runBeforeUnload: false });
  for (const page of [ann, cas]) {
    await until(async () => (await page.told()).leaves.some(({ id }) => id === bob.id), { what: "bob to be gone" });
    assert.equal(await page.run("call.peers.size"), 1);
  }
  await ann.sees(cas);
});

test("what one shows and switches off, the other sees: screen, picture, devices", async (context) => {
  const server = await start_server(context);
  const [ann, bob] = [await open_sdk_call_page(context, server.url), await open_sdk_call_page(context, server.url)];
  await ann.join("call:media", { audio: false, video: false, data: { name: "Ann" } });
  await bob.join("call:media", { audio: true, video: true, data: { name: "Bob" } });
  await ann.sees(bob);
  assert.deepEqual((await ann.peer(bob)).data, { name: "Bob" });
  await ann.run("call.use({ video: true })");
  await bob.sees(ann);
  await ann.run("call.shareScreen()");
  await bob.sees(ann, "screen");
  await bob.sees(ann);
  await ann.run("call.stopScreen()");
  await until(() => bob.run(`!peerOf("${ann.id}").streams.has("screen")`), { what: "the screen to be gone" });
  await ann.run("call.mute({ video: true })");
  await until(() => bob.run(`peerOf("${ann.id}").muted.video`), { what: "it to be known" });
  await until(async () => (await bob.run(`look("${ann.id}", "camera")`)).brightness < 3, { what: "the picture to be black" });
  await ann.run("call.mute({ video: false })");
  await bob.sees(ann);
  await ann.run(`Carillon.listDevices().then((all) => call.use({ video: all.filter(({ kind }) => kind === "videoinput").at(-1).deviceId }))`);
  await bob.sees(ann);
  await ann.run("call.use({ video: false })");
  await until(() => bob.run(`!peerOf("${ann.id}").streams.has("camera")`), { what: "the camera to be gone" });
  assert.deepEqual((await ann.told()).errors, []);
});

test("both change what they show at once, again and again", async (context) => {
  const server = await start_server(context);
  const [ann, bob] = [await open_sdk_call_page(context, server.url), await open_sdk_call_page(context, server.url)];
  await ann.join("call:glare", {});
  await bob.join("call:glare", {});
  await until(async () => (await ann.run(`call.peers.get("${bob.id}")?.state`)) === "connected", { what: "a connection" });
  for (let round = 0; round < 3; round++) {
    await Promise.all([ann, bob].map((page) => page.run("call.use({ video: true })")));
    await ann.sees(bob);
    await bob.sees(ann);
    await Promise.all([ann, bob].map((page) => page.run("call.use({ video: false })")));
    for (const [one, other] of /** @type {const} */ ([[ann, bob], [bob, ann]])) {
      await until(() => one.run(`!peerOf("${other.id}").streams.has("camera")`), { what: "the camera to be gone" });
    }
  }
  for (const page of [ann, bob]) {
    assert.deepEqual((await page.told()).errors, []);
    assert.equal(await page.run("connections.length"), 1);
  }
});

test("a connection that one side ends is made anew, and so is one whose side has begun anew", async (context) => {
  const server = await start_server(context);
  const [ann, bob] = [await open_sdk_call_page(context, server.url), await open_sdk_call_page(context, server.url)];
  await ann.join("call:anew");
  await bob.join("call:anew");
  await ann.sees(bob);
  await ann.run("connections.at(-1).close()");
  await until(() => ann.run("connections.length === 2"), { what: "another connection" });
  await ann.sees(bob);
  await bob.sees(ann);
  await bob.run("call.leave()");
  await until(async () => (await ann.run("call.peers.size")) === 0, { what: "bob to be gone" });
  await bob.join("call:anew");
  await ann.sees(bob);
  await bob.sees(ann);
});

/** A program without the client, as docs/webrtc.md has it. */
const plain_program = `
  const peerConnection = new RTCPeerConnection(config);
  const stream = await navigator.mediaDevices.getUserMedia({ video: true, audio: true });
  stream.getTracks().forEach((track) => peerConnection.addTrack(track, stream));
  peerConnection.ontrack = (event) => { remoteVideo.srcObject = event.streams[0]; };
`;

for (const is_first of [true, false]) {
  test(`who says no more than docs/webrtc.md has is called too, ${is_first ? "before" : "after"} us`, async (context) => {
    const server = await start_server(context);
    const [ann, plain] = [await open_sdk_call_page(context, server.url), await CallPage.open(context, server.url)];
    const joins = [() => plain.run(plain_program), () => ann.join("call:x")];
    for (const join of is_first ? joins : joins.reverse()) await join();
    await until(() => ann.run("call.peers.size"), { what: "the other" });
    const other = new SdkCallPage(plain.page);
    other.id = await ann.run("[...call.peers.keys()][0]");
    await ann.sees(other);
    await plain.sees();
    assert.deepEqual((await ann.told()).errors, []);
  });
}
