// Ten thousand allocations at a time: what each of them costs in memory, and that all of it comes back.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { metric } from "../support/metrics.mjs";
import { start_server } from "../support/server.mjs";
import { attribute, methods, StunClient, types } from "../support/stun.mjs";

const config = `[turn]
listen = ["0.0.0.0:0"]
users = ["alice:wonder"]
min_port = 20000
allocations = 0
user_allocations = 0
address_allocations = 0
source_answers_per_s = 0
stranger_answers_per_s = 0
`;
const user = { name: "alice", password: "wonder" };
/** Each client at each address of the server is one more 5-tuple. */
const clients_count = 50;
const addresses = Array.from({ length: 200 }, (_, index) => `127.0.1.${index + 1}`);
/** Octets of the process for one allocation; its socket's in the kernel are not counted. */
const most_bytes = 1024;
/** The same with what a sanitizer puts around each block. */
const most_sanitized_bytes = 16 * 1024;

test("ten thousand allocations are few bytes each, and are gone when they end", async (context) => {
  const server = await start_server(context, { config });
  const [, port] = await server.logged(/listening on turn:0\.0\.0\.0:(\d+)/);
  const resident = () => 1024 * Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, "utf8"))?.[1]);
  const allocations = () => metric(server.http, "carillon_turn_allocations");
  const clients = await Promise.all(Array.from({ length: clients_count }, () =>
    new StunClient({ ip: addresses[0], port: Number(port) }, user).open(context)));
  /** Every client asks each of these addresses. @param {string[]} ips @param {(client: StunClient) => Promise<import("../support/stun.mjs").Answer>} ask */
  const everywhere = async (ips, ask) => {
    for (const ip of ips) {
      const answers = await Promise.all(clients.map((client) => ask(client.at({ ip, port: Number(port) }))));
      assert.deepEqual(answers.filter(({ error }) => error !== 0), [], ip);
    }
  };
  await everywhere(addresses.slice(0, 40), (client) => client.allocate());
  const [before, count_before] = [resident(), await allocations()];
  await everywhere(addresses.slice(40), (client) => client.allocate());
  const count = await allocations();
  assert.equal(count, clients_count * addresses.length);
  const each = (resident() - before) / (count - count_before);
  const is_sanitized = /lib[at]san/.test(readFileSync(`/proc/${server.pid}/maps`, "utf8"));
  assert.ok(each < (is_sanitized ? most_sanitized_bytes : most_bytes), `${each} bytes for each allocation`);
  context.diagnostic(`${Math.round(each)} bytes for each allocation`);
  const end = [attribute(types.lifetime, Buffer.alloc(4))];
  await everywhere(addresses, (client) => client.ask(methods.refresh, end));
  assert.equal(await allocations(), 0);
});
