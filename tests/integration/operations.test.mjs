// What operators see: health, readiness, metrics, channels, and a configuration that is checked.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { open_socket } from "../support/command_socket.mjs";
import { read_events } from "../support/event_reader.mjs";
import { temporary_folder } from "../support/folder.mjs";
import { HttpClient } from "../support/http.mjs";
import { metric } from "../support/metrics.mjs";
import { run_program } from "../support/program.mjs";
import { server_binary, start_server } from "../support/server.mjs";
import { until } from "../support/wait.mjs";

/**
 * Runs the program with a configuration file.
 * @param {string} config
 * @param {string[]} words          before `--config FILE`
 * @param {Record<string, string>} [environment]
 */
async function run_with(config, words, environment) {
  const folder = temporary_folder();
  const file = join(folder, "carillon.toml");
  writeFileSync(file, config);
  const env = { ...process.env, ...environment };
  return { file, ...(await run_program(server_binary(), [...words, "--config", file], { cwd: folder, env })) };
}

test("health, readiness and metrics answer", async (context) => {
  const { http } = await start_server(context);
  const types = { "/healthz": "text/plain", "/readyz": "text/plain", "/metrics": "text/plain; version=0.0.4" };
  for (const [path, type] of Object.entries(types)) {
    const reply = await http.get(path);
    assert.equal(reply.status, 200, path);
    assert.ok(String(reply.headers["content-type"]).startsWith(type), path);
    assert.equal(reply.headers["cache-control"], "no-store", path);
  }
  assert.deepEqual((await http.get("/api/channels")).json.channels, [], "readiness leaves nothing behind");
});

test("an admin address answers to everybody who can reach it, and to nothing else", async (context) => {
  const config = '[access]\nanonymous = []\ntrusted_proxies = ["127.0.0.1"]\n\n[admin]\nlisten = ["127.0.0.1:0"]\n';
  const server = await start_server(context, { config, listen: ["127.0.0.1:0"] });
  await server.logged(/127\.0\.0\.1:\d+[\s\S]*127\.0\.0\.1:\d+/);
  const urls = [...server.log.matchAll(/http:\/\/127\.0\.0\.1:\d+/g)].map(([url]) => url);
  const statuses = await Promise.all(
    urls.map(async (url) => {
      const http = new HttpClient(url);
      const paths = ["/metrics", "/readyz", "/api/messages"];
      const replies = await Promise.all(paths.map((path) => http.get(path)));
      await http.close();
      return replies.map((reply) => reply.status).join(" ");
    }),
  );
  assert.deepEqual(statuses.sort(), ["200 200 404", "403 403 401"].sort());
});

test("every family of metrics says what it is, and counts move", async (context) => {
  const server = await start_server(context);
  const { http } = server;
  const text = (await http.get("/metrics")).text;
  const families = [...text.matchAll(/^# TYPE (\S+) (counter|gauge|histogram)$/gm)];
  for (const [, name, kind] of families) {
    assert.match(text, new RegExp(`^# HELP ${name} \\S`, "m"));
    assert.match(text, new RegExp(`^${name}${kind === "histogram" ? "_count" : ""}\\{reactor="0"`, "m"), name);
    assert.equal(name.endsWith("_total"), kind === "counter", name);
  }
  const wanted = [
    "endpoints", "publications_total", "deliveries_total", "sends_total", "messages_per_send", "outbox_bytes",
    "drops_total", "limits_hit_total", "delivery_latency_seconds", "tick_seconds",
  ];
  for (const name of wanted) assert.ok(families.some(([, each]) => each === `carillon_${name}`), name);
  for (const line of text.trimEnd().split("\n")) {
    assert.match(
      line, /^(# (HELP|TYPE) .+|[a-z0-9_]+\{[a-z_]+="[^"]*"(,[a-z_]+="[^"]*")*\} (-?[0-9.e+-]+|\+Inf|NaN))$/
    );
  }

  const socket = await open_socket(context, server.url);
  await socket.must({ type: "subscribe", channel: "c" });
  const reader = read_events(context, `${server.url}/api/events?channel=c`);
  await reader.up_to("position", 1);
  assert.equal(await metric(http, "carillon_endpoints", { transport: "websocket" }), 1);
  assert.equal(await metric(http, "carillon_endpoints", { transport: "sse" }), 1);
  assert.equal(await metric(http, "carillon_subscriptions"), 2);
  const before = await metric(http, "carillon_publications_total");
  for (let number = 0; number < 5; number++) await http.publish("c", number);
  await socket.messages_up_to(5);
  await reader.up_to("message", 5);
  await socket.ask({ type: "nope" });
  assert.equal((await metric(http, "carillon_publications_total")) - before, 5);
  const counts = ["carillon_deliveries_total", "carillon_delivery_latency_seconds_count"];
  for (const name of counts) await until(async () => (await metric(http, name)) >= 10, { what: name });
  assert.equal(await metric(http, "carillon_channels"), 1);
  assert.equal(await metric(http, "carillon_history_publications"), 5);
  assert.equal(await metric(http, "carillon_command_errors_total"), 1);
  assert.ok((await metric(http, "carillon_http_responses_total", { status: "2xx" })) >= 5);
  assert.ok((await metric(http, "carillon_sent_bytes_total")) > 0);
});

test("channels are listed by prefix and in pages", async (context) => {
  const { http } = await start_server(context);
  const names = Array.from({ length: 25 }, (_, index) => `room:${String.fromCharCode(97 + index)}`);
  await http.post_json("/api/messages", [...names, "other"].map((channel) => ({ channel, data: 1 })));
  const listed = [];
  for (let after = ""; ; ) {
    const { json } = await http.get(`/api/channels?prefix=room:&limit=10&after=${after}`);
    listed.push(...json.channels);
    if (json.next === undefined) break;
    after = encodeURIComponent(json.next);
  }
  assert.deepEqual(listed.map((each) => each.channel), names);
  const { position, history_bytes } = listed[0];
  assert.match(position, /^[a-z0-9]+:1$/);
  assert.ok(history_bytes > 0);
  assert.deepEqual(listed[0], { channel: "room:a", position, publications: 1, history_bytes, subscriptions: 0 });
  assert.equal((await http.get("/api/channels")).json.channels.length, 26);
  for (const limit of ["0", "-1", "1001", "x"]) {
    assert.equal((await http.get(`/api/channels?limit=${limit}`)).status, 400, limit);
  }
});

test("what is not offered, not there or not allowed is said so", async (context) => {
  const { http } = await start_server(context);
  const presence = await http.get("/api/presence?channel=c");
  assert.deepEqual([presence.status, presence.json.code], [501, "not_supported"]);
  assert.equal((await http.get("/api/nothing")).json.code, "not_found");
  const put = await http.request("PUT", "/api/messages");
  assert.equal(put.status, 405);
  assert.match(String(put.headers.allow), /GET.*HEAD|HEAD.*GET/);
  const options = await http.request("OPTIONS", "/api/events");
  assert.equal(options.status, 204);
  assert.equal(options.headers.allow, "GET, HEAD, OPTIONS");
  const plain = await http.get("/ws");
  assert.equal(plain.status, 426);
  assert.equal(plain.json.code, "bad_request");
});

test("all of it stands below base_path", async (context) => {
  const server = await start_server(context, { config: '[http]\nbase_path = "/live/v1"\n' });
  assert.equal((await server.http.get("/healthz")).status, 404);
  assert.equal((await server.http.get("/live/v10/healthz")).status, 404);
  const http = new HttpClient(`${server.url}/live/v1`);
  context.after(() => http.close());
  assert.equal((await http.get("/healthz")).status, 200);
  const { json } = await http.get("/api/transports");
  assert.equal(json.version, 1);
  assert.deepEqual(
    json.transports.map((/** @type {any} */ each) => `${each.name} ${each.url}`),
    [
      "websocket /live/v1/ws", "sse /live/v1/api/events", "longpoll /live/v1/api/messages/subscribe",
      "polling /live/v1/api/messages"
    ],
  );
  assert.equal(json.publish, "/live/v1/api/messages");
  assert.equal(json.commands, "/live/v1/api/commands");
  const poll = await http.get("/api/messages/subscribe?channel=c&timeout=0");
  assert.match(String(poll.headers["set-cookie"]), /Path=\/live\/v1\/api\/messages\/subscribe;/);
  const socket = await open_socket(context, `${server.url}/live/v1`);
  await socket.must({ type: "subscribe", channel: "c" });
});

test("check-config says ok, or what is wrong and where", async () => {
  const good = await run_with('[server]\nlisten = ["127.0.0.1:1"]\n', ["check-config"]);
  assert.deepEqual([good.code, good.output, good.errors], [0, "ok\n", ""]);
  /** @type {[string, RegExp][]} */
  const cases = [
    ["[server]\nlistne = []\n", /:2:1: .*listne.*listen/],
    ["[servr]\n", /:1:\d+: .*servr.*server/],
    ['[server]\nreactors = "three"\n', /:2:\d+: .*reactors/],
    ["[history]\ncount = -1\n", /:2:\d+: .*count/],
    ["[server\n", /:1:\d+: /],
    ['[server]\n\n  listen = ["nowhere"]\n', /:3:\d+: .*nowhere/],
    ['[access]\nanonymous = ["everything"]\n', /:2:\d+: .*everything/],
  ];
  for (const [config, expected] of cases) {
    for (const verb of ["check-config", "serve"]) {
      const { code, output, errors, file } = await run_with(config, [verb]);
      assert.equal(code, 1, config);
      assert.equal(output, "");
      assert.ok(errors.startsWith(file), errors);
      assert.match(errors, expected);
    }
  }
});

test("the environment and the flags are checked as well", async () => {
  const typo = await run_with("", ["check-config"], { CARILLON_SERVER_LISTNE: "127.0.0.1:0" });
  assert.equal(typo.code, 1);
  assert.match(typo.errors, /CARILLON_SERVER_LISTNE.*CARILLON_SERVER_LISTEN/);
  const value = await run_with("", ["check-config"], { CARILLON_SERVER_REACTORS: "many" });
  assert.equal(value.code, 1);
  assert.match(value.errors, /CARILLON_SERVER_REACTORS/);
  const shown = await run_with(
    "[server]\nreactors = 1\n", ["check-config", "--print"], { CARILLON_SERVER_REACTORS: "2" }
  );
  assert.equal(shown.code, 0);
  assert.match(shown.output, /^reactors = 2$/m, "the environment stands over the file");
  for (const words of [["serve", "--nonsense"], ["nonsense"], [], ["check-config", "--reactors", "1"]]) {
    const { code, errors, output } = await run_program(server_binary(), words);
    assert.equal(code, 2, words.join(" "));
    assert.ok((errors + output).length > 0);
  }
  const flag = await run_with("", ["serve", "--reactors", "x"]);
  assert.notEqual(flag.code, 0);
  const missing = await run_program(server_binary(), ["check-config", "--config", "/nowhere/carillon.toml"]);
  assert.equal(missing.code, 1);
  assert.match(missing.errors, /\/nowhere\/carillon\.toml/);
});

test("version and help answer on standard output", async () => {
  const version = await run_program(server_binary(), ["version"]);
  assert.equal(version.code, 0);
  assert.match(version.output, /^carillon \d+\.\d+\.\d+\S*\n$/);
  const help = await run_program(server_binary(), ["--help"]);
  assert.equal(help.code, 0);
  for (const verb of ["serve", "check-config", "version"]) assert.ok(help.output.includes(verb), verb);
});
