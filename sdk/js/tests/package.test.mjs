// The package as it is published: it can be imported, required and loaded by a script tag, it has types for
// both kinds of modules, it needs nothing else, and it is small.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { createContext, runInContext } from "node:vm";
import { gzipSync } from "node:zlib";

const most_bytes = 15_000;
const folder = resolve(process.env.CARILLON_SDK ?? assert.fail("CARILLON_SDK is the built package"));
const compiler = fileURLToPath(new URL("../../../tests/node_modules/.bin/tsc", import.meta.url));

/** An application's folder with the package in it. @param {import("node:test").TestContext} context @param {Record<string, string>} files */
function make_application(context, files) {
  const application = mkdtempSync(join(tmpdir(), "carillon-sdk-"));
  context.after(() => rmSync(application, { recursive: true }));
  mkdirSync(join(application, "node_modules/@carillon"), { recursive: true });
  symlinkSync(folder, join(application, "node_modules/@carillon/client"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(application, name), text);
  return application;
}

const use = `
  const client = new Carillon("https://example.org", { token: async () => "t" });
  console.log(client.state.name, chooseTransport({ infrequent: true }), new CarillonError("lost", "x").code);
`;

test("it is imported and required", (context) => {
  const names = "{ Carillon, CarillonError, chooseTransport }";
  const application = make_application(context, {
    "a.mjs": `import ${names} from "@carillon/client";${use}`,
    "b.cjs": `const ${names} = require("@carillon/client");${use}`,
  });
  for (const file of ["a.mjs", "b.cjs"]) {
    const said = execFileSync(process.execPath, [join(application, file)], { encoding: "utf8" });
    assert.equal(said, "idle Long Polling lost\n", file);
  }
});

test("calls are imported and required beside it, and belong to the same client", (context) => {
  const use_call = `
    const client = new Carillon("https://example.org");
    const call = client.call("call:x");
    call.join().catch((error) => console.log(call instanceof Call, call.state, error instanceof CarillonError, error.code));
  `;
  const application = make_application(context, {
    "a.mjs": `import { Carillon, CarillonError } from "@carillon/client"; import { Call } from "@carillon/client/call";${use_call}`,
    "b.cjs": `const { Carillon, CarillonError } = require("@carillon/client"); const { Call } = require("@carillon/client/call");${use_call}`,
  });
  for (const file of ["a.mjs", "b.cjs"]) {
    const said = execFileSync(process.execPath, [join(application, file)], { encoding: "utf8" });
    assert.equal(said, "true idle true not_supported\n", file);
  }
});

test("one script makes the global Carillon", () => {
  const text = readFileSync(join(folder, "dist/carillon.min.js"), "utf8");
  const page = createContext({ URL, fetch, AbortController, TextDecoder, queueMicrotask, setTimeout, clearTimeout });
  runInContext(text, page);
  assert.equal(runInContext('new Carillon("https://example.org").state.name', page), "idle");
  assert.equal(runInContext("Carillon.chooseTransport({ serverToClient: true, simple: true })", page), "SSE");
  assert.equal(runInContext('new Carillon.Error("lost", "x").code', page), "lost");
  runInContext(readFileSync(join(folder, "dist/carillon-call.min.js"), "utf8"), page);
  assert.equal(runInContext('new Carillon("https://example.org").call("call:x") instanceof Carillon.Call', page), true);
});

test("it is small, and everything has its source map", () => {
  const size = gzipSync(readFileSync(join(folder, "dist/carillon.min.js")), { level: 9 }).length;
  assert.ok(size < most_bytes, `${size} bytes`);
  const files = ["carillon.min.js", "esm/index.js", "cjs/index.js", "carillon-call.min.js", "esm/call/index.js", "cjs/call/index.js"];
  for (const file of files) {
    const main = file.includes("call") ? "src/call/call.ts" : "src/client.ts";
    const map = JSON.parse(readFileSync(join(folder, "dist", `${file}.map`), "utf8"));
    assert.ok(map.sources.some((/** @type {string} */ source) => source.endsWith(main)), file);
    assert.equal(map.sourcesContent.length, map.sources.length);
  }
});

test("it needs nothing else, and carries what its manifest names", () => {
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  for (const kind of ["dependencies", "devDependencies", "peerDependencies", "optionalDependencies"]) {
    assert.equal(manifest[kind], undefined, kind);
  }
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const named = [manifest.main, manifest.module, manifest.types, manifest.unpkg, ...[".", "./call"].flatMap((entry) => Object.values(manifest.exports[entry]))];
  for (const path of named) assert.ok(files.includes(path.slice(2)), path);
});

test("it has types for every way to resolve modules, and they refuse what is wrong", (context) => {
  const source = `
    import { Carillon, type Message, type State } from "@carillon/client";
    import { type Call, listDevices } from "@carillon/client/call";
    const client = new Carillon("https://example.org", { requirements: { simple: true } });
    const channel = client.channel("chat", { history: 10 });
    channel.on("message", (message: Message<{ text: string }>) => message.data.text);
    channel.on("gap", (gap) => gap.missedCount?.toFixed());
    client.on("state", (state: State) => state.name === "offline" && state.error.hint);
    const position: Promise<string> = channel.publish({ text: "hi" }).then((receipt) => receipt.position);
    // @ts-expect-error: no such event
    channel.on("nonsense", () => {});
    // @ts-expect-error: no such option
    new Carillon("https://example.org", { nonsense: true });
    const call: Call = client.call("call:x", { mostMembers: 4 });
    call.on("peer", (peer) => peer.on("stream", ({ kind, stream }) => kind === "screen" && stream?.getTracks()));
    call.join({ audio: true, video: "camera-id", data: { name: "Ann" } });
    // @ts-expect-error: no such event
    call.on("nonsense", () => {});
    console.log(position, listDevices());
  `;
  const application = make_application(context, { "a.mts": source, "b.cts": source });
  for (const words of [["--module", "nodenext"], ["--module", "esnext", "--moduleResolution", "bundler"]]) {
    const files = words.includes("nodenext") ? ["a.mts", "b.cts"] : ["a.mts"];
    const options = ["--strict", "--noEmit", "--target", "es2022", "--lib", "es2022,dom", "--types", "", ...words];
    try {
      execFileSync(compiler, [...options, ...files], { cwd: application, encoding: "utf8" });
    } catch (error) {
      assert.fail(/** @type {any} */ (error).stdout);
    }
  }
});
