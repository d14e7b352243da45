// Results as text: tables for a terminal and for Markdown.
import { figure_of, figures, judged, least_possible } from "./results.mjs";
import { scenarios } from "./scenarios.mjs";
import { summary } from "./statistics.mjs";

/** Three digits that mean something. @param {number} value */
export function short(value) {
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString("en-US");
  return Number(value.toPrecision(value < 1 ? 2 : 3)).toString();
}

/** @param {import("./statistics.mjs").Summary} value */
const spread = (value) => `${short(value.least)}–${short(value.most)}`;

/** A counter's increase per delivery, where the server tells. @param {import("./measure.mjs").Measured[]} rounds */
function sends_per_delivery(rounds) {
  const ratio = rounds.map(({ counters: c }) => c.carillon_sends_total / c.carillon_deliveries_total);
  return Number.isFinite(ratio[0]) ? short(summary(ratio).median) : "";
}

/** @param {import("./results.mjs").Result} result @returns {string[][]} the first row is the head */
export function contestant_rows(result) {
  const scenario = scenarios[result.scenario];
  const is_fan_out = scenario.mode === "fan-out";
  const head = ["", scenario.unit, "spread"];
  if (is_fan_out) head.push("sends per delivery");
  if (scenario.tells_latency) head.push("p50 ms", "p99 ms", "max ms");
  const rows = Object.entries(result.rounds)
    .filter(([, rounds]) => rounds.length > 0)
    .map(([label, rounds]) => {
      const value = figure_of(result, label);
      const row = [label, short(value.median), spread(value)];
      if (is_fan_out) row.push(sends_per_delivery(rounds));
      if (scenario.tells_latency) {
        for (const part of /** @type {const} */ (["p50", "p99", "max"])) {
          row.push(short(summary(rounds.map(({ latency_us }) => (latency_us?.[part] ?? NaN) / 1000)).median));
        }
      }
      return row;
    });
  const missing = Object.entries(result.missing).map(([label, why]) =>
    [label, `not measured: ${why}`, ...head.slice(2).map(() => "")]);
  return [head, ...rows, ...missing];
}

/** @param {import("./results.mjs").Result} result @returns {string[][]} */
export function target_rows(result) {
  const targets = judged(result).map(({ target, value, verdict }) => [
    target.against ? `${target.of} / ${target.against}` : target.of,
    value ? short(value.median) : "",
    value ? spread(value) : "",
    `≤ ${short(target.at_most)}`,
    verdict,
  ]);
  const floor = least_possible(result).map(({ against, value }) =>
    [`bare program / ${against}`, short(value.median), spread(value), "", "what is possible here"]);
  return [...targets, ...floor];
}

/** @param {import("./results.mjs").Result} result */
export function rounds_of(result) {
  return Math.max(0, ...Object.keys(result.rounds).map((label) => figures(result, label).length));
}

/** @param {string[][]} rows */
export function aligned(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => [...(row[column] ?? "")].length)));
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column])).join("  ").trimEnd()).join("\n");
}

/** @param {string[][]} rows the first is the head */
export function markdown(rows) {
  const line = (/** @type {string[]} */ cells) => `| ${cells.join(" | ")} |`;
  return [line(rows[0]), line(rows[0].map(() => "---")), ...rows.slice(1).map(line)].join("\n");
}

/** How much of everything there was. @param {import("./results.mjs").Result} result */
export function amounts_of(result) {
  const amounts = Object.entries(scenarios[result.scenario][result.scale]);
  return amounts.map(([name, value]) => `${name.replaceAll("_", " ")} ${value.toLocaleString("en-US")}`).join(", ");
}

/** What the terminal shows of a scenario. @param {import("./results.mjs").Result} result */
export function for_terminal(result) {
  const targets = target_rows(result);
  return [
    `\n${scenarios[result.scenario].title}: ${rounds_of(result)} rounds; ${amounts_of(result)}`,
    aligned(contestant_rows(result)),
    ...(targets.length > 0 ? [aligned([["ratio", "median", "spread", "bound", ""], ...targets])] : []),
  ].join("\n");
}
