// What the documents tell people to type is run as it stands, against a server of the test's own.
import assert from "node:assert/strict";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { fenced_blocks } from "../support/documents.mjs";
import { temporary_folder } from "../support/folder.mjs";
import { run_program } from "../support/program.mjs";
import { sdk_folder } from "../support/sdk.mjs";
import { server_binary, start_server } from "../support/server.mjs";

test("the commands of the README work", async (context) => {
  const server = await start_server(context);
  for (const block of fenced_blocks("README.md", "sh run")) {
    const script = block
      .replaceAll("127.0.0.1:8000", new URL(server.url).host)
      .replaceAll("curl ", "curl -sS --fail-with-body --max-time 20 ");
    assert.notEqual(script, block, "it speaks to a server");
    const { code, output, errors } = await run_program("bash", ["-euc", script], { cwd: server.folder });
    assert.equal(code, 0, output + errors);
  }
  const { json } = await server.http.get("/api/messages?channel=chat");
  assert.deepEqual(json.map((/** @type {any} */ message) => message.data), [{ text: "hello" }]);
});

test("the page on tokens does what it says", async (context) => {
  const token_secret = "a secret of a back end and of nobody else";
  const server = await start_server(context, { environment: { CARILLON_ACCESS_TOKEN_SECRET: token_secret } });
  symlinkSync(resolve(server_binary()), join(server.folder, "carillon"));
  const environment = {
    ...process.env,
    PATH: `${server.folder}:${process.env.PATH}`,
    CARILLON_URL: server.url,
    CARILLON_ACCESS_TOKEN_SECRET: token_secret,
    TOKEN_SECRET: token_secret,
  };
  const [script] = fenced_blocks("docs/tokens.md", "sh run");
  const said = await run_program("bash", ["-euc", script.replace("curl ", "curl -sS --fail-with-body ")], { cwd: server.folder, env: environment });
  assert.equal(said.code, 0, said.output + said.errors);
  assert.match(said.output, /"offset":1[^]*\{"text":"hello"\}\n$/);

  const [program] = fenced_blocks("docs/tokens.md", "js run");
  const made = await run_program(process.execPath, ["--input-type=module", "--eval", program], { env: environment });
  const headers = { authorization: `Bearer ${made.output.trim()}` };
  assert.equal((await server.http.get("/api/messages?channel=news", headers)).status, 200, made.errors);
  assert.equal((await server.http.get("/api/messages?channel=chat:room", headers)).status, 403, "no history there");
});

test("the page on validation does what it says", async (context) => {
  const [schema] = fenced_blocks("docs/validation.md", "json schema");
  const [config] = fenced_blocks("docs/validation.md", "toml");
  const [script] = fenced_blocks("docs/validation.md", "sh run");
  const [answer] = fenced_blocks("docs/validation.md", "json answer");
  const folder = temporary_folder();
  mkdirSync(join(folder, "schemas"));
  writeFileSync(join(folder, "schemas", "chat.json"), schema);
  const server = await start_server(context, { config, under: ["env", "-C", folder] });
  const environment = { ...process.env, CARILLON_URL: server.url };
  const { code, output, errors } = await run_program("bash", ["-euc", script.replaceAll("curl ", "curl -sS ")], { env: environment });
  assert.equal(code, 0, errors);
  const [taken, refused] = output.replace("}{", "}\n{").split("\n").map((line) => JSON.parse(line));
  assert.equal(taken.offset, 1);
  assert.deepEqual(refused, JSON.parse(answer));
});

test("the page for back ends does what it says", async (context) => {
  const api_key = "the key of a back end, 32 characters or more";
  const [block] = fenced_blocks("docs/server_api.md", "toml");
  const config = block.replace(/"32 random [^"]*"/, JSON.stringify(api_key));
  const server = await start_server(context, { config });
  const environment = { ...process.env, CARILLON_URL: server.url, API_KEY: api_key };
  const [script] = fenced_blocks("docs/server_api.md", "sh run");
  const said = await run_program("bash", ["-euc", script.replaceAll("curl ", "curl -sS --fail-with-body ")], { cwd: server.folder, env: environment });
  assert.equal(said.code, 0, said.output + said.errors);
  assert.match(said.output, /"channel":"news:chess","offset":1[^]*\{"clients":\[\]\}[^]*"position":"[a-z0-9]+:1"/);
  const [program] = fenced_blocks("docs/server_api.md", "js run");
  const made = await run_program(process.execPath, ["--input-type=module", "--eval", program], { env: environment });
  assert.equal(made.code, 0, made.errors);
  assert.match(made.output, /clients: 0, disconnected: 0/);
});

test("the commands of the command line's page work", async (context) => {
  const server = await start_server(context);
  symlinkSync(resolve(server_binary()), join(server.folder, "carillon"));
  const environment = { ...process.env, PATH: `${server.folder}:${process.env.PATH}`, CARILLON_URL: server.url };
  let said = "";
  for (const block of fenced_blocks("docs/command_line.md", "sh run")) {
    const options = { cwd: server.folder, env: environment };
    const { code, output, errors } = await run_program("bash", ["-euc", block], options);
    assert.deepEqual([code, errors], [0, ""], block + output);
    said += output;
  }
  assert.match(said, /^[a-z0-9]+:1\n\{"text":"hello"\}\nCHANNEL /);
  assert.match(said, /:(\d+)\n[a-z0-9]+:\1\n.+\n\{"done":1\}\nSSE\nbecause .+\nin Carillon: .+\n$/, "the repetition has the same position");
});

test("the programs of the client's pages work", async (context) => {
  const server = await start_server(context);
  mkdirSync(join(server.folder, "node_modules/@carillon"), { recursive: true });
  symlinkSync(sdk_folder(), join(server.folder, "node_modules/@carillon/client"));
  const environment = { ...process.env, CARILLON_URL: server.url };
  const said = [];
  for (const document of ["docs/client.md", "sdk/js/README.md"]) {
    for (const program of fenced_blocks(document, "js run")) {
      const words = ["--input-type=module", "--eval", program];
      const { code, output, errors } = await run_program(process.execPath, words, { cwd: server.folder, env: environment });
      assert.deepEqual([code, errors], [0, ""], program + output);
      said.push(output);
    }
  }
  assert.match(said[0], /^(hi\n)?published at [a-z0-9]+:1\n$/);
  assert.equal(said[1], "heard two\nheard three\npage two three\npage one\n");
  assert.equal(said[2], "hello true { clients: 2, users: 0 }\n");
  assert.equal(said[3], "SSE\nWebSocket\n");
  assert.match(said[4], /^too_large - Publish less/);
});
