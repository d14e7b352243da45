// Holds the instructions that the hot paths take against a baseline, so that a change that slows
// one down is noticed, whatever else the machine does.
//
// Usage: node guard.mjs BENCH_HOT_PATHS [--rebase] [--profile]
// Counted are the functions in our own program; those of libc, the allocator and the C++ library
// lie in shared objects, choose by the processor, and are left out.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

const most_growth = 1.05;
/** What access may cost: the sum of the first ones is at most so many times the sum of the others. */
const bounds = [
  { what: "a delivery with access on", of: ["fan_out_1000_access", "flush_1000_access"], to: ["fan_out_1000", "flush_1000"], most: 1.02 },
  { what: "a publish over a WebSocket with access on", of: ["socket_publish_access"], to: ["socket_publish"], most: 1.15 },
];
const baseline_file = join(import.meta.dirname ?? new URL(".", import.meta.url).pathname, "baseline.json");
const [program, ...words] = process.argv.slice(2);

/** @typedef {Map<string, number>} Costs   instructions by function */

/**
 * What functions of `object` cost themselves, from a callgrind file.
 * @param {string} text @param {string} object @returns {Costs}
 */
function own_costs(text, object) {
  /** @type {Record<"ob" | "fn", Map<string, string>>} */
  const names = { ob: new Map(), fn: new Map() };
  const current = { ob: "", fn: "" };
  /** @type {Costs} */
  const costs = new Map();
  let is_call = false;
  for (const line of text.split("\n")) {
    const named = line.match(/^c?(ob|fn)=\((\d+)\)(?: (.*))?$/);
    if (named) {
      const kind = /** @type {"ob" | "fn"} */ (named[1]);
      if (named[3]) names[kind].set(named[2], named[3]);
      if (!line.startsWith("c")) current[kind] = names[kind].get(named[2]) ?? "";
    } else if (line.startsWith("calls=")) {
      is_call = true;  // the next line is what the callee cost, which is counted at the callee
    } else if (/^[+*\d-]/.test(line)) {
      if (!is_call && basename(current.ob) === object) {
        costs.set(current.fn, (costs.get(current.fn) ?? 0) + Number(line.split(" ")[1]));
      }
      is_call = false;
    }
  }
  return costs;
}

/** @returns {Record<string, { per_operation: number, functions: Costs }>} by path */
function measure() {
  const folder = mkdtempSync(join(tmpdir(), "carillon-guard-"));
  try {
    const printed = execFileSync(
      "valgrind",
      ["--tool=callgrind", `--callgrind-out-file=${folder}/out`, "--quiet", program],
      { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] },
    );
    const operations = new Map(printed.trim().split("\n").map((line) => /** @type {[string, string]} */ (line.split(" "))));
    const found = readdirSync(folder).flatMap((file) => {
      const text = readFileSync(join(folder, file), "utf8");
      const path = text.match(/^desc: Trigger: Client Request: (.*)$/m)?.[1];
      if (path === undefined) return [];
      const functions = own_costs(text, basename(program));
      const total = [...functions.values()].reduce((sum, cost) => sum + cost, 0);
      return [[path, { per_operation: total / Number(operations.get(path)), functions }]];
    });
    return Object.fromEntries(found);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** @param {Costs} functions @param {number} scale */
function print_profile(functions, scale) {
  for (const [name, cost] of [...functions].sort(([, left], [, right]) => right - left).slice(0, 12)) {
    console.log(`    ${(cost * scale).toFixed(1).padStart(9)}  ${name}`);
  }
}

/** @param {ReturnType<typeof measure>} measured */
function compare(measured) {
  /** @type {Record<string, number>} */
  const baseline = JSON.parse(readFileSync(baseline_file, "utf8"));
  let slower = 0;
  for (const name of new Set([...Object.keys(baseline), ...Object.keys(measured)])) {
    const now = measured[name]?.per_operation;
    const before = baseline[name];
    if (now === undefined || before === undefined) {
      console.log(`${name}: ${now === undefined ? "was not measured" : "has no baseline"}`);
      slower++;
      continue;
    }
    const ratio = now / before;
    const verdict = ratio > most_growth ? "SLOWER" : ratio < 2 - most_growth ? "faster: rebase" : "";
    console.log(`${name.padEnd(22)} ${now.toFixed(1).padStart(10)} instructions, ${((ratio - 1) * 100).toFixed(1).padStart(6)} %  ${verdict}`);
    if (ratio <= most_growth) continue;
    slower++;
    print_profile(measured[name].functions, now / [...measured[name].functions.values()].reduce((a, b) => a + b, 0));
  }
  if (slower === 0) return;
  console.log(`${slower} hot paths take over ${Math.round((most_growth - 1) * 100)} % more instructions than before.`);
  console.log("Make them quicker, or accept it by `./dev bench --rebase` and say why in the commit.");
  process.exitCode = 1;
}

/** @param {ReturnType<typeof measure>} measured */
function check_bounds(measured) {
  const sum = (/** @type {string[]} */ names) => names.reduce((total, name) => total + measured[name].per_operation, 0);
  for (const { what, of, to, most } of bounds) {
    const ratio = sum(of) / sum(to);
    console.log(`${what}: ${ratio.toFixed(3)} of one without (at most ${most})`);
    if (ratio > most) process.exitCode = 1;
  }
}

const measured = measure();
if (words.includes("--rebase")) {
  const baseline = Object.fromEntries(
    Object.entries(measured).map(([name, { per_operation }]) => [name, Number(per_operation.toFixed(1))]),
  );
  writeFileSync(baseline_file, `${JSON.stringify(baseline, null, 2)}\n`);
  console.log(baseline);
} else if (words.includes("--profile")) {
  for (const [name, { per_operation, functions }] of Object.entries(measured)) {
    console.log(`${name}: ${per_operation.toFixed(1)} instructions per operation`);
    print_profile(functions, per_operation / [...functions.values()].reduce((a, b) => a + b, 0));
  }
} else {
  compare(measured);
  check_bounds(measured);
}
