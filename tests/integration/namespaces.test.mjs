// Who may do what in the channels of a namespace, the same on every transport; API keys; channels
// that a token joins; and the program's own explanation of it.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { all_answers } from "../support/all_answers.mjs";
import { run_command } from "../support/command.mjs";
import { CommandSocket } from "../support/command_socket.mjs";
import { read_events } from "../support/event_reader.mjs";
import { temporary_folder } from "../support/folder.mjs";
import { start_server } from "../support/server.mjs";
import { now_s, secret, token_of } from "../support/tokens.mjs";
import { soon, until } from "../support/wait.mjs";

const key = "the key of a back end, 32 characters or more";
const words = ["subscribe", "publish", "history", "ephemeral"];
const allow = (/** @type {string} */ who) => words.map((word) => `allow_${word} = "${who}"`).join("\n");
const config = `[access]
anonymous = []
token_secret = "${secret}"
token_leeway_s = 0
[namespace.open]
${allow("anyone")}
[namespace.members]
${allow("authenticated")}
[namespace.granted]
${allow("token")}
[namespace.official]
${allow("server")}
[api_key.back_end]
secret = "${key}"
scopes = ["subscribe", "publish", "history"]
channels = ["official:*", "open:*", "members:*", "granted:*", "other:*"]
`;
const bearer = (/** @type {string} */ token) => ({ authorization: `Bearer ${token}` });
const spaces = ["open", "members", "granted", "official", "other"];

/** A poll from a position of another life is `gone`, and that is said to who may read. @type {unknown[]} */
const fine = [200, "ok", 410];

/** Whose each namespace is, by who asks; the others get that answer. */
const callers = [
  { who: "anonymous", may: ["open"], refusal: [401, "unauthenticated"] },
  { who: "named", token: { sub: "ann" }, may: ["open", "members"], refusal: [403, "forbidden"] },
  {
    who: "granted", token: { channels: { "granted:*": ["*"], "official:*": ["*"] } },
    may: ["open", "granted"], refusal: [403, "forbidden"],
  },
  { who: "back end", key, may: spaces, refusal: [403, "forbidden"] },
];

test("a namespace says who may use its channels, on every transport", async (context) => {
  const server = await start_server(context, { config });
  for (const caller of callers) {
    const token = caller.key ?? (caller.token && token_of({ exp: now_s() + 3600, ...caller.token }));
    for (const space of spaces) {
      const answers = await all_answers(context, server, token, `${space}:room`);
      const is_server_only = space === "official" && caller.key === undefined;
      for (const [what, answer] of Object.entries(answers)) {
        const told = `${caller.who}, ${space}, ${what}: ${answer}`;
        if (what === "upgrade") assert.equal(answer, 101, told);
        else if (caller.may.includes(space)) assert.ok(fine.includes(answer), told);
        else if (is_server_only) assert.ok(answer === 403 || answer === "forbidden", told);
        else assert.ok(caller.refusal.includes(answer), told);
      }
    }
  }
});

test("an API key is for its scopes and channels, and only as a bearer token", async (context) => {
  const server = await start_server(context, { config });
  const publish = async (/** @type {string} */ path, /** @type {Record<string, string>} */ headers) =>
    (await server.http.request("POST", `/api/messages?channel=${path}`, { headers, body: "1" })).status;
  assert.equal(await publish("official:a", bearer(key)), 200);
  assert.equal(await publish("elsewhere:a", bearer(key)), 403);
  assert.equal(await publish(`official:a&token=${encodeURIComponent(key)}`, {}), 401);
  assert.equal(await publish("official:a", { cookie: `carillon_token=${encodeURIComponent(key)}` }), 401);
  assert.equal(await publish("official:a", bearer(`${key}x`)), 401);
  const list = await server.http.get("/api/channels", bearer(key));
  assert.equal(list.status, 403);
  assert.match(list.text, /the API key .*back_end.* may not list the channels/);
});

test("an API key with the scope may observe from anywhere", async (context) => {
  const server = await start_server(context, {
    config: `[access]\nanonymous = []\ntrusted_proxies = ["127.0.0.1"]\n[api_key.monitor]\nsecret = "${key}"\nscopes = ["observe"]\n`,
  });
  const through = { "x-forwarded-for": "192.0.2.1" };
  for (const path of ["/metrics", "/readyz"]) {
    assert.equal((await server.http.get(path, through)).status, 403, path);
    assert.equal((await server.http.get(path, { ...through, ...bearer(key) })).status, 200, path);
    assert.equal((await server.http.get(path, { ...through, ...bearer(`${key}x`) })).status, 401, path);
  }
  assert.equal((await server.http.get("/api/channels", bearer(key))).status, 403);
});

test("what is a server's is closed to local clients, too", async (context) => {
  const server = await start_server(context, { config: '[namespace.official]\nallow_publish = "server"\n' });
  const publish = async (/** @type {string} */ channel) =>
    (await server.http.request("POST", `/api/messages?channel=${channel}`, { body: "1" })).status;
  assert.equal(await publish("official:a"), 403);
  assert.equal(await publish("chat"), 200);
});

test("a token joins channels, on every transport", async (context) => {
  const server = await start_server(context, { config });
  const token = token_of({ sub: "ann", exp: now_s() + 3600, join: ["official:a", "granted:b"], info: { color: "red" } });
  const of_back_end = async (/** @type {string} */ channel, /** @type {unknown} */ data) =>
    server.http.request("POST", `/api/messages?channel=${channel}`, { headers: bearer(key), body: JSON.stringify(data) });

  const socket = new CommandSocket(server.url, { headers: bearer(token) });
  context.after(() => socket.cut());
  // What is a server's stays one's even where a token would join it.
  await until(() => socket.frames.some((frame) => frame.channel === "granted:b" && frame.type === "ok"), { what: "the join" });
  assert.ok(socket.frames.some((frame) => frame.type === "error" && frame.code === "forbidden"));
  await of_back_end("granted:b", "over a socket");
  await until(() => socket.frames.some((frame) => frame.data === "over a socket"), { what: "the message" });
  const replayed = await socket.ask({ type: "subscribe", channel: "granted:b" });
  assert.equal(replayed.code, "conflict", "it is subscribed already");

  const one = token_of({ sub: "ann", exp: now_s() + 3600, join: ["granted:b"] });
  const events = read_events(context, `${server.url}/api/events`, bearer(one));
  await until(() => events.named("position").length > 0, { what: "its position" });
  const poll = server.http.get("/api/messages/subscribe?timeout=20", bearer(one));
  await until(async () => /"granted:b".*"subscriptions":3/.test((await server.http.get("/api/channels")).text), {
    what: "three readers of granted:b",
  });
  await of_back_end("granted:b", "to all");
  assert.equal((await soon(poll, { what: "the poll" })).json[0].data, "to all");
  await until(() => events.messages.length > 0, { what: "the event" });
  assert.match(JSON.stringify(events.messages[0]), /to all/);
});

test("check-config explains what somebody may do, and which line says so", async (context) => {
  const path = join(temporary_folder(), "carillon.toml");
  writeFileSync(path, `[access]\nanonymous = ["subscribe"]\n[namespace.chat]\nallow_publish = "authenticated"\n`);
  const explain = async (/** @type {string[]} */ ...who) =>
    run_command(context, ["check-config", "--config", path, "--explain", ...who]);
  const named = await explain("chat:a", "ann");
  assert.equal(named.code, 0);
  assert.match(named.output, /subscribe +yes +.*carillon\.toml:2: \[access\] anonymous has "subscribe"/);
  assert.match(named.output, /publish +yes +.*carillon\.toml:4: \[namespace\.chat\] allow_publish/);
  assert.match(named.output, /history +if the token grants it +.*carillon\.toml:2/);
  assert.match((await explain("chat:a")).output, /publish +with a token +/);
  assert.match((await explain("user:ann", "ann")).output, /publish +yes +the channels user:NAME are NAME's own/);
  writeFileSync(path, `[access]\nanonymous = ["publish"]\n[namespace.chat]\nallow_publish = "default"\n[namespace.user]\nallow_publish = "anyone"\n`);
  assert.match((await explain("chat:a")).output, /publish +yes +.*carillon\.toml:2: \[access\] anonymous has "publish"/);
  assert.match((await explain("user:ann", "bob")).output, /publish +if the token grants it +the channels user:NAME are NAME's own/);
  const bad = await explain("no channel");
  assert.equal(bad.code, 2);
  assert.match(bad.errors, /"no channel" is no channel's name/);
});
