// docs/benchmarks.md with its charts and the figures behind them, written from what is kept.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bar_chart, latency_chart } from "./chart.mjs";
import { root } from "./process.mjs";
import { figure_of, judged } from "./results.mjs";
import { scenarios } from "./scenarios.mjs";
import { amounts_of, contestant_rows, markdown, rounds_of, short, target_rows } from "./table.mjs";

/** @typedef {import("./results.mjs").Result} Result */

const folder = join(root, "docs/benchmarks");

/** @param {Result[]} results */
export function write_document(results) {
  mkdirSync(folder, { recursive: true });
  for (const result of results) write_charts(result);
  writeFileSync(join(folder, "figures.json"), `${JSON.stringify(results.map(without_buckets), null, 1)}\n`);
  writeFileSync(join(root, "docs/benchmarks.md"), `${text(results)}\n`);
}

/** @param {Result} result */
function write_charts(result) {
  const scenario = scenarios[result.scenario];
  const labels = Object.keys(result.rounds).filter((label) => result.rounds[label].length > 0);
  const bars = labels.map((label) => ({ label, value: figure_of(result, label) }));
  writeFileSync(join(folder, `${result.scenario}.svg`), bar_chart(scenario.title, scenario.unit, bars));
  if (!scenario.tells_latency) return;
  const curves = labels.map((label) => ({ label, buckets: together(result.rounds[label]) }));
  writeFileSync(join(folder, `${result.scenario}_latency.svg`), latency_chart(scenario.title, curves));
}

/** The latencies of all rounds. @param {import("./measure.mjs").Measured[]} rounds */
function together(rounds) {
  /** @type {Map<number, number>} */
  const counts = new Map();
  for (const { latency_us } of rounds) {
    for (const [value, count] of latency_us?.buckets ?? []) counts.set(value, (counts.get(value) ?? 0) + count);
  }
  return [...counts].sort(([left], [right]) => left - right);
}

/** @param {Result} result */
function without_buckets(result) {
  const rounds = Object.entries(result.rounds).map(([label, measured]) => [
    label,
    measured.map(({ latency_us, ...rest }) => ({
      ...rest,
      ...(latency_us ? { latency_us: { ...latency_us, buckets: undefined } } : {}),
    })),
  ]);
  return { ...result, rounds: Object.fromEntries(rounds) };
}

/** @param {Result[]} results */
function text(results) {
  const head = ["ratio or figure", "median", "spread", "bound", ""];
  const targets = results.flatMap((result) =>
    target_rows(result).map((row) => [`[${scenarios[result.scenario].title}](#${anchor(result)}): ${row[0]}`, ...row.slice(1)]));
  const missed = results.flatMap((result) => judged(result).filter(({ verdict }) => verdict === "MISSED"));
  return [
    "# Benchmarks",
    "",
    introduction(results),
    "",
    "## What was to be reached",
    "",
    markdown([head, ...targets]),
    "",
    missed.length === 0 ? "No bound is missed." : `${missed.length} of ${results.flatMap(judged).length} bounds are missed; [performance.md](performance.md) shows where the time and the bytes go.`,
    ...results.flatMap(section),
  ].join("\n");
}

/** @param {Result} result */
const anchor = (result) =>
  scenarios[result.scenario].title.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, "").trim().replaceAll(" ", "-");

/** @param {Result[]} results */
function introduction(results) {
  const [{ machine, date, scale }] = results;
  const versions = Object.assign({}, ...results.map((result) => result.versions));
  const loads = results.map(({ load_average }) => load_average);
  return [
    `Measured on ${date.slice(0, 10)} by \`${scale === "quick" ? "./dev bench --quick --write" : "./dev bench --write"}\`, which writes this page:`,
    `${machine.cpu} (${machine.virtual}), ${machine.memory_gib} GiB, Linux ${machine.kernel}, ${machine.system},`,
    `${machine.compiler}, TCP ${machine.congestion_control}; an empty system call takes ${machine.system_call_us} µs; load average ${short(Math.min(...loads))}–${short(Math.max(...loads))} as scenarios began.`,
    `Carillon at ${machine.revision}, release build, nothing for this machine alone (no \`-march=native\`).`,
    "",
    ...Object.entries(versions).map(([name, version]) => `- ${name}: ${version}`),
    "",
    "How it is measured: each server runs alone on cpu 0 (but where two reactors are compared with one), the",
    "load generator on cpu 1, over loopback, from 16 addresses. A round measures all contestants one after",
    "the other, each freshly started; the figures are medians over the rounds, ratios are taken within a",
    "round, and the spread is from the least to the greatest. A bound counts as missed when the whole spread",
    "is above it. Server CPU is the run time of all its threads (`/proc/PID/task/*/schedstat`) and that of",
    "its cpu's ksoftirqd, so that it includes loopback TCP's work for the receiver. In *lockstep* (one",
    "message a tick, bursts) the next message is published when everybody has the last, so that a server",
    "that lags cannot gain by sending several at once. A message's data is 128 bytes (echo: 64); Carillon",
    "adds its envelope. The load generator checks every octet, number and order of what arrives at every",
    "subscriber, and a round with a fault gives no figure. Memory is the growth of the proportional set size.",
    "GETs over HTTP/2 are asked for by h2load, of nghttp2, and all must be answered 2xx. Within TLS every server",
    "has the same certificate (P-256) and OpenSSL.",
    "All figures: [figures.json](benchmarks/figures.json).",
  ].join("\n");
}

/** @param {Result} result */
function section(result) {
  const scenario = scenarios[result.scenario];
  const charts = [`![${scenario.title}](benchmarks/${result.scenario}.svg)`];
  if (scenario.tells_latency) charts.push("", `![latency](benchmarks/${result.scenario}_latency.svg)`);
  return [
    "",
    `## ${scenario.title}`,
    "",
    `${rounds_of(result)} rounds; ${amounts_of(result)}. Alone: \`./dev bench ${result.scenario}\`.`,
    "",
    markdown(contestant_rows(result)),
    "",
    ...charts,
  ];
}
