// A folder of the test's own.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Removed when the test program ends: the servers of its tests may write there until they stop. */
export function temporary_folder() {
  const path = mkdtempSync(join(tmpdir(), "carillon-test-"));
  process.on("exit", () => rmSync(path, { recursive: true, force: true }));
  return path;
}
