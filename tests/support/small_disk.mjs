// A disk of a server's own that is soon full.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** What runs a program with `folder` on a disk of that size: for `under`. @param {string} folder @param {number} size_kib */
export function on_small_disk(folder, size_kib) {
  const set_up = `mkdir -p "$0" && mount -t tmpfs -o size=${size_kib}k none "$0" && exec "$@"`;
  return ["unshare", "-rm", "sh", "-c", set_up, folder];
}

/** The folder as that program sees it. @param {import("./server.mjs").Server} server @param {string} folder */
export function inside_of(server, folder) {
  return `/proc/${server.pid}/root${folder}`;
}

/** Leaves no room but in pages that have begun. @param {string} folder */
export function fill_disk(folder) {
  const filler = join(folder, "filler");
  try {
    writeFileSync(filler, Buffer.alloc(1024 * 1024));
  } catch (error) {
    assert.equal(/** @type {NodeJS.ErrnoException} */ (error).code, "ENOSPC");
  }
  return { empty: () => writeFileSync(filler, "") };
}
