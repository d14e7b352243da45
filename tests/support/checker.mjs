// Gives the verdict on what a client received: complete, once each, in order, and nothing else.
// As a program: node tests/support/checker.mjs PUBLISHED.ndjson RECEIVED.ndjson
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

/**
 * @typedef {{ offset: number, epoch: string, data: unknown }} Record
 *
 * @typedef {object} Verdict
 * @property {boolean} ok
 * @property {string[]} lost         positions that never came
 * @property {string[]} duplicated   positions that came again, once for each repetition
 * @property {string[]} reordered    positions that came after a later one
 * @property {string[]} foreign      what was never published so: another position, or other data
 * @property {string} text           one line for a person
 */

/** @param {Record} record */
function position_of(record) {
  return `${record.epoch}:${record.offset}`;
}

/**
 * @param {readonly Record[]} published everything the client must have, in order
 * @param {readonly Record[]} received  what it got, in the order of arrival
 * @returns {Verdict}
 */
export function judge(published, received) {
  /** @type {Map<string, { rank: number, data: string }>} */
  const expected = new Map();
  published.forEach((record, rank) => {
    expected.set(position_of(record), { rank, data: JSON.stringify(record.data) });
  });
  if (expected.size !== published.length) throw new Error("two publications have one position");

  const seen = new Set();
  const duplicated = [];
  const reordered = [];
  const foreign = [];
  let highest_rank = -1;
  for (const record of received) {
    const position = position_of(record);
    const known = expected.get(position);
    if (!known || known.data !== JSON.stringify(record.data)) {
      foreign.push(position);
    } else if (seen.has(position)) {
      duplicated.push(position);
    } else {
      seen.add(position);
      if (known.rank < highest_rank) reordered.push(position);
      highest_rank = Math.max(highest_rank, known.rank);
    }
  }
  const lost = [...expected.keys()].filter((position) => !seen.has(position));
  return conclude({ lost, duplicated, reordered, foreign }, seen.size, published.length);
}

/**
 * @param {Pick<Verdict, "lost" | "duplicated" | "reordered" | "foreign">} findings
 * @param {number} seen_count
 * @param {number} published_count
 * @returns {Verdict}
 */
function conclude(findings, seen_count, published_count) {
  const faults = Object.entries(findings).filter(([, positions]) => positions.length > 0);
  const complaints = faults.map(([fault, positions]) => {
    const shown = positions.slice(0, 5).join(", ") + (positions.length > 5 ? ", …" : "");
    return `${positions.length} ${fault} (${shown})`;
  });
  const text = `${seen_count} of ${published_count}: ${complaints.join("; ") || "complete, once each, in order"}`;
  return { ok: faults.length === 0, ...findings, text };
}

/** @param {string} path @returns {Record[]} */
function read_records(path) {
  const lines = readFileSync(path, "utf8").split("\n").filter(Boolean);
  return lines.map((line) => JSON.parse(line));
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [published, received] = process.argv.slice(2).map(read_records);
  const verdict = judge(published, received);
  console.log(verdict.text);
  process.exitCode = verdict.ok ? 0 : 1;
}
