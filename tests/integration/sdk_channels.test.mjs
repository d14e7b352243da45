// @carillon/client over each transport: what a channel hears and says.
// It takes long.
import assert from "node:assert/strict";
import { test } from "node:test";
import { open_sdk, record, subscribed } from "../support/sdk.mjs";
import { start_server } from "../support/server.mjs";
import { secret, token_of } from "../support/tokens.mjs";
import { until } from "../support/wait.mjs";

const transports = ["websocket", "sse", "longpoll", "polling"];

/** @param {any[]} messages */
const data_of = (messages) => messages.map(({ data }) => data);

for (const transport of transports) {
  const options = { transports: [transport] };

  test(`${transport}: what one publishes, all hear, with its position`, async (context) => {
    const server = await start_server(context);
    const [one, other] = [open_sdk(context, server.url, options), open_sdk(context, server.url, options)];
    const mine = record(one.channel("chat"));
    const theirs = record(other.channel("chat"));
    await Promise.all([subscribed(one.channel("chat")), subscribed(other.channel("chat"))]);
    const receipt = await one.channel("chat").publish({ text: "hi" }, { key: "k" });
    await until(() => mine.messages.length === 1 && theirs.messages.length === 1, { what: "the message" });
    const [message] = theirs.messages;
    assert.deepEqual(
      [message.data, message.key, message.position, message.timestamp, message.from],
      [{ text: "hi" }, "k", receipt.position, receipt.timestamp, { client: one.id }]
    );
    assert.deepEqual([one.state.name, one.state.transport], ["online", transport]);
    assert.equal(one.channel("chat").position, receipt.position);
    assert.deepEqual([one.stats.published, one.stats.messages, other.stats.messages], [1, 1, 1]);
  });

  test(`${transport}: it begins with history, goes on from a position, leaves my own out`, async (context) => {
    const server = await start_server(context);
    const published = [];
    for (let number = 1; number <= 5; number++) published.push(await server.http.publish("c", number));
    const client = open_sdk(context, server.url, options);
    const latest = record(client.channel("c", { history: 2, echo: false }));
    await subscribed(client.channel("c"));
    await client.channel("c").publish("mine");
    await server.http.publish("c", 6);
    await until(() => latest.messages.length === 3, { what: "the messages" });
    assert.deepEqual(data_of(latest.messages), [4, 5, 6]);
    const second = open_sdk(context, server.url, options);
    const later = record(second.channel("c", { after: `${published[0].epoch}:3` }));
    await until(() => later.messages.length === 4, { what: "the messages" });
    assert.deepEqual(data_of(later.messages), [4, 5, "mine", 6]);
    assert.deepEqual([latest.gaps, later.gaps], [[], []]);
  });

  test(`${transport}: channels come and go, and go on from where they stopped`, async (context) => {
    const server = await start_server(context);
    const client = open_sdk(context, server.url, options);
    const a = record(client.channel("a"));
    await subscribed(client.channel("a"));
    /** @type {any[]} */
    const b = [];
    const ready = subscribed(client.channel("b"));
    const stop = client.channel("b").on("message", (/** @type {any} */ message) => b.push(message));
    await ready;
    for (const channel of ["a", "b"]) await server.http.publish(channel, 1);
    await until(() => a.messages.length === 1 && b.length === 1, { what: "both" });
    stop();
    await server.http.publish("a", 2);
    await until(() => a.messages.length === 2, { what: "the one" });
    assert.equal(b.length, 1);
    await server.http.publish("b", 2);
    client.channel("b").on("message", (/** @type {any} */ message) => b.push(message));
    await until(() => b.length === 2, { what: "what was missed" });
    assert.deepEqual(data_of(b), [1, 2]);
    assert.deepEqual(data_of(a.messages), [1, 2]);
  });

  test(`${transport}: a position that cannot be continued from is a gap, then what is retained`, async (context) => {
    const server = await start_server(context, { config: "[history]\ncount = 3\n" });
    let last;
    for (let number = 1; number <= 6; number++) last = await server.http.publish("c", number);
    const { epoch } = /** @type {any} */ (last);
    const client = open_sdk(context, server.url, options);
    const heard = record(client.channel("c", { after: `${epoch}:1` }));
    record(client.channel("d"));
    await until(() => heard.messages.length === 3, { what: "what is retained" });
    assert.deepEqual(heard.gaps, [{ channel: "c", from: `${epoch}:1`, position: `${epoch}:3`, missedCount: 2 }]);
    assert.deepEqual(heard.told.map(({ name }) => name), ["gap", "message", "message", "message"]);
    const another = open_sdk(context, server.url, options);
    const foreign = record(another.channel("c", { after: "another:9" }));
    await until(() => foreign.messages.length === 3, { what: "what is retained" });
    assert.deepEqual(foreign.gaps, [{ channel: "c", from: "another:9", position: `${epoch}:3`, missedCount: undefined }]);
  });

  test(`${transport}: thousands that were missed come all, in order`, async (context) => {
    const server = await start_server(context, { config: "[history]\ncount = 3500\nbytes = 10_000_000\n" });
    const start = await server.http.position("c");
    for (let first = 1; first <= 3000; first += 1000) {
      const items = Array.from({ length: 1000 }, (_, index) => ({ channel: "c", data: first + index }));
      assert.equal((await server.http.post_json("/api/messages", items)).status, 200);
    }
    const client = open_sdk(context, server.url, options);
    const heard = record(client.channel("c", { after: start }));
    const broken = open_sdk(context, server.url, options);
    const retained = record(broken.channel("c", { after: "another:1" }));
    await until(() => heard.messages.length === 3000 && retained.messages.length === 3000, {
      what: () => `all; ${heard.messages.length} and ${retained.messages.length} came`
    });
    const expected = Array.from({ length: 3000 }, (_, index) => index + 1);
    assert.deepEqual(data_of(heard.messages), expected);
    assert.deepEqual(data_of(retained.messages), expected);
    assert.deepEqual([heard.gaps.length, retained.gaps.length], [0, 1]);
  });

  test(`${transport}: history has pages in both directions`, async (context) => {
    const server = await start_server(context);
    for (let number = 1; number <= 25; number++) await server.http.publish("c", number);
    const channel = open_sdk(context, server.url, options).channel("c");
    const backwards = [];
    for (let page = await channel.history({ limit: 10 }); page.messages.length > 0; ) {
      backwards.unshift(...data_of(page.messages));
      page = await channel.history({ before: page.messages[0].position, limit: 10 });
    }
    assert.deepEqual(backwards, Array.from({ length: 25 }, (_, index) => index + 1));
    const first = await channel.history({ since: 0, limit: 5 });
    assert.deepEqual([data_of(first.messages), first.more, first.gap], [[1, 2, 3, 4, 5], true, false]);
    const next = await channel.history({ after: first.position, limit: 20 });
    assert.deepEqual([data_of(next.messages).length, next.more], [20, false]);
    assert.equal(channel.position, undefined, "nobody listens");
  });

  test(`${transport}: more channels than one request may name`, async (context) => {
    const server = await start_server(context);
    const client = open_sdk(context, server.url, options);
    const channels = Array.from({ length: 120 }, (_, index) => client.channel(`c${index}`));
    const heard = channels.map(record);
    await Promise.all(channels.map(subscribed));
    for (const index of [0, 99, 100, 119]) await server.http.publish(`c${index}`, index);
    await until(() => [0, 99, 100, 119].every((index) => heard[index].messages.length === 1), { what: "all four" });
  });
}

for (const transport of ["websocket", "sse"]) {
  test(`${transport}: ephemeral messages reach who is there`, async (context) => {
    const server = await start_server(context);
    const options = { transports: [transport] };
    const [one, other] = [open_sdk(context, server.url, options), open_sdk(context, server.url, options)];
    const heard = record(other.channel("chat"));
    await subscribed(other.channel("chat"));
    await assert.rejects(one.channel("chat").ephemeral("early"), { code: "offline" });
    one.connect();
    await until(() => one.state.name === "online", { what: "the connection" });
    await one.channel("chat").ephemeral({ typing: true });
    await until(() => heard.ephemerals.length === 1, { what: "the ephemeral message" });
    assert.deepEqual(heard.ephemerals[0].data, { typing: true });
    assert.deepEqual(heard.ephemerals[0].from, { client: one.id });
  });
}

for (const transport of transports) {
  test(`${transport}: octets are published and heard as octets`, async (context) => {
    const server = await start_server(context);
    const client = open_sdk(context, server.url, { transports: [transport] });
    const channel = client.channel("c");
    const heard = record(channel);
    await subscribed(channel);
    const octets = Uint8Array.from({ length: 256 }, (_, index) => index);
    const waiting = octets.slice();
    const publishing = channel.publish(waiting, { key: "k" });
    waiting.fill(0);
    await publishing;
    await channel.publish(octets.buffer);
    await channel.publish(new DataView(octets.buffer, 3, 2));
    await channel.publish(Float32Array.of(1));
    await channel.publish(new Uint8Array());
    await channel.publish(new Uint8Array(40_000).fill(7));
    await server.http.request("POST", "/api/messages?channel=c", { body: Buffer.from(octets), headers: { "content-type": "application/octet-stream" } });
    await until(() => heard.messages.length === 7, { what: "all messages" });
    assert.ok(heard.messages.every(({ data }) => data instanceof Uint8Array));
    const [first, second, view, float, empty, large, posted] = data_of(heard.messages);
    for (const each of [first, second, posted]) assert.deepEqual(each, octets);
    assert.equal(heard.messages[0].key, "k");
    assert.deepEqual([[...view], [...float], [...empty]], [[3, 4], [0, 0, 128, 63], []]);
    assert.deepEqual([large.length, large.every((/** @type {number} */ each) => each === 7)], [40_000, true]);
    assert.deepEqual((await channel.history({ limit: 6 })).messages[0].data, octets);
  });
}

test("octets can be ephemeral, and signals", async (context) => {
  const server = await start_server(context);
  const [one, other] = [open_sdk(context, server.url), open_sdk(context, server.url)];
  const heard = record(other.channel("call:x"));
  const signalled = new Promise((resolve) => other.on("signal", resolve));
  await Promise.all([one.channel("call:x").presence.enter(), other.channel("call:x").presence.enter()]);
  await one.channel("call:x").ephemeral(Uint8Array.of(1, 2));
  await one.signal(other.id, Uint8Array.of(3, 4));
  assert.deepEqual((await signalled).data, Uint8Array.of(3, 4));
  await until(() => heard.ephemerals.length === 1, { what: "the ephemeral message" });
  assert.deepEqual(heard.ephemerals[0].data, Uint8Array.of(1, 2));
});

test("a channel that the token joins by itself is heard from where it should be", async (context) => {
  const server = await start_server(context, { config: `[access]\ntoken_secret = "${secret}"\nanonymous = ["publish", "history"]\n` });
  const token = token_of({ sub: "ann", join: ["a", "b"], channels: { "*": ["*"] } });
  const first = await server.http.publish("a", 1);
  for (const number of [2, 3]) await server.http.publish("a", number);
  for (const transport of transports) {
    const client = open_sdk(context, server.url, { token, transports: [transport] });
    const heard = record(client.channel("a", { after: `${first.epoch}:1` }));
    await until(() => heard.messages.length === 2, { what: "what was missed" });
    const now = record(client.channel("b"));
    await subscribed(client.channel("b"));
    await server.http.publish("b", transport);
    await until(() => now.messages.length === 1, { what: "the message" });
    assert.deepEqual([data_of(heard.messages), data_of(now.messages), heard.gaps, heard.errors], [[2, 3], [transport], [], []]);
    client.close();
  }
});

test("what is published is the data as it was then, and what is no JSON is refused", async (context) => {
  const server = await start_server(context);
  const channel = open_sdk(context, server.url).channel("c");
  const data = { number: 1 };
  const publishing = channel.publish(data);
  data.number = 2;
  await publishing;
  await channel.publish(undefined);
  await channel.publish(() => {});
  const cyclic = /** @type {any} */ ({});
  cyclic.self = cyclic;
  await assert.rejects(channel.publish(cyclic), { code: "invalid" });
  await assert.rejects(channel.publish(1n), { code: "invalid" });
  const { json } = await server.http.get("/api/messages?channel=c");
  assert.deepEqual(data_of(json), [{ number: 1 }, null, null]);
});

test("what is published without a connection waits, up to a limit", async (context) => {
  const first = await start_server(context);
  const address = new URL(first.url).host;
  const client = open_sdk(context, first.url, { queueCount: 3 });
  await client.channel("c").publish(0);
  await first.stop();
  await until(() => client.state.name === "offline", { what: "it to be noticed" });
  const waiting = [1, 2, 3].map((number) => client.channel("c").publish(number));
  await assert.rejects(client.channel("c").publish(4), { code: "queue_full" });
  assert.equal(client.stats.queued, 3);
  const second = await start_server(context, { listen: [address] });
  assert.deepEqual((await Promise.all(waiting)).map(({ offset }) => offset), [1, 2, 3]);
  const { json } = await second.http.get("/api/messages?channel=c");
  assert.deepEqual(data_of(json), [1, 2, 3]);
});

test("what the application needs decides which transport is tried first", async (context) => {
  const server = await start_server(context);
  for (const [requirements, transport] of /** @type {const} */ ([
    [{ serverToClient: true, simple: true }, "sse"],
    [{ infrequent: true }, "longpoll"],
    [{ peerToPeer: true }, "websocket"],
    [{ clientToServer: true, serverToClient: true }, "websocket"],
  ])) {
    const client = open_sdk(context, server.url, { requirements });
    await client.channel("c").publish(1);
    assert.deepEqual([client.state.name, client.state.transport], ["online", transport]);
  }
});

test("it works below a base path", async (context) => {
  const server = await start_server(context, { config: '[http]\nbase_path = "/bells"\n' });
  for (const url of [`${server.url}/bells`, `${server.url}/bells/`]) {
    assert.equal((await open_sdk(context, url).channel(url).publish(1)).offset, 1);
  }
});
