// Who is let in: Host, Origin, proxies, permissions; and that everything is closed by default.
import assert from "node:assert/strict";
import { request } from "node:http";
import { test } from "node:test";
import WebSocket from "ws";
import { open_socket } from "../support/command_socket.mjs";
import { temporary_folder } from "../support/folder.mjs";
import { run_program } from "../support/program.mjs";
import { server_binary, start_server } from "../support/server.mjs";
import { soon } from "../support/wait.mjs";

/** @typedef {import("../support/server.mjs").Server} Server */
/** @typedef {{ status: number, headers: import("node:http").IncomingHttpHeaders, json: any }} Answer */

/**
 * One request with exactly these fields, Host included.
 * @param {Server} server
 * @param {string} method
 * @param {string} path
 * @param {import("node:http").OutgoingHttpHeaders} headers
 * @param {string} [body]
 * @returns {Promise<Answer>}
 */
function ask(server, method, path, headers, body) {
  /** @type {Promise<Answer>} */
  const answer = new Promise((resolve, reject) => {
    const sent = request(server.url + path, { method, headers, agent: false }, (response) => {
      let text = "";
      const done = () => {
        const is_json = String(response.headers["content-type"]).includes("json");
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          json: is_json && text ? JSON.parse(text) : undefined
        });
      };
      if (response.headers["content-type"]?.startsWith("text/event-stream")) return done(), response.destroy();
      response.setEncoding("utf8").on("data", (piece) => (text += piece)).on("end", done).on("error", reject);
    });
    sent.on("error", reject).end(body);
  });
  return soon(answer, { what: `the answer to ${method} ${path}` });
}

/**
 * The status that a WebSocket's upgrade is answered with.
 * @param {Server} server
 * @param {Record<string, string>} headers
 */
function upgrade_status(server, headers) {
  const socket = new WebSocket(`${server.url}/ws`, { headers });
  socket.on("error", () => {});
  /** @type {Promise<number>} */
  const status = new Promise((resolve) => {
    socket.once("open", () => resolve(101));
    socket.once("unexpected-response", (_request, response) => resolve(response.statusCode ?? 0));
  });
  return soon(status, { what: "the answer to an upgrade" }).finally(() => socket.terminate());
}

const everything = 'anonymous = ["subscribe", "publish", "history", "ephemeral"]';

test("Host may be an address, localhost or a name that is listed", async (context) => {
  const server = await start_server(
    context, { config: `[access]\n${everything}\nhosts = ["live.example.org", "*.example.net"]\n` }
  );
  const port = new URL(server.url).port;
  const allowed = [
    "127.0.0.1",
    `127.0.0.1:${port}`,
    "192.0.2.7:1",
    "[::1]:80",
    "[2001:db8::1]",
    "localhost",
    "LOCALHOST:9",
    "a.b.localhost",
    "live.example.org",
    "Live.Example.ORG:443",
    "a.example.net",
    "a.b.example.net",
  ];
  for (const host of allowed) assert.equal((await ask(server, "GET", "/healthz", { host })).status, 200, host);
  const refused =
    ["evil.example", "example.net", "live.example.org.evil.example", "notlocalhost", "localhost.evil.example"];
  for (const host of refused) {
    const answer = await ask(server, "GET", "/healthz", { host });
    assert.equal(answer.status, 403, host);
    assert.equal(answer.json.code, "forbidden");
    assert.match(answer.json.detail, /\[access\] hosts/, "it says which key to set");
    assert.equal(await upgrade_status(server, { host }), 403, host);
  }
});

test("over a Unix socket Host does not matter", async (context) => {
  const server = await start_server(context, { listen: ["unix"] });
  for (const host of ["evil.example", "localhost"]) {
    const words = ["-sS", "--max-time", "20", "--unix-socket", server.unix_path, `http://${host}/healthz`];
    assert.equal((await run_program("curl", words)).output, "ok\n");
  }
});

test("pages of foreign origins are kept from all that changes or streams", async (context) => {
  const server = await start_server(context);
  const host = new URL(server.url).host;
  const own = `http://${host}`;
  for (const origin of ["http://evil.example", "null", `https://${host}`, "http://127.0.0.1:1", `${own}, ${own}`]) {
    const headers = { host, origin };
    assert.equal((await ask(server, "POST", "/api/messages?channel=c", headers, "1")).status, 403, origin);
    assert.equal((await ask(server, "POST", "/api/commands", headers, '{"type":"ping"}')).status, 403, origin);
    assert.equal((await ask(server, "GET", "/api/events?channel=c", headers)).status, 403, origin);
    assert.equal(await upgrade_status(server, { origin }), 403, origin);
    const read = await ask(server, "GET", "/api/messages?channel=c", headers);
    assert.equal(read.status, 200);
    assert.equal(read.headers["access-control-allow-origin"], undefined, "its script cannot read it");
  }
  assert.equal((await ask(server, "POST", "/api/messages?channel=c", { host, origin: own }, "1")).status, 200);
  assert.equal((await ask(server, "GET", "/api/events?channel=c", { host, origin: own })).status, 200);
  assert.equal(await upgrade_status(server, { origin: own }), 101);
});

test("listed origins may do everything, and their scripts may read the answers", async (context) => {
  const config =
    `[access]\n${everything}\norigins = ["https://app.example.com", "https://*.example.net", "null"]\n`;
  const server = await start_server(context, { config });
  for (const origin of ["https://app.example.com", "https://a.example.net", "null"]) {
    const published = await ask(server, "POST", "/api/messages?channel=c", { origin }, "1");
    assert.equal(published.status, 200, origin);
    const read = await ask(server, "GET", "/api/messages?channel=c", { origin });
    for (const { headers } of [published, read]) {
      assert.equal(headers["access-control-allow-origin"], origin);
      assert.match(String(headers.vary), /origin/i);
    }
    const exposed = String(read.headers["access-control-expose-headers"]).toLowerCase();
    for (const name of ["carillon-position", "carillon-gap", "etag"]) assert.ok(exposed.includes(name), name);
    const refused = await ask(server, "GET", "/api/messages?channel=a%20b", { origin });
    assert.equal(refused.status, 400);
    assert.equal(refused.headers["access-control-allow-origin"], origin, "errors can be read as well");
    assert.equal(await upgrade_status(server, { origin }), 101);
  }
  assert.equal(
    (await ask(server, "POST", "/api/messages?channel=c", { origin: "https://example.net" }, "1")).status, 403
  );
});

test("a preflight is answered for who is listed, and for nobody else", async (context) => {
  const server =
    await start_server(context, { config: `[access]\n${everything}\norigins = ["https://app.example.com"]\n` });
  const asked = {
    origin: "https://app.example.com",
    "access-control-request-method": "POST",
    "access-control-request-headers": "content-type, idempotency-key, carillon-session",
  };
  const yes = await ask(server, "OPTIONS", "/api/messages", asked);
  assert.equal(yes.status, 204);
  assert.equal(yes.headers["access-control-allow-origin"], "https://app.example.com");
  assert.match(String(yes.headers["access-control-allow-methods"]), /POST/);
  const allowed = String(yes.headers["access-control-allow-headers"]).toLowerCase();
  for (const name of ["content-type", "idempotency-key", "carillon-session", "last-event-id"]) {
    assert.ok(allowed.includes(name), `${name} in ${allowed}`);
  }
  const no = await ask(server, "OPTIONS", "/api/messages", { ...asked, origin: "https://evil.example" });
  assert.equal(no.headers["access-control-allow-origin"], undefined);
  assert.equal(no.headers["access-control-allow-methods"], undefined);
});

test("without [access] what came through a proxy is refused, and the key to set is named", async (context) => {
  const server = await start_server(context);
  const traces = {
    forwarded: "for=192.0.2.1",
    "x-forwarded-for": "192.0.2.1",
    "x-forwarded-host": "a.example",
    "x-real-ip": "192.0.2.1",
    via: "1.1 proxy"
  };
  for (const [name, value] of Object.entries(traces)) {
    const answer = await ask(server, "GET", "/api/messages", { [name]: value });
    assert.equal(answer.status, 403, name);
    assert.match(answer.json.detail, /\[access\]/, name);
    assert.equal(await upgrade_status(server, { [name]: value }), 403, name);
  }
});

test("with [access] nobody may do what is not listed", async (context) => {
  const actions = ["subscribe", "publish", "history", "ephemeral"];
  for (const granted of [[], ...actions.map((action) => [action])]) {
    const server = await start_server(context, { config: `[access]\nanonymous = ${JSON.stringify(granted)}\n` });
    const status = (/** @type {string} */ action) => (granted.includes(action) ? 200 : 401);
    const { http } = server;
    const what = `with ${granted}`;
    const published = await http.post_json("/api/messages", { channel: "c", data: 1 });
    assert.equal(published.status, status("publish"), what);
    if (published.status === 401) {
      assert.equal(published.json.code, "unauthenticated");
      assert.match(published.json.detail, /publish.*\[access\] anonymous/);
    }
    assert.equal((await http.get("/api/messages?channel=c")).status, status("history"), what);
    assert.equal((await http.get("/api/messages?channel=c&since=1")).status, status("subscribe"), what);
    assert.equal((await http.get("/api/messages?channel=c&after=-")).status, status("history"), what);
    assert.equal((await http.get("/api/messages/subscribe?channel=c&timeout=0")).status, status("subscribe"), what);
    assert.equal((await http.request("HEAD", "/api/events?channel=c")).status, status("subscribe"), what);

    const socket = await open_socket(context, server.url);
    /** @type {[string, object][]} */
    const commands = [
      ["publish", { type: "message", channel: "c", data: 1 }],
      ["history", { type: "history", channel: "c" }],
      ["ephemeral", { type: "ephemeral", channel: "c", data: 1 }],
      ["subscribe", { type: "subscribe", channel: "c" }],
    ];
    for (const [action, command] of commands) {
      const reply = await socket.ask(command);
      assert.equal(reply.code, granted.includes(action) ? undefined : "unauthenticated", `${action} ${what}`);
      if (action === "subscribe") continue;
      const posted = await http.post_json("/api/commands", { ...command, id: 1 });
      assert.equal(posted.json.type, granted.includes(action) ? "ok" : "error", `${action} ${what}`);
    }
    const latest = await socket.ask({ type: "subscribe", channel: "d", history: 5 });
    assert.equal(latest.code, "unauthenticated", `history by subscribe ${what}`);
    socket.cut();
    await server.stop();
  }
});

test("what is for programs on this machine is not for who comes through a proxy", async (context) => {
  const config = `[access]\n${everything}\ntrusted_proxies = ["127.0.0.1"]\n`;
  const server = await start_server(context, { config });
  for (const headers of [{}, { "x-forwarded-for": "127.0.0.1" }, { "x-forwarded-for": "192.0.2.1" }]) {
    for (const path of ["/metrics", "/readyz", "/api/channels"]) {
      const answer = await ask(server, "GET", path, headers);
      assert.equal(answer.status, 403, `${path} ${JSON.stringify(headers)}`);
    }
    assert.equal((await ask(server, "GET", "/healthz", headers)).status, 200);
  }
});

test("a trusted proxy's word on scheme and host counts, another's does not", async (context) => {
  const config = (/** @type {string} */ proxies) =>
    `[access]\n${everything}\nhosts = ["live.example.org"]\ntrusted_proxies = [${proxies}]\n`;
  const headers = {
    "x-forwarded-for": "192.0.2.1",
    "x-forwarded-proto": "https",
    "x-forwarded-host": "live.example.org",
    origin: "https://live.example.org"
  };
  const trusting = await start_server(context, { config: config('"127.0.0.0/8"') });
  assert.equal((await ask(trusting, "POST", "/api/messages?channel=c", headers, "1")).status, 200);
  assert.equal(await upgrade_status(trusting, headers), 101);
  const poll = await ask(trusting, "GET", "/api/messages/subscribe?channel=c&timeout=0", headers);
  assert.match(String(poll.headers["set-cookie"]), /; Secure/);
  const evil = { "x-forwarded-for": "192.0.2.1", "x-forwarded-host": "evil.example" };
  assert.equal((await ask(trusting, "GET", "/healthz", evil)).status, 403);
  assert.equal((await ask(trusting, "GET", "/healthz", { forwarded: "for=;;" })).status, 400, "malformed");

  const wary = await start_server(context, { config: config("") });
  assert.equal((await ask(wary, "POST", "/api/messages?channel=c", headers, "1")).status, 403);
  assert.equal(
    (await ask(wary, "POST", "/api/messages?channel=c", { "x-forwarded-for": "192.0.2.1" }, "1")).status, 200
  );
});

test("without [access] no other address than this machine's is listened on", async () => {
  const folder = temporary_folder();
  for (const address of ["0.0.0.0:0", "[::]:0", ":0"]) {
    const { code, errors } = await run_program(server_binary(), ["serve", "--listen", address], { cwd: folder });
    assert.equal(code, 1, address);
    assert.match(errors, /\[access\]/, "it says what to write");
    assert.match(errors, /anonymous = \["subscribe", "publish", "history", "ephemeral"\]/);
  }
});
