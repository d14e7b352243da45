// Peers that are no browsers reach each other over the relay alone: one written in TypeScript from
// the RFCs, the other one the library that browsers have.
import assert from "node:assert/strict";
import { test } from "node:test";
import wrtc from "@roamhq/wrtc";
import { RTCPeerConnection as WeriftConnection } from "werift";
import { metric } from "../support/metrics.mjs";
import { start_server } from "../support/server.mjs";
import { until } from "../support/wait.mjs";

const config = `[turn]
listen = ["127.0.0.1:0"]
secret = "0123456789abcdef0123456789abcdef"
allowed_peers = ["127.0.0.0/8"]
[rtc]
ice_transport_policy = "relay"
`;
const message_count = 100;

/** Of these libraries as far as both have it. @typedef {any} Connection */

/** What comes of the other one's candidates. @param {Connection} from @param {Connection} to */
function pass_candidates(from, to) {
  from.onicecandidate = (/** @type {any} */ { candidate }) => candidate && to.addIceCandidate(candidate);
}

/** @param {Connection} caller @param {Connection} callee */
async function negotiate(caller, callee) {
  pass_candidates(caller, callee);
  pass_candidates(callee, caller);
  await caller.setLocalDescription(await caller.createOffer());
  await callee.setRemoteDescription(caller.localDescription);
  await callee.setLocalDescription(await callee.createAnswer());
  await caller.setRemoteDescription(callee.localDescription);
}

/** @type {Record<string, (configuration: any) => Connection>} */
const libraries = {
  werift: (configuration) => new WeriftConnection({ ...configuration, iceUseIpv6: false }),
  wrtc: (configuration) => new wrtc.RTCPeerConnection(configuration),
};

for (const [caller_name, callee_name] of [["werift", "werift"], ["wrtc", "wrtc"], ["werift", "wrtc"]]) {
  for (const transport of ["udp", "tcp"]) {
    test(`${caller_name} and ${callee_name} over the relay by ${transport}`, async (context) => {
      const server = await start_server(context, { config });
      const configuration = (await server.http.get("/api/rtc/config")).json;
      const [, relay] = configuration.iceServers;
      relay.urls = relay.urls.filter((/** @type {string} */ url) => url.endsWith(transport));
      const iceServers = [relay];
      const { iceTransportPolicy } = configuration;
      assert.equal(iceTransportPolicy, "relay");
      const [caller, callee] = [caller_name, callee_name].map((name) =>
        libraries[name]({ iceServers, iceTransportPolicy }));
      context.after(() => Promise.all([caller.close(), callee.close()]));

      callee.ondatachannel = (/** @type {any} */ { channel }) => {
        channel.onmessage = (/** @type {any} */ { data }) => channel.send(data);
      };
      const channel = caller.createDataChannel("echo");
      /** @type {string[]} */
      const heard = [];
      channel.onmessage = (/** @type {any} */ { data }) => heard.push(String(data));
      await negotiate(caller, callee);
      await until(() => channel.readyState === "open", { what: "the channel" });
      const sent = Array.from({ length: message_count }, (_, index) => `${index} ${"x".repeat(500)}`);
      for (const text of sent) channel.send(text);
      await until(() => heard.length === message_count, { what: () => `all answers, not ${heard.length}` });
      assert.deepEqual(heard, sent);
      assert.ok((await metric(server.http, "carillon_turn_allocations")) >= 2);
      assert.ok((await metric(server.http, "carillon_turn_datagrams_total", { to: "peer" })) > message_count);
    });
  }
}
