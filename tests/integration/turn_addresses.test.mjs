// The relay on a machine whose addresses change while it runs: what is the machine's own stays shut.
import assert from "node:assert/strict";
import { test } from "node:test";
import { metric } from "../support/metrics.mjs";
import { enter_own_network, ip } from "../support/own_network.mjs";
import { start_server } from "../support/server.mjs";
import { address, attribute, message, methods, StunClient, types } from "../support/stun.mjs";
import { until } from "../support/wait.mjs";

const config = `[turn]
listen = ["127.0.0.1:0"]
users = ["alice:wonder"]
source_answers_per_s = 0
`;
const peer = { ip: "203.0.113.77", port: 22 };

enter_own_network();

test("an address that comes later is the machine's own from then on", async (context) => {
  const server = await start_server(context, { config });
  const [, port] = await server.logged(/listening on turn:127\.0\.0\.1:(\d+)/);
  const place = { ip: "127.0.0.1", port: Number(port) };
  const client = await new StunClient(place, { name: "alice", password: "wonder" }).open(context);
  assert.equal((await client.allocate()).error, 0);
  const bind = async () => {
    const channel = attribute(types.channel, Buffer.from([0x40, 0, 0, 0]));
    return (await client.ask(methods.channel_bind, [channel, address(types.peer, peer)])).error;
  };
  const denied = () => metric(server.http, "carillon_turn_dropped_total", { reason: "denied_peer" });
  assert.equal(await bind(), 0, "somebody else's");
  ip("address", "add", `${peer.ip}/32`, "dev", "lo");
  await until(async () => (await bind()) === 403, { what: "the new address to be the machine's own" });
  // What was opened before leads there no longer, either.
  client.send(message(0x16, [address(types.peer, peer), attribute(types.data, "knock")]));
  await until(async () => (await denied()) === 1, { what: "the drop" });
  ip("address", "del", `${peer.ip}/32`, "dev", "lo");
  await until(async () => (await bind()) === 0, { what: "the address to be somebody else's again" });
});
