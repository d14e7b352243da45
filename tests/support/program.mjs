// Other programs: run to their end, with a bound on their time.
import { spawn } from "node:child_process";
import { patience_ms, soon } from "./wait.mjs";

/**
 * @param {string} program
 * @param {string[]} words
 * @param {import("node:child_process").SpawnOptions} [options]
 * @param {number} [within_ms] the longest that it may take
 * @param {AbortSignal} [interruption] when it comes, the program is asked to end, as by Ctrl-C
 * @returns {Promise<{ code: number | null, output: string, errors: string }>}
 */
export async function run_program(program, words, options = {}, within_ms = patience_ms, interruption) {
  const child = spawn(program, words, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  let errors = "";
  child.stdout?.setEncoding("utf8").on("data", (text) => (output += text));
  child.stderr?.setEncoding("utf8").on("data", (text) => (errors += text));
  interruption?.addEventListener("abort", () => child.kill("SIGINT"));
  const ended = new Promise((resolve, reject) => {
    child.once("close", resolve);
    child.once("error", reject);
  });
  try {
    const code = /** @type {number | null} */ (
      await soon(ended, { what: () => `${program} ${words.join(" ")} to end; it said:\n${output}${errors}`, within_ms })
    );
    return { code, output, errors };
  } finally {
    child.kill("SIGKILL");
  }
}
