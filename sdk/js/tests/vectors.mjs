// The project's vectors of the wire, which the C++ tests read too.
import { readFileSync } from "node:fs";

/** @param {string} name @returns {any} */
export function read_vectors(name) {
  return JSON.parse(readFileSync(new URL(`../../../tests/vectors/${name}.json`, import.meta.url), "utf8"));
}
