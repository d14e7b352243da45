// `carillon pub`, `sub` and `channels` as somebody uses them in a shell, against a real server.
import assert from "node:assert/strict";
import { test } from "node:test";
import { run_command, start_command } from "../support/command.mjs";
import { start_server } from "../support/server.mjs";
import { until } from "../support/wait.mjs";

/** @typedef {import("node:test").TestContext} Context */

const transports = ["ws", "sse", "longpoll", "poll"];

/** What every command of these tests is told. @param {string} url */
function to(url) {
  return { server: url };
}

/** Waits until somebody listens to the channel. @param {import("../support/server.mjs").Server} server @param {string} channel */
async function heard(server, channel, count = 1) {
  await until(
    async () => {
      const { json } = await server.http.get(`/api/channels?prefix=${encodeURIComponent(channel)}`);
      return json.channels.some((/** @type {any} */ each) => each.subscriptions >= count);
    },
    { what: `${count} subscriptions of ${channel}` },
  );
}

test("pub takes its data as the server takes a body", async (context) => {
  const server = await start_server(context);
  const publish = async (/** @type {string[]} */ words, /** @type {string} */ input = "") => {
    const { code, output, errors } = await run_command(context, ["pub", "c", ...words], { ...to(server.url), input });
    assert.equal(code, 0, errors);
    assert.match(output, /^[a-z0-9]+:\d+\n$/, "the position, and nothing else");
  };
  await publish(['{"text":"hi"}']);
  await publish(["plain words"]);
  await publish(["42"]);
  await publish(["--type", "text", "42"]);
  await publish([""]);
  await publish(["-"], '{"from":\n"stdin"}');
  await publish([], "from a pipe\nin two lines\n");
  await publish(["--type", "binary"], "\u0000\u0001");
  await publish(["--", "--dashes"]);
  const { json } = await server.http.get("/api/messages?channel=c");
  assert.deepEqual(json.map((/** @type {any} */ message) => message.data), [
    { text: "hi" }, "plain words", 42, "42", "", { from: "stdin" }, "from a pipe\nin two lines\n", "AAE=", "--dashes",
  ]);
});

test("pub gives the server key and dedupe, and tells a repetition", async (context) => {
  const server = await start_server(context);
  const first = await run_command(context, ["pub", "c", "1", "--key", "k", "--dedupe", "once", "--json"], to(server.url));
  const second = await run_command(context, ["pub", "c", "1", "--key", "k", "--idempotency-key", "once", "--json"], to(server.url));
  assert.deepEqual(JSON.parse(second.output), { ...JSON.parse(first.output), duplicate: true });
  const { json } = await server.http.get("/api/messages?channel=c");
  assert.equal(json.length, 1);
  assert.equal(json[0].key, "k");
});

test("pub --lines publishes each line as it comes, and many at a time", async (context) => {
  const server = await start_server(context);
  const slow = start_command(context, ["pub", "slow", "--lines"], to(server.url));
  slow.stdin.write('one\n{"two":2}\nhal');
  await slow.printed(2);
  slow.stdin.end("f");
  await slow.printed(3);
  assert.equal(await slow.ended(), 0);
  const count = 2000;
  const input = Array.from({ length: count }, (_, index) => `${index}\n`).join("");
  const quick = await run_command(context, ["pub", "quick", "--lines", "--json"], { ...to(server.url), input });
  assert.equal(quick.code, 0, quick.errors);
  const offsets = quick.output.trim().split("\n").map((line) => JSON.parse(line).offset);
  assert.deepEqual(offsets, Array.from({ length: count }, (_, index) => index + 1));
  const { json } = await server.http.get("/api/messages?channel=slow");
  assert.deepEqual(json.map((/** @type {any} */ message) => message.data), ["one", { two: 2 }, "half"]);
});

test("pub --lines says which lines are not published", async (context) => {
  const server = await start_server(context);
  const publish = async (/** @type {string} */ input, /** @type {string[]} */ ...words) => {
    const done = await run_command(context, ["pub", "c", "--lines", ...words], { ...to(server.url), input });
    assert.equal(done.code, 1);
    return done;
  };
  const bad = await publish("1\n2\nno JSON\n4\n", "--type", "json");
  assert.match(bad.errors, /^carillon: line 3: not the JSON expected.*; nothing from it on was sent/);
  assert.equal(bad.output.split("\n").length, 3, "the receipts of those before it");
  const large = await publish(`3\n"${"x".repeat(70_000)}"\n`, "--json");
  const notice = JSON.parse(large.errors);
  assert.equal(notice.code, "too_large");
  assert.match(notice.message, /\(line 2; nothing after line 2 was sent\)/);
  const all = await publish("4\n5\n6\n", "--key", "k".repeat(300));
  assert.match(all.errors, /bad_request: .*\(line 1 and 2 more; nothing after line 3 was sent\)/);
  const nobody = await run_command(context, ["pub", "c", "--lines"], { ...to("http://127.0.0.1:1"), input: "1\n" });
  assert.match(nobody.errors, /line 1 and those after it are not published/);
  const { json } = await server.http.get("/api/messages?channel=c");
  assert.deepEqual(json.map((/** @type {any} */ message) => message.data), [1, 2, 3]);
});

test("pub --ephemeral reaches who listens, and is not kept", async (context) => {
  const server = await start_server(context);
  const sub = start_command(context, ["sub", "c", "--count", "1", "--json"], to(server.url));
  await heard(server, "c");
  const pub = await run_command(context, ["pub", "c", "--ephemeral", '{"typing":true}'], to(server.url));
  assert.deepEqual(pub, { code: 0, output: "", errors: "" });
  assert.equal(await sub.ended(), 0);
  assert.deepEqual(JSON.parse(sub.output), { type: "ephemeral", channel: "c", data: { typing: true } });
  assert.deepEqual((await server.http.get("/api/messages?channel=c")).json, []);
});

for (const transport of transports) {
  test(`sub over ${transport} prints live messages, one a line, and ends after --count`, async (context) => {
    const server = await start_server(context);
    const start = await server.http.position("a");
    const words = ["--transport", transport, "--count", "4", "--interval", "0.05", "--after", `${start},${start}`];
    const plain = start_command(context, ["sub", "a", "b", ...words], to(server.url));
    const json = start_command(context, ["sub", "a", "b", ...words, "--json"], to(server.url));
    const published = [];
    for (const [channel, data] of [["a", { x: 1 }], ["b", "two\nlines"], ["a", "\u001b[31mred\u009b"], ["b", "é"]]) {
      published.push(await server.http.publish(String(channel), data));
      await Promise.all([plain, json].map((command) => command.printed(published.length)));
    }
    assert.deepEqual([await plain.ended(), await json.ended()], [0, 0], plain.errors + json.errors);
    assert.deepEqual(plain.lines, ['a\t{"x":1}', 'b\t"two\\nlines"', 'a\t"\\u001b[31mred\\u009b"', "b\té"]);
    const messages = json.lines.map((line) => JSON.parse(line));
    assert.deepEqual(messages.map(({ type, ...rest }) => rest), published);
    assert.equal(plain.errors + json.errors, "");
  });

  test(`sub over ${transport} catches up on thousands of messages`, async (context) => {
    const server = await start_server(context, { config: "[namespace.long]\nhistory_count = 5000\n" });
    const count = 2500;
    const input = Array.from({ length: count }, (_, index) => `${index}\n`).join("");
    const start = await server.http.position("long:c");
    await run_command(context, ["pub", "long:c", "--lines"], { ...to(server.url), input });
    const words = ["sub", "long:c", "--transport", transport, "--after", start, "--count", String(count)];
    const sub = await run_command(context, words, to(server.url));
    assert.equal(sub.code, 0, sub.errors);
    assert.ok(sub.output === input, "all of them, once, in order");
    assert.equal(sub.errors, "");
  });

  test(`sub over ${transport} tells a gap and goes on from what is retained`, async (context) => {
    const server = await start_server(context, { config: "[namespace.short]\nhistory_count = 1500\n" });
    const count = 1600;
    const input = Array.from({ length: count }, (_, index) => `${index}\n`).join("");
    const start = await server.http.position("short:c");
    await run_command(context, ["pub", "short:c", "--lines"], { ...to(server.url), input });
    const words = ["sub", "short:c", "--transport", transport, "--after", start, "--count", "1500", "--json"];
    const sub = start_command(context, words, to(server.url));
    assert.equal(await sub.ended(), 0, sub.errors);
    assert.deepEqual(sub.lines.map((line) => JSON.parse(line).data), Array.from({ length: 1500 }, (_, index) => index + 100));
    assert.deepEqual(sub.notices.map(({ type, channel }) => [type, channel]), [["gap", "short:c"]]);
  });

  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) {
    test(`sub over ${transport} ends in good order on ${signal}`, async (context) => {
      const server = await start_server(context);
      const start = await server.http.position("c");
      const words = ["sub", "c", "--transport", transport, "--after", start, "--interval", "0.05"];
      const sub = start_command(context, words, to(server.url));
      const { epoch, offset } = await server.http.publish("c", 1);
      await sub.printed(1);
      sub.kill(signal);
      assert.equal(await sub.ended(), 0, sub.errors);
      assert.equal(sub.errors, `carillon: stopped; go on with --after ${epoch}:${offset}\n`);
    });
  }
}

test("sub --history gives the latest first, then goes on", async (context) => {
  const server = await start_server(context);
  for (const data of [1, 2, 3]) await server.http.publish("c", data);
  for (const transport of transports) {
    const words = ["sub", "c", "--history", "2", "--count", "2", "--transport", transport];
    const sub = await run_command(context, words, to(server.url));
    assert.deepEqual([sub.code, sub.output], [0, "2\n3\n"], sub.errors);
  }
  const sub = start_command(context, ["sub", "c", "--history", "1"], to(server.url));
  await sub.printed(1);
  await server.http.publish("c", 4);
  await sub.printed(2);
  assert.deepEqual(sub.lines, ["3", "4"]);
});

test("sub ends when nobody reads its output any more", async (context) => {
  const server = await start_server(context);
  const sub = start_command(context, ["sub", "c"], to(server.url));
  await heard(server, "c");
  sub.stdout.destroy();
  await server.http.publish("c", 1);
  assert.equal(await sub.ended(), 0, sub.errors);
});

test("sub ends on a signal though nobody takes its output", async (context) => {
  const server = await start_server(context);
  const start = await server.http.position("c");
  const data = "x".repeat(50_000);
  for (let count = 0; count < 12; count++) await server.http.publish("c", data);
  const sub = start_command(context, ["sub", "c", "--after", start], to(server.url));
  await sub.printed(1);
  sub.stdout.pause();
  for (let count = 0; count < 12; count++) await server.http.publish("c", data);
  sub.kill("SIGTERM");
  sub.stdout.resume();
  assert.equal(await sub.ended(), 0, sub.errors);
});

test("channels lists them all, page by page", async (context) => {
  const server = await start_server(context);
  const names = Array.from({ length: 1200 }, (_, index) => `list:${String(index).padStart(4, "0")}`);
  for (let begin = 0; begin < names.length; begin += 600) {
    await server.http.post_json("/api/messages", names.slice(begin, begin + 600).map((channel) => ({ channel, data: 1 })));
  }
  await server.http.publish("other", 1);
  const json = await run_command(context, ["channels", "--prefix", "list:", "--json"], to(server.url));
  const listed = json.output.trim().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(listed.map(({ channel }) => channel), names);
  assert.equal(listed[0].publications, 1);
  const table = await run_command(context, ["channels"], to(server.url));
  const [head, ...rows] = table.output.trim().split("\n");
  assert.match(head, /^CHANNEL +POSITION +PUBLICATIONS/);
  assert.equal(rows.length, names.length + 1);
  assert.match(rows.at(-1) ?? "", /^other +[a-z0-9]+:1 +1 /);
});

test("the commands speak over Unix sockets and under a base path", async (context) => {
  const server = await start_server(context, {
    listen: ["127.0.0.1:0", "unix"], config: '[http]\nbase_path = "/base"\n',
  });
  for (const url of [`${server.url}/base`, `unix:${server.unix_path}:/base`]) {
    for (const transport of transports) {
      const pub = await run_command(context, ["pub", "c", "hello", "--server", url]);
      assert.equal(pub.code, 0, pub.errors);
      const words = ["sub", "c", "--history", "1", "--count", "1", "--transport", transport, "--server", url];
      assert.deepEqual(await run_command(context, words), { code: 0, output: "hello\n", errors: "" });
    }
  }
  const wrong = await run_command(context, ["pub", "c", "hello"], to(server.url));
  assert.equal(wrong.code, 1);
  assert.match(wrong.errors, /not_found \(404\)/);
});

test("the commands say which server does not answer, and how to start one", async (context) => {
  const server = await start_server(context);
  const { url } = server;
  await server.stop();
  const pub = await run_command(context, ["pub", "c", "1"], to(url));
  assert.equal(pub.code, 3);
  assert.match(pub.errors, /^carillon: cannot connect to http:\/\/127\.0\.0\.1:\d+ \(.*Connection refused\); start a server with 'carillon serve'/);
  const channels = await run_command(context, ["channels", "--json"], to(url));
  assert.equal(channels.code, 3);
  assert.match(JSON.parse(channels.errors).message, /Connection refused/);
  const sub = start_command(context, ["sub", "c", "--json"], to(url));
  await until(() => sub.notices.length >= 2, { what: "two tries" });
  assert.equal(sub.notices[0].type, "lost");
  sub.kill("SIGINT");
  assert.equal(await sub.ended(), 0);
});

test("refusals are told with code, status and detail", async (context) => {
  const server = await start_server(context, { config: '[access]\nanonymous = ["subscribe"]\n' });
  const pub = await run_command(context, ["pub", "c", "1"], to(server.url));
  assert.equal(pub.code, 1);
  assert.match(pub.errors, /^carillon: the server refused, unauthenticated \(401\): /);
  const json = await run_command(context, ["pub", "c", "1", "--json"], to(server.url));
  const notice = JSON.parse(json.errors);
  assert.deepEqual([notice.type, notice.code, notice.status], ["error", "unauthenticated", 401]);
  const lines = await run_command(context, ["pub", "c", "--lines"], { ...to(server.url), input: "1\n" });
  assert.equal(lines.code, 1);
  assert.match(lines.errors, /unauthenticated: .*line 1; nothing after line 1 was sent/);
  const history = await run_command(context, ["sub", "c", "--history", "1"], to(server.url));
  assert.equal(history.code, 1, "trying again would not help");
  assert.match(history.errors, /unauthenticated \(401\)/);
});

for (const transport of transports) {
  test(`sub over ${transport} ends when it may not hear the channel`, async (context) => {
    const server = await start_server(context, { config: '[access]\nanonymous = ["publish"]\n' });
    const sub = await run_command(context, ["sub", "c", "--transport", transport], to(server.url));
    assert.equal(sub.code, 1);
    assert.match(sub.errors, /the server refused, unauthenticated/);
  });
}

test("a token goes along as a bearer token", async (context) => {
  const server = await start_server(context);
  const { createServer } = await import("node:http");
  /** @type {(string | undefined)[]} */
  const seen = [];
  const listener = createServer((request, response) => {
    seen.push(request.headers.authorization);
    response.writeHead(503, { "retry-after": "100" }).end();
  });
  listener.on("upgrade", (request, socket) => {
    seen.push(request.headers.authorization);
    socket.end("HTTP/1.1 503 Service Unavailable\r\nRetry-After: 100\r\nContent-Length: 0\r\n\r\n");
  });
  await new Promise((resolve) => listener.listen(0, "127.0.0.1", () => resolve(undefined)));
  context.after(() => listener.close());
  const { port } = /** @type {import("node:net").AddressInfo} */ (listener.address());
  const url = `http://127.0.0.1:${port}`;
  await run_command(context, ["pub", "c", "1", "--token", "t1"], to(url));
  const sub = start_command(context, ["sub", "c", "--json"], { ...to(url), environment: { CARILLON_TOKEN: "t2" } });
  await until(() => sub.notices.length > 0, { what: "the advice to wait" });
  assert.ok(sub.notices[0].wait_ms >= 100_000, sub.errors);
  assert.deepEqual(seen, ["Bearer t1", "Bearer t2"]);
  await server.stop();
});

test("what is wrong with a command line is said before anything is sent", async (context) => {
  const wrong = [
    [["pub"], /channel is required/],
    [["pub", "bad channel", "1"], /is no channel/],
    [["pub", "c", "1", "--server", "wss://example.com"], /write https:\/\/example.com/],
    [["pub", "c", "1", "--ca", "/does/not/exist"], /--ca: '\/does\/not\/exist'/],
    [["pub", "c", "1", "--ca", import.meta.filename], /holds no certificate/],
    [["pub", "c", "1", "--server", "localhost:8000"], /write http:\/\/localhost:8000/],
    [["pub", "c", "1", "--token", "a b"], /a token has no blanks/],
    [["pub", "c", "1", "--type", "xml"], /--type/],
    [["pub", "c", "1", "--lines"], /excludes/],
    [["pub", "c", "--ephemeral", "--dedupe", "x", "1"], /excludes/],
    [["sub"], /channel is required/],
    [["sub", "c", "--transport", "carrier-pigeon"], /--transport/],
    [["sub", "c", "--after", "nonsense"], /EPOCH:OFFSET/],
    [["sub", "a", "b", "--after", "e:1"], /EPOCH:OFFSET/],
    [["sub", "a", "a"], /twice/],
    [["sub", "c", "--history", "0"], /--history/],
    [["sub", "c", "--count", "x"], /--count/],
    [["completion", "tcsh"], /shell/],
  ];
  for (const [words, pattern] of wrong) {
    const { code, errors, output } = await run_command(context, /** @type {string[]} */ (words));
    assert.equal(code, 2, `${words}: ${errors}`);
    assert.match(errors, /** @type {RegExp} */ (pattern));
    assert.equal(output, "");
  }
  const empty = await run_command(context, ["pub", "c"], { input: "" });
  assert.equal(empty.code, 1);
  assert.match(empty.errors, /nothing to publish/);
});
