// The load generator must find what it looks for: the bare program puts one fault of each kind
// into what one subscriber is sent.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { test } from "node:test";
import { build, run, serve } from "../run/process.mjs";

const folder_of_programs = process.env.CARILLON_BENCH_BUILD ?? build;
const none = { damaged: 0, lost: 0, out_of_order: 0, repeated: 0 };

/**
 * What bench_load finds in what bench_floor sends.
 * @param {import("node:test").TestContext} context @param {string[]} faults
 */
async function findings(context, faults) {
  const folder = mkdtempSync(`${tmpdir()}/carillon-bench-`);
  context.after(() => rmSync(folder, { recursive: true }));
  const server = await serve({ cpu: undefined, folder, words: [] }, `${folder_of_programs}/bench_floor`, faults);
  context.after(() => server.stop());
  const words = "--connections 150 --messages 40 --burst 10 --patience-s 1 --publish-path /publish".split(" ");
  const load = await run(undefined, `${folder_of_programs}/bench_load`, ["fan-out", "--port", String(server.port), ...words]);
  assert.notEqual(load.output, "", load.errors);
  return { code: load.code, faults: JSON.parse(load.output).faults };
}

test("everything arrives, once and in order", async (context) => {
  assert.deepEqual(await findings(context, []), { code: 0, faults: none });
});
test("a lost message is found", async (context) => {
  assert.deepEqual(await findings(context, ["--fault=lose"]), { code: 1, faults: { ...none, lost: 1 } });
});
test("a message that comes twice is found", async (context) => {
  assert.deepEqual(await findings(context, ["--fault=repeat"]), { code: 1, faults: { ...none, repeated: 1 } });
});
test("a message that overtakes others is found", async (context) => {
  assert.deepEqual(await findings(context, ["--fault=swap"]), { code: 1, faults: { ...none, out_of_order: 9 } });
});
test("a changed octet is found", async (context) => {
  assert.deepEqual(await findings(context, ["--fault=damage"]), { code: 1, faults: { ...none, damaged: 1, lost: 1 } });
});
