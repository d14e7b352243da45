// Two pages call each other: directly, and over the relay alone; what they see are moving pictures.
import assert from "node:assert/strict";
import { test } from "node:test";
import { CallPage } from "../support/call_page.mjs";
import { metric } from "../support/metrics.mjs";
import { mission_samples } from "../support/samples.mjs";
import { start_server } from "../support/server.mjs";

const relay = `[turn]
listen = ["127.0.0.1:0"]
secret = "0123456789abcdef0123456789abcdef"
allowed_peers = ["127.0.0.0/8"]
`;

/** As the course writes it. */
const program = `
  const peerConnection = new RTCPeerConnection(config);
  const stream = await navigator.mediaDevices.getUserMedia({ video: true, audio: true });
  stream.getTracks().forEach((track) => peerConnection.addTrack(track, stream));
  peerConnection.ontrack = (event) => { remoteVideo.srcObject = event.streams[0]; };
`;

/**
 * @param {import("node:test").TestContext} context @param {string} config
 * @param {string} source @param {{ transport?: "udp" | "tcp" }} [options]
 */
async function call(context, config, source, options) {
  const server = await start_server(context, { config });
  const pages = await Promise.all([1, 2].map(() => CallPage.open(context, server.url, options)));
  for (const page of pages) await page.run(source);
  for (const page of pages) await page.sees();
  return { server, pages };
}

const sample = mission_samples()?.get("webrtc");
if (sample) {
  test("mission: WebRTC shows the remote video", async (context) => {
    const { pages } = await call(context, relay, sample);
    assert.deepEqual((await pages[0].path()).slice(0, 2).includes("relay"), false, "the way is direct");
  });
}

test("a call without any server for it finds its way on one network", async (context) => {
  await call(context, "", program);
});

for (const transport of /** @type {const} */ (["udp", "tcp"])) {
  test(`a call over the relay alone, which is reached by ${transport}`, async (context) => {
    const config = `${relay}[rtc]\nice_transport_policy = "relay"\n`;
    const { server, pages } = await call(context, config, program, { transport });
    for (const page of pages) assert.deepEqual(await page.path(), ["relay", "relay", transport]);
    for (const to of ["peer", "client"]) {
      assert.ok((await metric(server.http, "carillon_turn_datagrams_total", { to })) > 100, to);
    }
  });
}
