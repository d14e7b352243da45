// The library as a shared one: what it shows, and an example that is built against it and run.
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { open_plain_socket } from "../support/plain_socket.mjs";
import { run_program } from "../support/program.mjs";
import { start_server } from "../support/server.mjs";

const folder = mkdtempSync(path.join(os.tmpdir(), "carillon-shared-"));
const prefix = path.join(folder, "prefix");
const programs = path.join(folder, "build");
let library = "";

/** @param {string} program @param {string[]} words */
async function must(program, words) {
  const { code, output, errors } = await run_program(program, words);
  assert.equal(code, 0, `${program} ${words.join(" ")}\n${output}${errors}`);
  return output;
}

before(async () => {
  const build = process.env.CARILLON_BUILD;
  assert.ok(build, "set CARILLON_BUILD to a build folder of the preset `shared` in which libcarillon is built");
  await must("cmake", ["--install", build, "--prefix", prefix, "--component", "library"]);
  const files = readdirSync(prefix, { recursive: true, encoding: "utf8" });
  const found = files.find((file) => file.endsWith("/libcarillon.so"));
  assert.ok(found, `a shared library is installed: ${files}`);
  assert.ok(!files.some((file) => file.endsWith(".a")), "and no archive");
  library = path.join(prefix, found);
  cpSync("examples", path.join(folder, "examples"), { recursive: true });
  await must("cmake", ["-S", path.join(folder, "examples"), "-B", programs, "-G", "Ninja", `-DCMAKE_PREFIX_PATH=${prefix}`]);
  await must("cmake", ["--build", programs, "--target", "example_echo"]);
});
after(() => rmSync(folder, { recursive: true, force: true }));

test("it shows the public classes and nothing else", async () => {
  const output = await must("nm", ["--dynamic", "--defined-only", "--demangle", "--format=posix", library]);
  const names = output.trim().split("\n").map((line) => line.replace(/ [A-Za-z]( [0-9a-f]+)*\s*$/, ""));
  const shown = /^((typeinfo|typeinfo name|vtable) for )?carillon::(Server|Request|Response|WebSocket|EventStream|Opening)\b/;
  const inner = /^carillon::Server::Implementation/;
  assert.deepEqual(names.filter((name) => !shown.test(name) || inner.test(name)), []);
  for (const wanted of [
    "carillon::Server::run()", "carillon::Request::body() const", "vtable for carillon::WebSocket",
    "typeinfo for carillon::Response",
  ]) {
    assert.ok(names.includes(wanted), `${wanted} is among\n${names.join("\n")}`);
  }
});

test("it is named by the version that its users are bound to", async () => {
  const header = await must("readelf", ["--dynamic", library]);
  assert.match(header, /SONAME.*\[libcarillon\.so\.\d+\.\d+\]/);
  assert.doesNotMatch(await must("readelf", ["--dynamic", path.join(programs, "echo")]), /NEEDED.*lib(fmt|spdlog|uring|crypto)/,
    "what it is made of is its own affair");
});

test("a program that links it runs", async (context) => {
  const server = await start_server(context, { program: path.join(programs, "echo") });
  const socket = await open_plain_socket(context, `${server.url}/any/path`, { compression: true });
  for (const message of ["héllo", Buffer.from([0, 1, 255]), "x".repeat(70_000)]) {
    assert.deepEqual(await socket.ask(message), message);
  }
});
