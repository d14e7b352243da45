// `./dev bench`: measures scenarios round by round, A B A B, and says what came out.
import os from "node:os";
import { parseArgs } from "node:util";
import { write_document } from "./document.mjs";
import { machine } from "./machine.mjs";
import { hindrance, measure } from "./measure.mjs";
import { peers } from "./peers.mjs";
import { judged, keep, kept } from "./results.mjs";
import { scenarios } from "./scenarios.mjs";
import { for_terminal } from "./table.mjs";

const usage = `./dev bench [--quick] [--rounds N] [--write] [--strict] [SCENARIO...]
  --quick    small amounts and three rounds: two minutes in all
  --rounds   how often everybody is measured (5)
  --write    write docs/benchmarks.md from all that is kept, what was measured before included
  --only-write   measure nothing
  --strict   exit 1 when a bound is missed or something could not be measured
  scenarios: ${Object.keys(scenarios).join(", ")}`;

const { values: options, positionals: chosen } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: "boolean" },
    rounds: { type: "string" },
    write: { type: "boolean" },
    "only-write": { type: "boolean" },
    strict: { type: "boolean" },
    help: { type: "boolean" },
  },
});
const unknown = chosen.filter((name) => !(name in scenarios));
if (options.help || unknown.length > 0) {
  console.log(unknown.length > 0 ? `no scenario ${unknown.join(", ")}\n${usage}` : usage);
  process.exit(options.help ? 0 : 2);
}
const scale = options.quick ? "quick" : "full";
const rounds = Number(options.rounds ?? (options.quick ? 3 : 5));

/** @param {string} text */
const progress = (text) => process.stderr.write(process.stderr.isTTY ? `\r\x1b[K${text}` : "");

/** @param {string} name @returns {Promise<import("./results.mjs").Result>} */
async function run_scenario(name) {
  const scenario = scenarios[name];
  /** @type {import("./results.mjs").Result} */
  const result = {
    scenario: name,
    scale,
    date: new Date().toISOString(),
    command: `./dev bench ${process.argv.slice(2).join(" ")}`,
    load_average: os.loadavg()[0],
    machine: machine(),
    versions: {},
    rounds: {},
    missing: {},
  };
  const contestants = scenario.contestants.filter(({ full_only }) => !(full_only && options.quick));
  const labelled = contestants.map((each) => ({ ...each, label: each.label ?? peers.get(each.peer)?.name ?? each.peer }));
  for (const contestant of labelled) {
    const why = hindrance(contestant);
    if (why) result.missing[contestant.label] = why;
    else result.rounds[contestant.label] = [];
  }
  for (let round = 0; round < rounds; round++) {
    for (const contestant of labelled) {
      if (contestant.label in result.missing) continue;
      progress(`${name}, round ${round + 1} of ${rounds}: ${contestant.label}`);
      await take_part(scenario, contestant, result);
    }
  }
  progress("");
  return result;
}

/**
 * Who fails once is out: its rounds would not be comparable any more.
 * @param {import("./scenarios.mjs").Scenario} scenario
 * @param {import("./scenarios.mjs").Contestant & { label: string }} contestant
 * @param {import("./results.mjs").Result} result
 */
async function take_part(scenario, contestant, result) {
  const { label } = contestant;
  try {
    result.rounds[label].push(await measure(scenario, contestant, scenario[scale]));
    const peer = peers.get(contestant.peer);
    if (peer) result.versions[peer.name] = peer.version();
  } catch (error) {
    result.missing[label] = /** @type {Error} */ (error).message.split("\n")[0];
    delete result.rounds[label];
  }
}

const names = options["only-write"] ? [] : chosen.length > 0 ? chosen : Object.keys(scenarios);
let complete = true;
for (const name of names) {
  const result = await run_scenario(name);
  keep(result);
  console.log(for_terminal(result));
  complete &&= judged(result).every(({ verdict }) => verdict !== "MISSED" && verdict !== "not measured");
}
if (options.write || options["only-write"]) {
  write_document(kept(scale));
  console.log("\nwritten: docs/benchmarks.md and docs/benchmarks/");
}
if (options.strict && !complete) process.exitCode = 1;
