// Calls over a relay, and over a network that changes under them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { open_sdk_call_page } from "../support/sdk_call_page.mjs";
import { enter_own_network, ip } from "../support/own_network.mjs";
import { start_server } from "../support/server.mjs";
import { until } from "../support/wait.mjs";

enter_own_network();

for (const protocol of ["udp", "tcp"]) {
  test(`with the relay alone, by ${protocol}, two see each other`, async (context) => {
    const config = '[turn]\nlisten = ["127.0.0.1:0"]\nusers = ["alice:wonder"]\nallowed_peers = ["127.0.0.0/8"]\n';
    const server = await start_server(context, { config });
    const [, address] = await server.logged(/listening on turn:(\S+:\d+)/);
    const relay = { urls: [`turn:${address}?transport=${protocol}`], username: "alice", credential: "wonder" };
    const configuration = { iceServers: [relay], iceTransportPolicy: "relay" };
    const [ann, bob] = [await open_sdk_call_page(context, server.url), await open_sdk_call_page(context, server.url)];
    for (const page of [ann, bob]) await page.join("call:relayed", { audio: true, video: true }, { configuration });
    await ann.sees(bob);
    await bob.sees(ann);
    for (const [one, other] of /** @type {const} */ ([[ann, bob], [bob, ann]])) {
      await until(async () => (await one.peer(other)).path, { what: "the path to be known" });
      assert.deepEqual((await one.peer(other)).path, { kind: "relay", protocol });
    }
  });
}

test("what the server names is used: its relay, with a credential of one's own", async (context) => {
  const config = `[turn]\nlisten = ["127.0.0.1:0"]\nsecret = "${"s".repeat(40)}"\nallowed_peers = ["127.0.0.0/8"]
    [rtc]\nice_transport_policy = "relay"\n`;
  const server = await start_server(context, { config });
  const [ann, bob] = [await open_sdk_call_page(context, server.url), await open_sdk_call_page(context, server.url)];
  for (const page of [ann, bob]) await page.join("call:named");
  await ann.sees(bob);
  await bob.sees(ann);
  await until(async () => (await ann.peer(bob)).path, { what: "the path to be known" });
  assert.equal((await ann.peer(bob)).path.kind, "relay");
  assert.deepEqual((await ann.told()).errors, []);
});

test("when the address changes, the pictures come back over the new one", async (context) => {
  ip("link", "add", "out", "type", "veth", "peer", "name", "far");
  for (const name of ["out", "far"]) ip("link", "set", name, "up");
  ip("addr", "add", "10.9.0.1/24", "dev", "out");
  ip("route", "add", "default", "dev", "out");
  const server = await start_server(context);
  const [ann, bob] = [await open_sdk_call_page(context, server.url), await open_sdk_call_page(context, server.url)];
  // Over the outer interface alone, as between two machines.
  for (const page of [ann, bob]) await page.run("onlyAddresses(/ 10[.]9[.]/)");
  await ann.join("call:moves");
  await bob.join("call:moves");
  await ann.sees(bob);
  await bob.sees(ann);
  const address = () => ann.run(`connections.at(-1).getStats().then((all) => {
    const { selectedCandidatePairId } = [...all.values()].find(({ type }) => type === "transport");
    return all.get(all.get(selectedCandidatePairId)?.localCandidateId)?.address;
  })`);
  const ufrag = () => ann.run("/a=ice-ufrag:(.*)/.exec(connections.at(-1).localDescription.sdp)[1]");
  const before = await ufrag();
  assert.equal(await address(), "10.9.0.1");
  ip("addr", "del", "10.9.0.1/24", "dev", "out");
  ip("addr", "add", "10.9.0.2/24", "dev", "out");
  ip("route", "add", "default", "dev", "out");
  await until(async () => (await address()) === "10.9.0.2", { what: "the new address", within_ms: 60_000 });
  await ann.sees(bob);
  await bob.sees(ann);
  assert.notEqual(await ufrag(), before, "ICE began anew");
  assert.equal(await ann.run("connections.length"), 1, "and nothing else had to");
});
