// Tokens that are taken back: what they opened ends at once, on every transport, and they count no
// more, not even after a restart.
import assert from "node:assert/strict";
import { appendFileSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { bearer, call, config, connected, open_all, token_for } from "../support/back_end.mjs";
import { open_socket } from "../support/command_socket.mjs";
import { metric } from "../support/metrics.mjs";
import { kill, Restarts } from "../support/restarts.mjs";
import { start_server } from "../support/server.mjs";
import { fill_disk, inside_of, on_small_disk } from "../support/small_disk.mjs";
import { now_s } from "../support/tokens.mjs";
import { soon, until } from "../support/wait.mjs";

/** @param {import("../support/server.mjs").Server} server @param {string} token */
const status_with = async (server, token) =>
  (await server.http.get("/api/messages?channel=chat", bearer(token))).status;

/** @param {Awaited<ReturnType<typeof open_all>>} opened */
async function assert_all_revoked({ socket, events, poll }) {
  const closing = await socket.frame((frame) => frame.type === "closing", "closing");
  assert.deepEqual([closing.code, closing.reconnect], ["revoked", false]);
  assert.equal(await soon(socket.closed, { what: "the close" }), 4411);
  const [event] = await events.up_to("closing", 1);
  assert.deepEqual([event.data.code, event.data.reconnect], ["revoked", false]);
  const polled = await soon(poll, { what: "the poll" });
  assert.deepEqual([polled.status, polled.json.code], [401, "unauthenticated"]);
  assert.match(polled.json.detail, /has been revoked/);
}

/** What is revoked, whose token that is, and one that goes on. */
const cases = [
  { what: "a token", body: { token: "t1" }, revoked: { sub: "ann", jti: "t1" }, kept: { sub: "ann", jti: "t2" } },
  { what: "a user", body: { user: "ann" }, revoked: { sub: "ann" }, kept: { sub: "bob" } },
  {
    what: "a user's older tokens", body: { user: "ann", issued_before: now_s() - 100 },
    revoked: { sub: "ann", iat: now_s() - 101 }, kept: { sub: "ann", iat: now_s() - 100 },
  },
  {
    what: "everybody's older tokens", body: { issued_before: now_s() - 100 },
    revoked: { sub: "ann", iat: now_s() - 101 }, kept: { sub: "bob", iat: now_s() - 50 },
  },
  {
    what: "a user's tokens that do not say when they were issued", body: { user: "ann", issued_before: 1 },
    revoked: { sub: "ann", iat: undefined }, kept: { sub: "ann" },
  },
];

for (const { what, body, revoked, kept } of cases) {
  test(`${what}: ended at once, on every transport`, async (context) => {
    const server = await start_server(context, { config });
    const [old_token, good_token] = [token_for(revoked), token_for(kept)];
    const opened = await open_all(context, server, old_token);
    const other = await open_all(context, server, good_token);
    const own = revoked.sub === kept.sub ? 6 : 3;
    await connected(server, revoked.sub, own);
    const answer = await call(server, "/api/revoke", body);
    assert.deepEqual([answer.status, answer.json.disconnected], [200, 3]);
    assert.ok(answer.json.until > now_s() + 86_000);
    // In force when the answer is there, on whichever reactor one asks.
    for (let i = 0; i < 8; ++i) {
      const socket = await server.http.request("GET", "/api/messages?channel=chat", { headers: { ...bearer(old_token), connection: "close" } });
      assert.equal(socket.status, 401);
    }
    await assert_all_revoked(opened);
    await other.socket.settle();
    await connected(server, kept.sub, 3);
    assert.equal(await status_with(server, good_token), 200);
    const refused = await other.socket.ask({ type: "connect", token: old_token });
    assert.equal(refused.type, "error");
    assert.ok((await metric(server.http, "carillon_revocations", { reactor: "0" })) === 1);
  });
}

test("a newer token of the same user counts", async (context) => {
  const server = await start_server(context, { config });
  assert.deepEqual((await call(server, "/api/revoke", { user: "ann" })).json.disconnected, 0);
  assert.equal(await status_with(server, token_for({ sub: "ann", iat: now_s() - 1 })), 401);
  // The leeway of the server's clock is nought: a second that is to come is not valid yet, so it waits.
  const iat = now_s() + 2;
  const token = token_for({ sub: "ann", iat });
  await until(async () => (await status_with(server, token)) === 200, { what: "the new token to count" });
});

test("what is forgotten counts again", async (context) => {
  const server = await start_server(context, { config });
  const token = token_for({ sub: "ann", jti: "t1" });
  await call(server, "/api/revoke", { token: "t1", for_s: 1 });
  await until(async () => (await status_with(server, token)) === 200, { what: "the token to count again" });
});

for (const durability of ["snapshot", "log"]) {
  test(`a revocation outlives a kill (${durability})`, async (context) => {
    const restarts = new Restarts(context);
    const history = `durability = "${durability}"`;
    const file = join(restarts.data_dir, "revocations");
    let server = await restarts.start(history, { config });
    const [by_id, by_user, good] = [token_for({ jti: "t1" }), token_for({ sub: "ann" }), token_for({ sub: "bob" })];
    await call(server, "/api/revoke", { token: "t1" });
    await call(server, "/api/revoke", { user: "ann" });
    await kill(server);

    appendFileSync(file, "0123456789abcdef 1 99");
    server = await restarts.start(history, { config });
    await server.logged(/ends within a line/);
    await server.logged(/revocations: 2 in force/);
    for (const token of [by_id, by_user]) assert.equal(await status_with(server, token), 401);
    assert.equal(await status_with(server, good), 200);
    await server.stop();

    const [first, second, third] = readFileSync(file, "utf8").split("\n");
    writeFileSync(file, [first, second.replace(/.$/, "?"), third, ""].join("\n"));
    server = await restarts.start(history, { config });
    await server.logged(/1 lines? of .* damaged/);
    await server.logged(/revocations: 1 in force/);
    assert.ok(existsSync(`${file}.damaged`));
    await server.stop();

    writeFileSync(file, "something else\n");
    const { log } = await restarts.refused(history, { config });
    assert.match(log, /revocations is no file of revocations/);
  });
}

/** Revokes one token after the other until that is refused. @param {import("../support/server.mjs").Server} server */
async function revoke_until_refused(server) {
  /** @type {string[]} */
  const acknowledged = [];
  for (;;) {
    const id = "x".repeat(200) + acknowledged.length;
    const reply = await call(server, "/api/revoke", { token: id });
    if (reply.status !== 200) return { acknowledged, refused: id, reply };
    acknowledged.push(id);
    assert.ok(acknowledged.length < 1000, "a full disk refuses");
  }
}

test("on a full disk what was acknowledged is kept, and what was not is told", async (context) => {
  const restarts = new Restarts(context);
  const small = await restarts.start('durability = "snapshot"', { config, under: on_small_disk(restarts.data_dir, 64) });
  const inside = inside_of(small, restarts.data_dir);
  /** What a server finds that starts with what is on the disk now. @param {string} name */
  const successor = async (name) => {
    const after = new Restarts(context);
    mkdirSync(after.data_dir, { recursive: true });
    cpSync(join(inside, "revocations"), join(after.data_dir, "revocations"));
    context.diagnostic(`${name}: ${readFileSync(join(after.data_dir, "revocations"), "utf8").split("\n").length - 1} lines`);
    return after.start('durability = "snapshot"', { config });
  };
  await call(small, "/api/revoke", { user: "ann" });
  const disk = fill_disk(inside);
  const { acknowledged, refused, reply } = await revoke_until_refused(small);
  assert.deepEqual([reply.status, reply.json.code], [503, "unavailable"]);
  await small.logged(/revocations cannot be written: No space left on device/);
  assert.equal(await status_with(small, token_for({ jti: refused })), 401, "in force as long as the process lives");

  const next = await successor("full");
  assert.equal(await status_with(next, token_for({ sub: "ann" })), 401);
  for (const jti of acknowledged) assert.equal(await status_with(next, token_for({ sub: "bob", jti })), 401, jti);
  await next.stop();

  disk.empty();
  await call(small, "/api/revoke", { token: "the last" });
  const last = await successor("with room");
  for (const jti of [...acknowledged, refused, "the last"]) {
    assert.equal(await status_with(last, token_for({ sub: "bob", jti })), 401, jti);
  }
  await last.stop();
});

test("without a data directory a revocation ends with the process", async (context) => {
  const restarts = new Restarts(context);
  let server = await restarts.start('durability = "none"', { config });
  const token = token_for({ jti: "t1" });
  await call(server, "/api/revoke", { token: "t1" });
  assert.equal(await status_with(server, token), 401);
  await server.stop();
  assert.ok(!existsSync(join(restarts.data_dir, "revocations")));
  server = await restarts.start('durability = "none"', { config });
  assert.equal(await status_with(server, token), 200);
  await open_socket(context, server.url, { headers: bearer(token) });
});
