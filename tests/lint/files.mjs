// The files of the project, as git knows them or would add them.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import path from "node:path";

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");

/** @param {RegExp} pattern of a path from the root @returns {string[]} */
export function files(pattern) {
  const listed = execFileSync(
    "git", ["ls-files", "--cached", "--others", "--exclude-standard", "--deduplicate"],
    { cwd: root, encoding: "utf8" });
  const deleted = new Set(
    execFileSync("git", ["ls-files", "--deleted"], { cwd: root, encoding: "utf8" }).split("\n"));
  return listed.split("\n").filter((file) => pattern.test(file) && !deleted.has(file)).sort();
}

/** @param {string} file */
export function read(file) {
  return readFileSync(path.join(root, file), "utf8");
}

/**
 * Prints what is wrong and ends the process accordingly.
 * @param {string[]} problems @param {string} ok what to say when there are none
 */
export function finish(problems, ok) {
  for (const problem of problems) console.log(problem);
  console.log(problems.length === 0 ? ok : `${problems.length} problems`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
