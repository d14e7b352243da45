// What has been measured, kept by scenario, so that each can be repeated alone.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "./process.mjs";
import { scenarios } from "./scenarios.mjs";
import { ratios, summary, verdict } from "./statistics.mjs";

/**
 * @typedef {object} Result
 * @property {string} scenario
 * @property {"full" | "quick"} scale
 * @property {string} date
 * @property {string} command
 * @property {number} load_average   of the machine when it began
 * @property {import("./machine.mjs").Machine} machine
 * @property {Record<string, string>} versions   by peer
 * @property {Record<string, import("./measure.mjs").Measured[]>} rounds   by the contestant's label
 * @property {Record<string, string>} missing   who could not be measured, and why
 */

/** @param {string} scale */
const folder = (scale) => join(build, "results", scale);

/** @param {Result} result */
export function keep(result) {
  mkdirSync(folder(result.scale), { recursive: true });
  writeFileSync(join(folder(result.scale), `${result.scenario}.json`), `${JSON.stringify(result)}\n`);
}

/** All that is kept, in the scenarios' order. @param {"full" | "quick"} scale @returns {Result[]} */
export function kept(scale) {
  return Object.keys(scenarios)
    .map((name) => join(folder(scale), `${name}.json`))
    .filter((path) => existsSync(path))
    .map((path) => JSON.parse(readFileSync(path, "utf8")));
}

/** @param {Result} result @param {string} label @returns {number[]} */
export function figures(result, label) {
  const { figure } = scenarios[result.scenario];
  return (result.rounds[label] ?? []).map((measured) =>
    figure === "p99_ms" ? (measured.latency_us?.p99 ?? NaN) / 1000 : measured[figure]);
}

/** @param {Result} result @param {string} label */
export const figure_of = (result, label) => summary(figures(result, label));

/**
 * Each target of the scenario with what was measured; `value` is missing where it could not be.
 * @param {Result} result
 */
export function judged(result) {
  return scenarios[result.scenario].targets.map((target) => {
    const own = figures(result, target.of);
    const other = target.against === undefined ? undefined : figures(result, target.against);
    if (own.length === 0 || other?.length === 0) return { target, value: undefined, verdict: "not measured" };
    const value = other ? ratios(own, other) : summary(own);
    return { target, value, verdict: verdict(value, target.at_most) };
  });
}

const floor_label = "bare program";

/**
 * The bare program against those whom the targets name: below that no server can come, whatever the
 * bound. How far it is from them depends on what system calls cost on the machine.
 * @param {Result} result
 */
export function least_possible(result) {
  const own = figures(result, floor_label);
  const named = new Set(scenarios[result.scenario].targets.map(({ against }) => against ?? floor_label));
  named.delete(floor_label);
  return [...named].flatMap((against) => {
    const other = figures(result, against);
    return own.length > 0 && other.length > 0 ? [{ against, value: ratios(own, other) }] : [];
  });
}
