// clang-tidy over every source file, two at a time. A file whose text, headers and configuration
// were clean before is not read again.
import { execFile, execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { files, finish, read, root } from "./files.mjs";

const run = promisify(execFile);
const build = process.argv[2];
const stamps = path.join(build, "tidy");
mkdirSync(stamps, { recursive: true });

const headers = new Map(files(/^(src|apps|web)\/.*\.hpp$/).map((file) => [file, read(file)]));
const setup = read(".clang-tidy") + execFileSync("clang-tidy-19", ["--version"], { encoding: "utf8" });

/**
 * The project headers that a text includes, directly or not.
 * @param {string} text @param {Set<string>} seen
 */
function closure(text, seen) {
  for (const [, name] of text.matchAll(/^#include "(.+)"/gm)) {
    for (const header of [`src/${name}`, name]) {
      if (!headers.has(header) || seen.has(header)) continue;
      seen.add(header);
      closure(text_of(header), seen);
    }
  }
  return seen;
}

/** @param {string} header */
function text_of(header) {
  return headers.get(header) ?? "";
}

/** @param {string} file */
function stampOf(file) {
  const text = read(file);
  const hash = createHash("sha256").update(setup).update(text);
  for (const header of [...closure(text, new Set())].sort()) hash.update(text_of(header));
  return path.join(stamps, hash.digest("hex"));
}

/** @type {string[]} */
const problems = [];
/** @param {string} file */
async function check(file) {
  const stamp = stampOf(file);
  if (existsSync(stamp)) return;
  try {
    await run("clang-tidy-19", ["--quiet", "-p", build, file], { cwd: root, maxBuffer: 1 << 24 });
    writeFileSync(stamp, "");
  } catch (error) {
    problems.push(/** @type {any} */ (error).stdout || String(error));
  }
}

const queue = files(/^(src|apps)\/.*\.cpp$/);
const workers = Array.from({ length: os.availableParallelism() }, async () => {
  for (let file = queue.shift(); file !== undefined; file = queue.shift()) await check(file);
});
await Promise.all(workers);
finish(problems, "clang-tidy has nothing to say");
