// Medians, spreads, ratios of rounds, and what they say about a target.

/** @param {number[]} values */
export function median(values) {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** @typedef {{ median: number, least: number, most: number }} Summary */

/** @param {number[]} values @returns {Summary} */
export function summary(values) {
  return { median: median(values), least: Math.min(...values), most: Math.max(...values) };
}

/**
 * Round by round: what was measured next to each other is compared.
 * @param {number[]} left @param {number[]} right
 */
export function ratios(left, right) {
  return summary(left.map((value, round) => value / right[round]));
}

/**
 * A bound is missed when the whole spread is above it.
 * @param {Summary} value @param {number} at_most
 * @returns {"reached" | "within the spread" | "MISSED"}
 */
export function verdict(value, at_most) {
  if (value.median <= at_most) return "reached";
  return value.least <= at_most ? "within the spread" : "MISSED";
}
