// @carillon/client: who is in a channel, over each transport and from one to the next; and signals.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { isDeepStrictEqual } from "node:util";
import { FaultProxy } from "../support/fault_proxy.mjs";
import { open_sdk, record, record_presence, subscribed } from "../support/sdk.mjs";
import { start_server } from "../support/server.mjs";
import { now_s, secret, token_of } from "../support/tokens.mjs";
import { until } from "../support/wait.mjs";

const transports = ["websocket", "sse", "longpoll", "polling"];
const limits = "[channels]\npresence_lease_s = 3\n[limits]\nhistory_reads_per_s = 1000\n";
const config = `[server]\ndrain_s = 1\n${limits}`;

/** @param {any} client @param {string} [name] */
const presence_of = (client, name = "call:x") => client.channel(name).presence;

/** What a roster shows, by client. @param {any} presence */
const shown = (presence) => Object.fromEntries([...presence.roster].map(([client, { data }]) => [client, data]));

/** @param {any[]} told */
const kinds = (told) => told.map(({ event }) => event);

// They wait for most of their time, each with a server of its own.
describe("over each transport", { concurrency: 4 }, () => {
  for (const transport of transports) {
    const options = { transports: [transport] };

    test(`${transport}: who enters is seen, changes and leaves`, async (context) => {
      const server = await start_server(context, { config });
      const [ann, bob] = [open_sdk(context, server.url, options), open_sdk(context, server.url, options)];
      const seen = record_presence(presence_of(ann));
      await presence_of(ann).enter();
      await until(() => presence_of(ann).roster.has(ann.id), { what: "ann herself" });
      await presence_of(bob).enter({ name: "Bob" });
      await until(() => shown(presence_of(ann))[bob.id]?.name === "Bob", { what: "bob" });
      await presence_of(bob).update({ name: "Robert" });
      await until(() => shown(presence_of(ann))[bob.id]?.name === "Robert", { what: "his other name" });
      assert.deepEqual((await presence_of(bob).members()).map((/** @type {any} */ { client }) => client).sort(), [ann.id, bob.id].sort());
      assert.deepEqual(await presence_of(bob).count(), { clients: 2, users: 0 });
      presence_of(bob).leave();
      await until(() => !presence_of(ann).roster.has(bob.id), { what: "his leave", within_ms: 15_000 });
      const last = seen.told.at(-1);
      assert.equal(last.event, "leave");
      assert.equal(last.cause, { websocket: "left", sse: "lost" }[transport] ?? "missed");
      assert.deepEqual([kinds(seen.told).filter((kind) => kind === "leave").length, seen.errors], [1, []]);
    });

    test(`${transport}: signals come in order, as what they are`, async (context) => {
      const server = await start_server(context, { config });
      const [ann, bob] = [open_sdk(context, server.url, options), open_sdk(context, server.url, options)];
      await Promise.all([presence_of(ann).enter(), presence_of(bob).enter()]);
      await ann.signal(bob.id, { number: 0 });
      /** @type {any[]} */
      const heard = [];
      bob.on("signal", (/** @type {any} */ signal) => heard.push(signal));
      const numbers = Array.from({ length: 30 }, (_, index) => index);
      await Promise.all(numbers.slice(1).map((number) => ann.signal(bob.id, { number })));
      await until(() => heard.length === numbers.length, { what: () => `all signals; ${heard.length} came` });
      assert.deepEqual(heard.map(({ data }) => data.number), numbers, "the first came before somebody listened");
      assert.deepEqual(heard[0].from, { client: ann.id });
      await assert.rejects(ann.signal("c_nobody", 1), { code: "bad_request" });
    });

    test(`${transport}: after a cut nobody was missed, and nobody remains`, async (context) => {
      const server = await start_server(context, { config });
      const proxy = await FaultProxy.start(context, server.url);
      const ann = open_sdk(context, proxy.url, options);
      const seen = record_presence(presence_of(ann));
      await presence_of(ann).enter("ann");
      const bob = open_sdk(context, server.url);
      await presence_of(bob).enter("bob");
      await until(() => presence_of(ann).roster.size === 2, { what: "both" });
      proxy.strand();
      const eve = open_sdk(context, server.url);
      await presence_of(eve).enter("eve");
      bob.close();
      const expected = { [ann.id]: "ann", [eve.id]: "eve" };
      await until(() => isDeepStrictEqual(shown(presence_of(ann)), expected), {
        what: () => `the roster to be right: ${JSON.stringify([shown(presence_of(ann)), expected])}`, within_ms: 15_000,
      });
      assert.deepEqual(seen.told.filter(({ client }) => client === bob.id).map(({ event }) => event).at(-1), "leave");
      const { members } = (await server.http.get("/api/presence?channel=call:x")).json;
      assert.deepEqual(members.map((/** @type {any} */ { client }) => client).sort(), Object.keys(expected).sort());
    });
  }

  for (const transport of ["websocket", "sse"]) {
    test(`${transport}: a server that has forgotten everything is told again, and its roster is taken`, async (context) => {
      /** @param {string} letter */
      const with_secret = (letter) => ({ config: `[server]\nsecret = "${letter.repeat(32)}"\n${limits}` });
      const first = await start_server(context, with_secret("a"));
      const clients = [1, 2].map(() => open_sdk(context, first.url, { transports: [transport] }));
      const [ann, bob] = clients;
      const seen = record_presence(presence_of(ann));
      await Promise.all([presence_of(ann).enter("ann"), presence_of(bob).enter("bob")]);
      await until(() => presence_of(ann).roster.size === 2, { what: "both" });
      const old = bob.id;
      await first.stop();
      await start_server(context, { ...with_secret("b"), listen: [new URL(first.url).host] });
      await until(() => bob.id !== old && isDeepStrictEqual(shown(presence_of(ann)), { [ann.id]: "ann", [bob.id]: "bob" }), {
        what: () => `both anew: ${JSON.stringify(shown(presence_of(ann)))}`, within_ms: 15_000,
      });
      assert.notEqual(bob.id, old);
      assert.equal(seen.told.find(({ event, client }) => event === "leave" && client === old)?.cause, "missed");
    });
  }
});

test("from one transport to the next it is the same member, and signals go on", async (context) => {
  const server = await start_server(context, { config });
  let blocks = true;
  const proxy = await FaultProxy.start(context, server.url, () => (blocks ? { upgrade: "refuse" } : {}));
  const watcher = open_sdk(context, server.url);
  const seen = record_presence(presence_of(watcher));
  await presence_of(watcher).enter();
  const client = open_sdk(context, proxy.url);
  /** @type {any[]} */
  const heard = [];
  client.on("signal", (/** @type {any} */ { data }) => heard.push(data));
  await presence_of(client).enter("here");
  assert.equal(client.state.transport, "sse");
  const { id } = client;
  await watcher.signal(id, 1);
  await until(() => heard.length === 1, { what: "the signal by the event stream" });
  blocks = false;
  await until(() => client.state.transport === "websocket", { what: "the better transport" });
  await presence_of(client).update("still here");
  await watcher.signal(id, 2);
  await until(() => heard.length === 2, { what: "the signal by the WebSocket" });
  assert.deepEqual([heard, client.id], [[1, 2], id]);
  await until(() => shown(presence_of(watcher))[id] === "still here", { what: "the update" });
  assert.deepEqual(kinds(seen.told.filter((each) => each.client === id && each.event !== "update")), ["join"]);
});

test("users and their infos are seen; without permission it is told, and messages go on", async (context) => {
  const server = await start_server(context, { config: `[access]\nanonymous = []\ntoken_secret = "${secret}"\n[namespace.call]\nallow_presence = "token"\n` });
  const open = (/** @type {string} */ sub, /** @type {string[]} */ words) => open_sdk(context, server.url,
    { token: token_of({ sub, exp: now_s() + 60, info: { name: sub }, channels: { "call:*": words } }) });
  const [ann, eve] = [open("ann", ["*"]), open("eve", ["subscribe", "publish", "ephemeral"])];
  await presence_of(ann).enter();
  const refused = record_presence(presence_of(eve));
  const heard = record(eve.channel("call:x"));
  await subscribed(eve.channel("call:x"));
  await until(() => refused.errors.length === 1, { what: "the refusal" });
  assert.equal(refused.errors[0].code, "forbidden");
  await assert.rejects(presence_of(eve).members(), { code: "forbidden" });
  const max = open("max", ["history"]);
  for (let time = 1; time <= 2; time++) {
    await assert.rejects(presence_of(max).enter(), { code: "forbidden" }, `the ${time}. time`);
    presence_of(max).leave();
  }
  await ann.channel("call:x").publish(1);
  await until(() => heard.messages.length === 1, { what: "the message" });
  const members = await presence_of(ann).members();
  assert.deepEqual(members.map((/** @type {any} */ { user, info }) => [user, info]).sort(), [["ann", { name: "ann" }], ["eve", { name: "eve" }]]);
});

test("many members are read by pages, and as many as are wanted", { timeout: 60_000 }, async (context) => {
  const count = 1_100;
  const server = await start_server(context, { config: "[channels]\npresence_lease_s = 600\n" });
  for (let done = 0; done < count; done += 100) {
    await Promise.all(Array.from({ length: 100 }, async () => {
      const { session } = (await server.http.post_json("/api/commands", { type: "connect", id: 1 })).json;
      await server.http.get(`/api/messages?channel=call:big&session=${session}`);
    }));
  }
  const client = open_sdk(context, server.url);
  const presence = presence_of(client, "call:big");
  const seen = record_presence(presence);
  await until(() => presence.roster.size === count + 1, { what: () => `all; ${presence.roster.size} are there` });
  assert.equal((await presence.members({ limit: 1_050 })).length, 1_050);
  assert.equal((await presence.members({ limit: 5_000 })).length, count + 1);
  assert.ok(seen.told.length <= 1, "who was there before has not joined");
});

test("what cannot be is refused", async (context) => {
  const server = await start_server(context, { config });
  const client = open_sdk(context, server.url);
  await assert.rejects(presence_of(client, "nowhere").enter(), { code: "not_supported" });
  await assert.rejects(presence_of(client).enter("x".repeat(2_000)), { code: "too_large" });
  await assert.rejects(presence_of(client).enter(1n), { code: "invalid" });
  client.close();
  await assert.rejects(presence_of(client).count(), { code: "closed" });
  await assert.rejects(client.signal("c_8fk2mnpqrstuv", 1), { code: "closed" });
});
