// A network of the test program's own, with nothing in it but the loopback: it runs there once more.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { run_program } from "./program.mjs";
import { patience_ms } from "./wait.mjs";

const mark = "CARILLON_TEST_NAMESPACE";

/** Whether this is the run within. */
export const is_inside = mark in process.env;

/** The command ip(8), e.g. `ip("link set lo up")`. @param {string} words */
export const ip = (words) => execFileSync("ip", words.split(" "), { stdio: ["ignore", "ignore", "inherit"] });

/** Runs a test file inside, and fails where it fails there. @param {ImportMeta} module */
export async function run_inside(module) {
  const words = ["-rn", process.execPath, "--test-reporter=tap", fileURLToPath(module.url)];
  // As a program of its own, not as a part of this one.
  const { NODE_TEST_CONTEXT: _, ...environment } = process.env;
  const env = { ...environment, [mark]: "yes" };
  const { code, output, errors } = await run_program("unshare", words, { env }, 3 * patience_ms);
  assert.equal(code, 0, output + errors);
}
