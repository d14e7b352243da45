// The library as a stranger has it: installed into a prefix, found by CMake and by pkg-config, with
// the examples and the documents' snippets built against it and run.
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { fenced_blocks } from "../support/documents.mjs";
import { read_events } from "../support/event_reader.mjs";
import { open_plain_socket, refused_upgrade } from "../support/plain_socket.mjs";
import { run_program } from "../support/program.mjs";
import { start_server } from "../support/server.mjs";
import { until } from "../support/wait.mjs";

const folder = mkdtempSync(path.join(os.tmpdir(), "carillon-package-"));
const prefix = path.join(folder, "prefix");
const include = path.join(prefix, "include");
const strict = ["-std=c++20", "-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Wconversion", "-Werror"];

/** @param {string} program @param {string[]} words @param {object} [options] */
async function must(program, words, options) {
  const { code, output, errors } = await run_program(program, words, options);
  assert.equal(code, 0, `${program} ${words.join(" ")}\n${output}${errors}`);
  return output;
}

/** The document's C++ blocks as one program; those with a main() are programs of their own. */
function snippets() {
  const blocks = fenced_blocks("docs/library.md", "cpp");
  const programs = blocks.filter((block) => block.includes("int main()"));
  const bodies = blocks.filter((block) => !block.includes("int main()"));
  const headers = ["carillon/carillon.hpp", "cstdio", "memory", "mutex", "set", "string", "thread"];
  const functions = bodies.map((body, index) => `static void snippet_${index}(carillon::Server& server) {\n${body}}\n`);
  const calls = bodies.map((_, index) => `  snippet_${index}(server);\n`);
  const text =
    headers.map((header) => `#include <${header}>\n`).join("") +
    functions.join("") + `int main() {\n  carillon::Server server;\n${calls.join("")}  server.run();\n}\n`;
  return { programs, text };
}

describe("the installed library", () => {
  const programs = path.join(folder, "build");

  before(async () => {
    const build = process.env.CARILLON_BUILD;
    assert.ok(build, "set CARILLON_BUILD to a build folder in which libcarillon is built");
    await must("cmake", ["--install", build, "--prefix", prefix, "--component", "library"]);
    cpSync("examples", path.join(folder, "examples"), { recursive: true });
    await must("cmake", ["-S", path.join(folder, "examples"), "-B", programs, "-G", "Ninja",
      `-DCMAKE_PREFIX_PATH=${prefix}`, "-DCMAKE_CXX_FLAGS=-std=c++20 -Wall -Wextra -Wpedantic -Werror"]);
    await must("cmake", ["--build", programs]);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** @param {import("node:test").TestContext} context @param {string} example */
  const run = (context, example) => start_server(context, { program: path.join(programs, example) });

  test("headers stand alone, in C++20, with warnings on, and know nothing of src/", async () => {
    const headers = readdirSync(path.join(include, "carillon"));
    assert.ok(headers.includes("server.hpp"));
    let all = "";
    for (const header of headers) {
      const text = readFileSync(path.join(include, "carillon", header), "utf8");
      for (const [, name] of text.matchAll(/#include ["<]([^">]+)[">]/g)) {
        assert.ok(!name.includes("/") || name.startsWith("carillon/"), `${header} includes ${name}`);
      }
      const source = path.join(folder, "alone.cpp");
      writeFileSync(source, `#include <carillon/${header}>\n#include <carillon/${header}>\n`);
      await must("g++", [...strict, "-fsyntax-only", `-I${include}`, source]);
      all += text;
    }
    assert.match(all, /namespace carillon/);
  });

  test("the package carries a version and refuses others: before 1.0, each minor one is", async () => {
    const probe = path.join(folder, "version");
    cpSync(path.join(folder, "examples"), probe, { recursive: true });
    const lists = path.join(probe, "CMakeLists.txt");
    const text = readFileSync(lists, "utf8");
    for (const wanted of ["7", "0.0", "0.2"]) {
      writeFileSync(lists, text.replace(/find_package\(carillon [\d.]+/, `find_package(carillon ${wanted}`));
      const { code, errors } = await run_program("cmake", ["-S", probe, "-B", path.join(probe, "build"), `-DCMAKE_PREFIX_PATH=${prefix}`]);
      assert.notEqual(code, 0, wanted);
      assert.match(errors, /not\s+compatible|version/);
    }
  });

  test("examples have fewer than 60 lines, that of Socket.IO, a whole chat, 80", () => {
    for (const file of readdirSync("examples").filter((name) => name.endsWith(".cpp"))) {
      const most = file === "socketio_chat.cpp" ? 80 : 60;
      assert.ok(readFileSync(path.join("examples", file), "utf8").split("\n").length <= most, file);
    }
  });

  test("echo sends everything back", async (context) => {
    const server = await run(context, "echo");
    const socket = await open_plain_socket(context, `${server.url}/any/path`);
    const big = Buffer.alloc(16 * 1024 * 1024, 3);
    for (const message of ["", "héllo", Buffer.from([0, 1, 255]), "x".repeat(70_000), big]) {
      const answer = await socket.ask(message);
      assert.ok(typeof message === "string" ? answer === message : message.equals(/** @type {Buffer} */ (answer)));
    }
    socket.socket.close(3000);
    assert.equal((await socket.ended()).code, 3000);
  });

  test("chat_room brings what one says to all in the room", async (context) => {
    const server = await run(context, "chat_room");
    assert.equal((await refused_upgrade(`${server.url}/rooms/kitchen?name=`)).status, 400);
    const ada = await open_plain_socket(context, `${server.url}/rooms/kitchen?name=ada`);
    assert.equal(await ada.next(), '{"name":"ada","said":"hello"}');
    const elsewhere = await open_plain_socket(context, `${server.url}/rooms/garden?name=eve`);
    await elsewhere.next();
    const bob = await open_plain_socket(context, `${server.url}/rooms/kitchen?name=bob`);
    assert.equal(await bob.next(), '{"name":"bob","said":"hello"}');
    assert.equal(await ada.next(), '{"name":"bob","said":"hello"}');
    bob.send('{"text":"tea?"}');
    for (const socket of [ada, bob]) assert.equal(await socket.next(), '{"name":"bob","said":{"text":"tea?"}}');
    assert.equal(await bob.ask("tea?"), '{"error":"this is no JSON"}');
    assert.equal(elsewhere.messages.length, 1);
  });

  test("ticker counts, and a reader that comes back misses nothing", async (context) => {
    const server = await run(context, "ticker");
    const first = read_events(context, `${server.url}/ticks`);
    await first.up_to("message", 2);
    const last = first.named("message").at(-1);
    first.close();
    await until(async () => (await server.http.get("/api/messages?channel=ticker&limit=1")).json[0].data > last?.data + 3,
      { what: "ticks that the reader misses" });
    const second = read_events(context, `${server.url}/ticks`, { "last-event-id": String(last?.id) });
    const after_it = (await second.up_to("message", 3)).map(({ data }) => data);
    assert.deepEqual(after_it.slice(0, 3), [1, 2, 3].map((step) => last?.data + step));
  });

  test("rest_and_live keeps notes and tells of each", async (context) => {
    const server = await run(context, "rest_and_live");
    const live = read_events(context, `${server.url}/notes/live`);
    await until(async () => {
      assert.equal((await server.http.request("POST", "/notes", { body: '"milk"' })).status, 201);
      return live.messages.length > 0;
    }, { what: "a note, live" });
    const made = await server.http.request("POST", "/notes", { body: '{"buy":"tea"}' });
    const note = await server.http.get(String(made.headers.location));
    assert.deepEqual(note.json.note, { buy: "tea" });
    await until(() => live.messages.some((message) => message.number === note.json.number), { what: "the same note, live" });
    const lines = (await server.http.get("/notes")).text.trimEnd().split("\n").map((line) => JSON.parse(line));
    assert.deepEqual(lines.at(-1), note.json);
    assert.equal((await server.http.request("POST", "/notes", { body: "no json" })).status, 422);
    assert.equal((await server.http.get("/notes/99999")).status, 404);
  });

  test("the document's snippets do what it says, linked as pkg-config tells", async (context) => {
    const environment = { ...process.env, PKG_CONFIG_PATH: path.join(prefix, "lib/pkgconfig") };
    for (const sub of readdirSync(path.join(prefix, "lib"))) {
      environment.PKG_CONFIG_PATH += `:${path.join(prefix, "lib", sub, "pkgconfig")}`;
    }
    const flags = (await must("pkg-config", ["--cflags", "--libs", "carillon"], { env: environment })).trim().split(/\s+/);
    const { programs: whole, text } = snippets();
    const source = path.join(folder, "snippets.cpp");
    for (const program of whole) {
      writeFileSync(source, program);
      await must("g++", [...strict, "-fsyntax-only", `-I${include}`, source]);
    }
    writeFileSync(source, text);
    const program = path.join(folder, "snippets");
    await must("g++", ["-std=c++20", "-Wall", "-Wextra", "-Werror", source, "-o", program, ...flags]);
    const server = await start_server(context, { program });
    assert.equal((await server.http.get("/hello/ada")).text, "hello ada\n");
    assert.equal((await server.http.get("/slow")).text, "worked out\n");
    assert.equal((await server.http.get("/numbers")).text.split("\n").length, 100_001);
    assert.equal((await refused_upgrade(`${server.url}/rooms/kitchen`)).status, 401);
    const socket = await open_plain_socket(context, `${server.url}/rooms/kitchen`, { headers: { cookie: "user=ada" } });
    assert.equal(await socket.ask("hi"), "ada said hi");
    await server.http.publish("room:kitchen", "tea");
    assert.equal(await socket.next(), '"tea"');
    await server.http.publish("orders", { soup: 1 });
    await until(async () => (await server.http.get("/api/messages?channel=kitchen")).json.length === 1, { what: "the order in the kitchen" });
    await until(async () => (await server.http.get("/api/messages?channel=news")).json.length === 2, { what: "the news, now and later" });
  });
});
