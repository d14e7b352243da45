// Who is measured: every file of ../peers.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "./process.mjs";

/**
 * How a server is spoken to, in the words of bench_load's options (`publish_path`: --publish-path).
 * @typedef {Record<string, string | string[]>} Dialect
 *
 * @typedef {object} Peer
 * @property {string} name
 * @property {() => string} version   asked after it has run
 * @property {Record<string, Dialect>} dialects   by what scenarios call `speaks`
 * @property {{ path: string, counters: string[] }} [metrics]
 * @property {(place: import("./process.mjs").Place) => Promise<import("./process.mjs").Running>} start
 * @property {(place: { words: string[] }) => string | undefined} [cannot]   why it cannot run here
 */

/** By the name of its file. @type {Map<string, Peer>} */
export const peers = new Map();
const folder = join(root, "bench/peers");
for (const file of readdirSync(folder).sort()) {
  if (file.endsWith(".mjs")) peers.set(file.slice(0, -".mjs".length), (await import(join(folder, file))).default);
}
