// @carillon/client where something is wrong: a typed error with a hint; it goes on trying where that helps,
// and stops where it does not.
// It takes long.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import { open_sdk, record, sdk, subscribed } from "../support/sdk.mjs";
import { start_server } from "../support/server.mjs";
import { now_s, secret, token_of } from "../support/tokens.mjs";
import { until } from "../support/wait.mjs";
import { open_wire } from "../support/wire.mjs";

const transports = ["websocket", "sse", "longpoll", "polling"];
const access = `[access]\ntoken_secret = "${secret}"\n`;

/** An HTTP server that is not ours. @param {import("node:test").TestContext} context @param {import("node:http").RequestListener} answer */
async function start_stranger(context, answer) {
  const server = createServer(answer);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${/** @type {any} */ (server.address()).port}`;
}

/** Its state once it is as wanted. @param {any} client @param {string} name */
async function state(client, name) {
  await until(() => client.state.name === name, { what: () => `${name}; it is ${sdk.describeState(client.state)}` });
  return client.state;
}

/** @param {any} error @param {string} code */
function check_error(error, code) {
  assert.ok(error instanceof sdk.CarillonError);
  assert.equal(error.code, code, error.message);
  assert.ok(error.message.length > 10, error.message);
  assert.ok(error.hint.length > 10, "it has a hint");
}

test("an address that can be none is refused at once", () => {
  for (const url of ["", "nonsense", "ftp://example.org", "http://user:word@example.org"]) {
    assert.throws(() => new sdk.Carillon(url), (error) => {
      check_error(error, "bad_url");
      return true;
    });
  }
});

test("no server: it goes on trying, and finds it when it comes", async (context) => {
  const first = await start_server(context);
  const address = new URL(first.url).host;
  await first.stop();
  const client = open_sdk(context, `http://${address}`);
  const waiting = client.channel("c").publish(1);
  const { error, retryMs } = await state(client, "offline");
  check_error(error, "unreachable");
  assert.ok(retryMs >= 0);
  await start_server(context, { listen: [address] });
  assert.equal((await waiting).offset, 1);
});

test("another server's page: it stops and says so", async (context) => {
  const pages = {
    "a page": [200, "text/html", "<h1>Welcome</h1>"],
    "another API": [200, "application/json", "{}"],
    "no such page": [404, "text/html", "<h1>Not found</h1>"],
  };
  for (const [name, [status, type, body]] of Object.entries(pages)) {
    const url = await start_stranger(context, (_, response) => {
      response.writeHead(Number(status), { "Content-Type": type }).end(body);
    });
    const client = open_sdk(context, url);
    const publishing = client.channel("c").publish(1);
    await assert.rejects(publishing, { code: "not_carillon" }, name);
    check_error((await state(client, "denied")).error, "not_carillon");
    await assert.rejects(client.channel("c").publish(2), { code: "not_carillon" });
  }
});

test("a proxy without its server passes; its Retry-After is obeyed", async (context) => {
  const { url: real } = await start_server(context);
  let refused_count = 0;
  let asked_at_ms = 0;
  const url = await start_stranger(context, (request, response) => {
    if (refused_count++ === 0) {
      asked_at_ms = performance.now();
      response.writeHead(503, { "Retry-After": "1" }).end("no server");
    } else {
      assert.ok(performance.now() - asked_at_ms >= 990, "not before the second is over");
      response.writeHead(307, { Location: `${real}${request.url}` }).end();
    }
  });
  const client = open_sdk(context, url, { transports: ["longpoll"] });
  client.connect();
  const { error } = await state(client, "offline");
  check_error(error, "not_carillon");
  assert.deepEqual([error.status, error.waitMs, error.retryable], [503, 1000, true]);
  await state(client, "online");
});

test("a server of another protocol version: it stops and says so", async (context) => {
  const url = await start_stranger(context, (_, response) => {
    response.writeHead(200, { "Content-Type": "application/json" });
    response.end(JSON.stringify({ version: 2, transports: [], publish: "/api/messages", commands: "/api/commands" }));
  });
  const client = open_sdk(context, url);
  client.connect();
  check_error((await state(client, "denied")).error, "version");
});

test("without a transport in common it stops and says so", async (context) => {
  const server = await start_server(context);
  const client = open_sdk(context, server.url, { transports: ["datachannel"] });
  client.connect();
  check_error((await state(client, "denied")).error, "no_transport");
});

for (const transport of transports) {
  const options = { transports: [transport] };

  test(`${transport}: a refused token is asked for anew once, then it stops; connect() tries again`, async (context) => {
    const server = await start_server(context, { config: access });
    let asked_count = 0;
    let is_good = false;
    const good = () => token_of({ sub: "ann", exp: now_s() + 600, channels: { "*": ["*"] } });
    const token = () => {
      asked_count++;
      return is_good ? good() : token_of({ sub: "ann" }, "a secret that is not the server's");
    };
    const client = open_sdk(context, server.url, { ...options, token });
    const heard = record(client.channel("c"));
    check_error((await state(client, "denied")).error, "unauthenticated");
    assert.equal(asked_count, 2);
    await assert.rejects(client.channel("c").publish(1), { code: "unauthenticated" });
    is_good = true;
    client.connect();
    await state(client, "online");
    await client.channel("c").publish(2);
    await until(() => heard.messages.length === 1, { what: "the message" });
    assert.deepEqual(heard.messages[0].from.user, "ann");
    assert.equal(asked_count, 3);
  });

  test(`${transport}: a channel that is forbidden fails alone`, async (context) => {
    const server = await start_server(context, { config: access });
    const token = token_of({ sub: "ann", channels: { "open:*": ["*"], "quiet": ["publish"] } });
    const client = open_sdk(context, server.url, { ...options, token });
    const closed = record(client.channel("closed"));
    const open = record(client.channel("open:1"));
    await subscribed(client.channel("open:1"));
    await until(() => closed.errors.length === 1, { what: "the refusal" });
    check_error(closed.errors[0], "forbidden");
    await client.channel("open:1").publish(1);
    await until(() => open.messages.length === 1, { what: "the message" });
    await assert.rejects(client.channel("closed").publish(1), { code: "forbidden" });
    await assert.rejects(client.channel("quiet").history(), { code: "forbidden" });
    assert.equal((await client.channel("quiet").publish(1)).offset, 1);
    assert.equal(client.state.name, "online");
  });

  test(`${transport}: tokens that end are renewed before, and nothing is lost`, async (context) => {
    const server = await start_server(context, { config: access });
    let asked_count = 0;
    const token = () => {
      asked_count++;
      return token_of({ sub: "ann", exp: Math.floor(Date.now() / 1000) + 3, channels: { "*": ["*"] } });
    };
    const client = open_sdk(context, server.url, { ...options, token });
    const heard = record(client.channel("c"));
    await subscribed(client.channel("c"));
    let number = 0;
    while (asked_count < 3) await client.channel("c").publish(++number);
    await until(() => heard.messages.length === number, { what: "all messages" });
    assert.deepEqual(heard.messages.map(({ data }) => data), Array.from({ length: number }, (_, index) => index + 1));
    assert.deepEqual([heard.gaps, client.stats.failures], [[], 0]);
  });

  test(`${transport}: what is too large is refused, the rest goes on`, async (context) => {
    const server = await start_server(context);
    const client = open_sdk(context, server.url, options);
    const outcomes = await Promise.allSettled([1, "x".repeat(70_000), 3].map((data) => client.channel("c").publish(data)));
    assert.deepEqual(outcomes.map(({ status }) => status), ["fulfilled", "rejected", "fulfilled"]);
    check_error(/** @type {any} */ (outcomes[1]).reason, "too_large");
  });
}

test("where anonymous clients may not publish, publishing fails and hearing goes on", async (context) => {
  const server = await start_server(context, { config: `${access}anonymous = ["subscribe"]\n` });
  for (const transport of transports) {
    const client = open_sdk(context, server.url, { transports: [transport] });
    record(client.channel("c"));
    await subscribed(client.channel("c"));
    await assert.rejects(client.channel("c").publish(1), { code: "unauthenticated" });
    assert.equal(client.state.name, "online");
  }
});

test("a token function that fails is asked again", async (context) => {
  const server = await start_server(context, { config: access });
  let asked_count = 0;
  const token = async () => {
    if (asked_count++ === 0) throw new Error("the back end does not answer");
    return token_of({ channels: { "*": ["*"] } });
  };
  const client = open_sdk(context, server.url, { token });
  /** @type {any[]} */
  const troubles = [];
  client.on("error", (/** @type {any} */ error) => troubles.push(error));
  assert.equal((await client.channel("c").publish(1)).offset, 1);
  check_error(troubles[0], "token_failed");
  assert.match(troubles[0].message, /the back end does not answer/);
});

test("a full server is left alone for as long as it says", async (context) => {
  const server = await start_server(context, { under: ["bash", "-c", 'ulimit -n 64; exec "$@"', "-"] });
  const wires = await Promise.all(Array.from({ length: 120 }, () => open_wire(context, server.url)));
  await until(() => wires.some((wire) => wire.over), { what: "it to be full" });
  const client = open_sdk(context, server.url);
  client.connect();
  // The refusal may be overtaken by the reset that follows it: then the next try hears it.
  await until(() => client.state.error?.code === "too_many_connections", { what: "the refusal" });
  check_error(client.state.error, "too_many_connections");
  assert.ok(client.state.retryMs >= 5_000, "its Retry-After");
});

test("what was closed stays closed", async (context) => {
  const server = await start_server(context);
  const client = open_sdk(context, server.url);
  const heard = record(client.channel("c"));
  await client.channel("c").publish(1);
  client.close();
  client.close();
  assert.equal(client.state.name, "closed");
  await assert.rejects(client.channel("c").publish(2), { code: "closed" });
  client.connect();
  assert.equal(client.state.name, "closed");
  await server.http.publish("c", 3);
  assert.ok(heard.messages.length <= 1);
});
