// An application that is asked who each client is: over every transport, whatever it answers, and
// when it does not.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import WebSocket from "ws";
import { start_application } from "../support/application.mjs";
import { CommandSocket, open_socket } from "../support/command_socket.mjs";
import { read_events } from "../support/event_reader.mjs";
import { temporary_folder } from "../support/folder.mjs";
import { read_answer } from "../support/http_wire.mjs";
import { metric } from "../support/metrics.mjs";
import { Server, start_server } from "../support/server.mjs";
import { now_s, secret, token_of } from "../support/tokens.mjs";
import { soon, until } from "../support/wait.mjs";
import { open_wire } from "../support/wire.mjs";

/** @typedef {import("../support/application.mjs").Application} Application */
/** @typedef {import("node:test").TestContext} Context */

const ann = { user: "ann", channels: { "chat:*": ["subscribe", "publish", "history"] } };

/**
 * A server that asks `application`.
 * @param {Context} context @param {Application} application
 * @param {{ more?: string, path?: string, timeout_ms?: number, rest?: string }} [options]
 */
function start(context, application, { more = "", path = "/connect?key=hidden", timeout_ms = 20_000, rest = "" } = {}) {
  const config = `
    [access]
    anonymous = []
    connect_url = "${application.call_url(path)}"
    connect_timeout_ms = ${timeout_ms}
    ${more}
    ${rest}`;
  return start_server(context, { config });
}

/**
 * What each way of connecting is answered: an HTTP status.
 * @type {Record<string, (context: Context, server: Server, headers?: Record<string, string>, channel?: string) => Promise<number>>}
 */
const ways = {
  http: async (_context, server, headers = {}, channel = "chat:a") =>
    (await server.http.request("POST", `/api/messages?channel=${channel}`, { headers, body: "1" })).status,
  polling: async (_context, server, headers = {}, channel = "chat:a") =>
    (await server.http.get(`/api/messages?channel=${channel}`, headers)).status,
  longpoll: async (_context, server, headers = {}, channel = "chat:a") =>
    (await server.http.get(`/api/messages/subscribe?channel=${channel}&timeout=0`, headers)).status,
  sse: async (_context, server, headers = {}, channel = "chat:a") =>
    (await server.http.request("HEAD", `/api/events?channel=${channel}`, { headers })).status,
  commands: async (_context, server, headers = {}) =>
    (await server.http.request("POST", "/api/commands", {
      headers: { ...headers, "content-type": "application/json" }, body: '{"type":"connect"}'
    })).status,
  websocket: async (_context, server, headers = {}) => {
    const socket = new WebSocket(`${server.url.replace("http", "ws")}/ws`, { headers });
    socket.on("error", () => {});
    /** @type {Promise<number>} */
    const status = new Promise((resolve) => {
      socket.once("open", () => (socket.terminate(), resolve(200)));
      socket.once("unexpected-response", (_, response) => (response.resume(), resolve(response.statusCode ?? 0)));
    });
    return soon(status, { what: "the upgrade" });
  },
};

/** @param {Context} context @param {Server} server @param {number} status @param {Record<string, string>} [headers] */
async function all_are(context, server, status, headers) {
  for (const [name, way] of Object.entries(ways)) {
    assert.equal(await way(context, server, headers), status, name);
  }
}

test("who the application lets in is let in, over every transport, for what it says", async (context) => {
  const application = await start_application(context, () => ({ body: ann }));
  const server = await start(context, application);
  await all_are(context, server, 200);
  for (const name of ["http", "polling", "longpoll", "sse"]) {
    assert.equal(await ways[name](context, server, {}, "news"), 403, name);
  }
  const socket = await open_socket(context, server.url);
  assert.equal((await socket.ask({ type: "subscribe", channel: "chat:a" })).type, "ok");
  assert.equal((await socket.ask({ type: "subscribe", channel: "news" })).code, "forbidden");
  await server.http.request("POST", "/api/messages?channel=chat:a", { body: '"hi"' });
  await until(() => socket.frames.some((frame) => frame.data === "hi"), { what: "the message" });
  assert.deepEqual(socket.frames.find((frame) => frame.data === "hi").from, { user: "ann" });
  assert.equal(application.questions.length, Object.keys(ways).length + 4 + 2);
});

test("each connect is asked about once, with what tells who it is", async (context) => {
  const application = await start_application(context, () => ({ body: ann }));
  const more = `connect_headers = ["X-Device", "User-Agent"]\nhosts = ["live.example.org"]\ntrusted_proxies = ["127.0.0.1"]`;
  const server = await start(context, application, { more });
  const headers = {
    cookie: "session=abc; other=1", "x-device": "phone", "x-other": "no", "user-agent": "tester",
    "x-forwarded-for": "192.0.2.7", host: "live.example.org"
  };
  const transports = { http: "http", polling: "http", longpoll: "longpoll", sse: "sse", commands: "http", websocket: "websocket" };
  for (const [name, transport] of Object.entries(transports)) {
    assert.equal(await ways[name](context, server, headers), 200, name);
    const question = application.questions.pop();
    assert.ok(question && application.questions.length === 0, name);
    assert.equal(question.path, "/connect?key=hidden");
    assert.equal(question.headers.cookie, headers.cookie);
    assert.equal(question.headers["x-device"], "phone");
    assert.equal(question.headers["user-agent"], "tester");
    assert.equal(question.headers["x-other"], undefined);
    assert.equal(question.headers["x-forwarded-for"], undefined);
    assert.equal(question.headers.host, new URL(application.url).host);
    const { url, ...rest } = question.body;
    assert.deepEqual(rest, { transport, host: "live.example.org", address: "192.0.2.7" });
    assert.match(url, /^\/(api|ws)/);
  }
});

test("an application may listen on a Unix socket", async (context) => {
  const socket_path = join(temporary_folder(), "application.sock");
  const application = await start_application(context, () => ({ body: ann }), { socket_path });
  const server = await start(context, application);
  await all_are(context, server, 200);
  assert.equal(application.questions[0].headers.host, "localhost");
});

test("one socket is one question, whatever it does", async (context) => {
  const application = await start_application(context, () => ({ body: ann }));
  const server = await start(context, application);
  const socket = await open_socket(context, `${server.url}`);
  for (const channel of ["chat:a", "chat:b"]) await socket.ask({ type: "subscribe", channel });
  await socket.ask({ type: "message", channel: "chat:a", data: 1 });
  await socket.ask({ type: "connect" });
  assert.equal(application.questions.length, 1);
});

test("cookies and credentials of other sites' pages are not passed on", async (context) => {
  const application = await start_application(context, ({ headers }) =>
    headers.cookie || headers.authorization ? { body: ann } : { status: 401 });
  const server = await start(context, application, {
    more: `connect_headers = ["Authorization"]\norigins = ["https://app.example.com"]`
  });
  /** @type {Record<string, string>[]} */
  const all_credentials = [{ cookie: "session=abc" }, { authorization: "Basic YTpi" }];
  for (const credentials of all_credentials) {
    const { origin } = new URL(server.url);
    await all_are(context, server, 200, credentials);
    await all_are(context, server, 200, { ...credentials, origin });
    await all_are(context, server, 200, { ...credentials, origin: "https://app.example.com" });
    const foreign = { ...credentials, origin: "https://evil.example.com" };
    assert.equal(await ways.polling(context, server, foreign), 401);
    assert.equal(await ways.longpoll(context, server, foreign), 401);
    const picture = { ...credentials, "sec-fetch-site": "cross-site" };
    await all_are(context, server, 401, picture);
    assert.equal(await ways.websocket(context, server, foreign), 403);
  }
});

test("a bearer token that is for the application goes to it, beside API keys", async (context) => {
  const key = "the key of a back end, 32 characters or more";
  const application = await start_application(context, ({ headers }) =>
    headers.authorization === "Bearer for the application" ? { body: ann } : { status: 401 });
  const server = await start(context, application, {
    more: `connect_headers = ["Authorization"]\n[api_key.back_end]\nsecret = "${key}"\nscopes = ["*"]`
  });
  await all_are(context, server, 200, { authorization: "Bearer for the application" });
  await all_are(context, server, 401, { authorization: "Bearer for another" });
  const asked = application.questions.length;
  await all_are(context, server, 200, { authorization: `Bearer ${key}` });
  assert.equal(application.questions.length, asked, "whom an API key names is not asked for");
});

test("cookies do not count where every page may use the server", async (context) => {
  const application = await start_application(context, ({ headers }) => (headers.cookie ? { body: ann } : { status: 401 }));
  const server = await start(context, application, { more: `origins = ["*"]` });
  await all_are(context, server, 401, { cookie: "session=abc", origin: "https://app.example.com" });
});

test("who is refused is refused, over every transport, and the next one is asked about anew", async (context) => {
  const application = await start_application(context, () => ({ status: 401 }));
  const server = await start(context, application);
  await all_are(context, server, 401);
  application.answer = () => ({ status: 403, body: ann });
  await all_are(context, server, 403);
  application.answer = () => ({ body: ann });
  await all_are(context, server, 200);
  const count = Object.keys(ways).length;
  assert.equal(await metric(server.http, "carillon_connect_calls_total", { result: "refused" }), 2 * count);
  assert.equal(await metric(server.http, "carillon_connect_calls_total", { result: "allowed" }), count);
  assert.equal(await metric(server.http, "carillon_connect_call_seconds_count"), 3 * count);
});

test("what anybody may do does not count for who is refused", async (context) => {
  const application = await start_application(context, () => ({ status: 403 }));
  const server = await start_server(context, {
    config: `[access]\nanonymous = ["subscribe", "publish", "history"]\nconnect_url = "${application.url}/"`
  });
  await all_are(context, server, 403);
});

test("an answer that says nothing names nobody", async (context) => {
  const application = await start_application(context, () => ({ body: {} }));
  const server = await start_server(context, {
    config: `[access]\nanonymous = ["publish"]\nconnect_url = "${application.url}/"`
  });
  assert.equal(await ways.http(context, server), 200);
  assert.equal(await ways.polling(context, server), 403);
});

const no_answers = [
  { status: 500 }, { status: 302, headers: { location: "/elsewhere" } }, { status: 204, body: "" }, { status: 404 },
  { body: "" }, { body: "[]" }, { body: "ann" }, { body: '{"user":"ann"' }, { body: { user: 5 } },
  { body: { ...ann, channels: ["chat:*"] } }, { body: { ...ann, expires_at: "tomorrow" } },
  { body: { ...ann, expires_at: 1000 } }, { body: '{"user":"ann","user":"bob"}' },
  { body: { ...ann, more: "x".repeat(70_000) } },
];

test("whatever is no clear answer lets nobody in", async (context) => {
  const application = await start_application(context, () => ({ body: ann }));
  const server = await start(context, application);
  for (const answer of no_answers) {
    application.answer = () => answer;
    const reply = await server.http.get("/api/messages?channel=chat:a");
    assert.equal(reply.status, 503, JSON.stringify(answer).slice(0, 100));
    assert.equal(reply.json.code, "unavailable");
    assert.ok(Number(reply.headers["retry-after"]) > 0);
  }
  await all_are(context, server, 503);
  const errors = server.log.match(/\[access\] connect_url http:\/\/127\.0\.0\.1:\d+\/connect: its answer has the status 500/g);
  assert.equal(errors?.length, 1, server.log);
  assert.doesNotMatch(server.log, /hidden/);
});

test("an application that is too slow lets nobody in, and others are served meanwhile", async (context) => {
  /** @type {(() => void)[]} */
  const held = [];
  const application = await start_application(context, () => new Promise((resolve) => held.push(() => resolve({ body: ann }))));
  const server = await start(context, application, { timeout_ms: 300, more: `token_secret = "${secret}"` });
  const answers = Promise.all(Object.values(ways).map((way) => way(context, server)));
  await until(() => held.length > 0, { what: "a question" });
  const token = token_of({ sub: "bob", channels: { "*": ["*"] } });
  assert.equal(await ways.http(context, server, { authorization: `Bearer ${token}` }), 200);
  assert.deepEqual(new Set(await soon(answers, { what: "the answers" })), new Set([503]));
  for (const answer of held) answer();
  assert.match(server.log, /no answer within 300 ms/);
  application.answer = () => ({ body: ann });
  await all_are(context, server, 200);
  assert.match(server.log, /it answers again/);
});

test("who is revoked while the application thinks is not let in, and is when it is asked again", async (context) => {
  const key = "the key of a back end, 32 characters or more";
  /** @type {(() => void)[]} */
  const held = [];
  const application = await start_application(context, () => new Promise((resolve) => held.push(() => resolve({ body: ann }))));
  const rest = `[api_key.back_end]\nsecret = "${key}"\nscopes = ["revoke"]\n`;
  const server = await start(context, application, { rest });
  const names = Object.keys(ways);
  const answers = Promise.all(names.map((name) => ways[name]?.(context, server)));
  await until(() => held.length === names.length, { what: "every question" });
  const revoked = await server.http.request("POST", "/api/revoke", {
    headers: { authorization: `Bearer ${key}` }, body: JSON.stringify({ user: "ann" })
  });
  assert.equal(revoked.status, 200);
  for (const answer of held) answer();
  assert.deepEqual(new Set(await soon(answers, { what: "the answers" })), new Set([401]));
  application.answer = () => ({ body: ann });
  await all_are(context, server, 200);
});

test("an application that dies lets nobody in, and everybody when it is back", async (context) => {
  const application = await start_application(context, () => ({ body: ann }));
  const server = await start(context, application);
  const socket = await open_socket(context, server.url);
  for (let turn = 0; turn < 3; turn++) {
    await all_are(context, server, 200);
    await application.die();
    await all_are(context, server, 503);
    assert.equal((await socket.ask({ type: "message", channel: "chat:a", data: turn })).type, "ok");
    await application.come_back();
  }
  await all_are(context, server, 200);
});

test("a connection that was kept and has gone is no failure", async (context) => {
  const application = await start_application(context, () => ({ body: ann }));
  const server = await start(context, application);
  for (let turn = 0; turn < 20; turn++) {
    application.cut_connections();
    assert.equal(await ways.polling(context, server), 200);
  }
});

test("what it lets in ends when it says, in mid-session", async (context) => {
  const application = await start_application(context, () => ({ body: { ...ann, expires_at: now_s() + 2 } }));
  const server = await start(context, application);
  const socket = await open_socket(context, server.url);
  const events = read_events(context, `${server.url}/api/events?channel=chat:a`);
  const poll = server.http.get("/api/messages/subscribe?channel=chat:a&timeout=60");
  assert.equal(await soon(socket.closed, { what: "the socket's end" }), 4410);
  assert.equal(socket.frames.at(-1).code, "expired");
  await until(() => events.events.some(({ name, data }) => name === "closing" && data.code === "expired"), { what: "closing" });
  assert.deepEqual((await soon(poll, { what: "the poll" })).json, []);
});

test("a token goes before the application, and one that does not count is refused", async (context) => {
  const application = await start_application(context, () => ({ body: ann }));
  const server = await start(context, application, { more: `token_secret = "${secret}"` });
  const bob = token_of({ sub: "bob", channels: { "chat:*": ["*"] } });
  await all_are(context, server, 200, { authorization: `Bearer ${bob}` });
  await all_are(context, server, 401, { authorization: `Bearer ${bob}x` });
  assert.equal(application.questions.length, 0);
  const socket = await open_socket(context, server.url);
  assert.equal((await socket.ask({ type: "connect", token: bob })).code, "conflict");
});

test("a session that ann has begun is hers", async (context) => {
  const application = await start_application(context, ({ headers }) => ({ body: { ...ann, user: headers.cookie } }));
  const server = await start(context, application);
  const begin = async (/** @type {string} */ cookie) => (await server.http.request("POST", "/api/commands", {
    headers: { cookie, "content-type": "application/json" }, body: '{"type":"connect","id":1}'
  })).json.session;
  const session = await begin("ann");
  assert.equal(await ways.polling(context, server, { cookie: "ann", "carillon-session": session }), 200);
  assert.equal(await ways.polling(context, server, { cookie: "bob", "carillon-session": session }), 401);
});

test("many connects at once share few connections", async (context) => {
  const application = await start_application(context, () => ({ body: ann }));
  const server = await start(context, application);
  const reactors = Number(process.env.CARILLON_TEST_REACTORS ?? 1);
  const sockets = await Promise.all(Array.from({ length: 200 }, () => open_socket(context, server.url)));
  assert.equal(sockets.length, 200);
  for (let turn = 0; turn < 100; turn++) assert.equal(await ways.polling(context, server), 200);
  assert.equal(application.questions.length, 300);
  assert.ok(application.connection_count <= 8 * reactors, `${application.connection_count} connections`);
});

test("clients that leave while their answer is on its way cost nobody anything", async (context) => {
  /** @type {(() => void)[]} */
  const held = [];
  const application = await start_application(context, () => new Promise((resolve) => held.push(() => resolve({ body: ann }))));
  const server = await start(context, application);
  const leavers = Array.from({ length: 8 }, () => new CommandSocket(server.url));
  await until(() => held.length === 8, { what: "the questions" });
  for (const leaver of leavers) leaver.cut();
  for (const answer of held) answer();
  application.answer = () => ({ body: ann });
  await all_are(context, server, 200);
});

test("frames that come before the answer are heard after the welcome, in their order", async (context) => {
  /** @type {(() => void)[]} */
  const held = [];
  const application = await start_application(context, () => new Promise((resolve) => held.push(() => resolve({ body: ann }))));
  const server = await start(context, application);
  const wire = await open_wire(context, server.url);
  wire.write(
    "GET /ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
  );
  const frame = (/** @type {string} */ text) => Buffer.concat([Buffer.of(0x81, 0x80 | text.length, 0, 0, 0, 0), Buffer.from(text)]);
  await wire.written(frame('{"type":"ping","id":1}'));
  await until(() => held.length === 1, { what: "the question" });
  await wire.written(frame('{"type":"ping","id":2}'));
  held[0]();
  assert.equal((await read_answer(wire)).status, 101);
  await wire.written(frame('{"type":"ping","id":3}'));
  await until(() => wire.rest.includes('"id":3'), { what: () => `the pongs; ${wire}` });
  assert.match(wire.rest.toString("latin1"), /welcome.*"id":1.*"id":2.*"id":3/s);
  wire.cut();
});

test("the end waits neither for kept connections nor for questions", async (context) => {
  const application = await start_application(context, () => ({ body: ann }));
  const server = await start(context, application, { rest: "[server]\ndrain_s = 600" });
  await all_are(context, server, 200);
  application.answer = () => new Promise(() => {});
  const poll = server.http.get("/api/messages?channel=chat:a").catch(() => undefined);
  await until(() => application.questions.length > Object.keys(ways).length, { what: "a question" });
  server.kill("SIGTERM");
  await until(() => application.open_connections <= 1, { what: "the kept connections to be closed" });
  await application.die();
  assert.equal((await soon(poll, { what: "an answer" }))?.status, 503);
  await soon(server.exited, { what: "the end" });
});

test("settings that cannot work are told at the start", async (context) => {
  const application = await start_application(context, () => ({ body: ann }));
  const problems = {
    'connect_url = "https://ann:pw@app.example.com/"': /no user and no password/,
    'connect_url = "ftp://app.example.com/"': /write http:\/\/HOST:PORT\/PATH/,
    'connect_headers = ["Cookie"]': /cannot be passed on/,
    'connect_headers = ["a b"]': /no name of a header/,
  };
  for (const [line, pattern] of Object.entries(problems)) {
    const server = new Server({ config: `[access]\n${line}` });
    assert.notEqual((await soon(server.exited, { what: "the end" })).code, 0);
    assert.match(server.log, pattern);
  }
  assert.equal(application.questions.length, 0);
});
