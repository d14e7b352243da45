// The connections that the program opens itself, over TLS: whom it trusts, and what it says of the rest.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { start_application } from "../support/application.mjs";
import { make_certificate, make_expired_certificate, tls_section } from "../support/certificates.mjs";
import { run_command, start_command } from "../support/command.mjs";
import { start_server } from "../support/server.mjs";
import { until } from "../support/wait.mjs";

const pair = make_certificate();
const elsewhere = make_certificate({ names: ["DNS:elsewhere.example"] });

/** @typedef {import("node:test").TestContext} Context */

/** A server that speaks TLS, and plain HTTP to the test. @param {Context} context @param {typeof pair} with_pair */
async function start_secure(context, with_pair = pair) {
  const server = await start_server(context, {
    listen: ["https://127.0.0.1:0", "127.0.0.1:0"],
    config: tls_section([with_pair]),
  });
  return { server, secure: server.addresses[0], plain: server.addresses[1] };
}

for (const transport of ["ws", "sse", "longpoll", "poll"]) {
  test(`sub hears over ${transport} and https what pub sends over https`, async (context) => {
    const { secure } = await start_secure(context);
    const to = { server: secure };
    const first = await run_command(context, ["pub", "c", "one", "--ca", pair.certificate], to);
    assert.equal(first.code, 0, first.errors);
    const sub = start_command(
      context, ["sub", "c", "--ca", pair.certificate, "--history", "1", "--count", "2", "--transport", transport], to);
    await until(() => sub.output === "one\n", { what: "the first message" });
    const second = await run_command(context, ["pub", "c", "two", "--insecure"], to);
    assert.equal(second.code, 0, second.errors);
    assert.equal(await sub.ended(), 0, sub.errors);
    assert.equal(sub.output, "one\ntwo\n");
  });
}

test("a large message goes through many records", async (context) => {
  const { secure } = await start_secure(context);
  const options = { server: secure, environment: { SSL_CERT_FILE: pair.certificate } };
  const text = "x".repeat(60_000);
  const sent = await run_command(context, ["pub", "c"], { ...options, input: text });
  assert.equal(sent.code, 0, sent.errors);
  const got = await run_command(context, ["sub", "c", "--history", "1", "--count", "1"], options);
  assert.equal(got.output, `${text}\n`);
});

test("who cannot be trusted is told apart, and sent nothing", async (context) => {
  const { secure } = await start_secure(context);
  const wrong_name = await start_secure(context, elsewhere);
  const expired = make_expired_certificate();
  const plain = await start_server(context);
  /** @type {[string, string[], RegExp][]} */
  const cases = [
    [secure, [], /self-signed certificate/],
    [secure, ["--ca", elsewhere.certificate], /self-signed certificate/],
    [wrong_name.secure, ["--ca", elsewhere.certificate], /IP address mismatch/],
    [plain.url.replace("http:", "https:"), ["--insecure"], /cannot speak TLS with https:.*wrong version number/],
  ];
  for (const [url, flags, pattern] of cases) {
    const { code, errors } = await run_command(context, ["pub", "c", "1", "--token", "secret", ...flags], { server: url });
    assert.equal(code, 3, errors);
    assert.match(errors, pattern);
  }
  const application = await start_application(context, () => ({}), {
    tls: { cert: expired.pem, key: readFileSync(expired.key, "utf8") },
  });
  const late = await run_command(context, ["pub", "c", "1", "--ca", expired.certificate], {
    server: application.url.replace("127.0.0.1", "localhost"),
  });
  assert.match(late.errors, /certificate has expired/);
  assert.equal(application.questions.length, 0);
});

test("connect_url is asked over https, and only where it is trusted", async (context) => {
  const application = await start_application(context, () => ({ body: { user: "ann", channels: { "a": ["*"] } } }), {
    tls: { cert: pair.pem, key: readFileSync(pair.key, "utf8") },
  });
  const config = `
    [access]
    connect_url = "${application.url}/connect?key=hidden"
    [namespace.default]
    allow_history = "token"`;
  const trusting = await start_server(context, { config, environment: { SSL_CERT_FILE: pair.certificate } });
  assert.equal((await trusting.http.get("/api/messages?channel=a")).status, 200);
  assert.equal(application.questions[0].path, "/connect?key=hidden");
  const strict = await start_server(context, { config });
  assert.equal((await strict.http.get("/api/messages?channel=a")).status, 503);
  assert.equal(application.questions.length, 1);
  assert.match(strict.log, /cannot speak TLS with https:.*self-signed certificate/);
  assert.doesNotMatch(strict.log, /hidden/);
});
