// SIGHUP: what changes while the server runs, what does not, and what a mistake does.
import assert from "node:assert/strict";
import { test } from "node:test";
import { reload } from "../support/restarts.mjs";
import { start_server } from "../support/server.mjs";
import { until } from "../support/wait.mjs";

/** @param {import("../support/server.mjs").Server} server @param {string} channel */
async function retained(server, channel) {
  const reply = await server.http.get(`/api/messages?channel=${channel}`);
  return reply.json.map((/** @type {any} */ message) => message.data);
}

test("settings of channels, limits and access change while it runs", async (context) => {
  const server = await start_server(context, { config: "[history]\ncount = 10\n" });
  for (const data of [1, 2, 3]) {
    await server.http.publish("chat:a", data);
    await server.http.publish("b", data);
  }
  const page = { origin: "https://app.example.com" };
  const publish = () =>
    server.http.request("POST", "/api/messages?channel=c", { headers: { ...page, "content-type": "text/plain" }, body: "x".repeat(200) });
  assert.equal((await publish()).status, 403);

  reload(
    server,
    `[history]
     count = 2
     [namespace.chat]
     history_count = 1
     [limits]
     publication_bytes = 1_000
     [access]
     anonymous = ["subscribe", "publish", "history"]
     origins = ["https://app.example.com"]`,
  );
  await server.logged(/SIGHUP: \[history\] count: 10 becomes 2/);
  await server.logged(/SIGHUP: \[namespace\.chat\] is there now/);
  await server.logged(/SIGHUP: done/);
  await until(async () => (await retained(server, "b")).length === 2, { what: "the shorter history" });
  await until(async () => (await retained(server, "chat:a")).length === 1, { what: "the namespace's history" });
  await until(async () => (await publish()).status === 200, { what: "the origin to be allowed" });
  const large = await server.http.post_json("/api/messages", { channel: "b", data: "x".repeat(2_000) });
  assert.equal(large.status, 413);
});

test("what cannot change is named and stays", async (context) => {
  const server = await start_server(context, { config: '[history]\ndurability = "none"\n' });
  reload(server, '[history]\ndurability = "log"\ncount = 7\n[http]\nbase_path = "/x"\n[server]\nlog_level = "debug"\n');
  await server.logged(/SIGHUP: \[history\] durability stays "none": it is read at the start only/);
  await server.logged(/SIGHUP: \[http\] base_path stays ""/);
  await server.logged(/SIGHUP: \[history\] count: 1000 becomes 7/);
  await server.logged(/SIGHUP: done, 2 settings changed/);
  assert.equal((await server.http.get("/healthz")).status, 200);
});

test("nonsense changes nothing and is told with its line", async (context) => {
  const server = await start_server(context, { config: "[history]\ncount = 2\n" });
  for (const [config, complaint] of /** @type {[string, RegExp][]} */ ([
    ["[history]\ncoun = 5\n", /carillon\.toml:2:1: unknown key "coun" in \[history\]; did you mean "count"\?/],
    ["[history\n", /carillon\.toml:1:\d+: /],
    ["[history]\ncount = -1\n", /carillon\.toml:2:\d+: \[history\] count must be an integer from 0/],
    ["[longpoll]\nmax_s = 5\n", /\[longpoll\] default_s must not be more than max_s, which is 5/],
  ])) {
    reload(server, config);
    await server.logged(complaint);
    await server.logged(/SIGHUP: the settings stay as they were/);
  }
  for (const data of [1, 2, 3]) await server.http.publish("a", data);
  assert.deepEqual(await retained(server, "a"), [2, 3]);
});
