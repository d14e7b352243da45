// A folder of the test's own, removed after it.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** @param {import("node:test").TestContext} context */
export function temporary_folder(context) {
  const path = mkdtempSync(join(tmpdir(), "carillon-test-"));
  context.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}
