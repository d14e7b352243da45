// Numbers from delays: percentiles of the latest ones, and how they are spread.

/** The smallest value that `part` (0 to 1) of all are not above. `values` in any order. */
export function percentile(values: readonly number[], part: number): number | undefined {
  if (values.length === 0) return undefined;
  const sorted = values.toSorted((first, second) => first - second);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(part * sorted.length) - 1))];
}

/** Upper ends of the histogram's classes in milliseconds, each double the one before; the last has none. */
export const class_ends_ms = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, Infinity] as const;

/** How many values are in each class. */
export function histogram(values: readonly number[]): number[] {
  const counts = class_ends_ms.map(() => 0);
  for (const value of values) counts[class_ends_ms.findIndex((end) => value <= end)]!++;
  return counts;
}

/** Milliseconds for the eye: three digits at most. */
export function milliseconds(value: number | undefined): string {
  if (value === undefined) return "–";
  if (value < 10) return `${Math.max(0, value).toFixed(1)} ms`;
  if (value < 1000) return `${Math.round(value)} ms`;
  return `${(value / 1000).toFixed(value < 10_000 ? 2 : 1)} s`;
}

/** Octets for the eye. */
export function octets(value: number | undefined): string {
  if (value === undefined || !Number.isFinite(value)) return "–";
  if (value < 1000) return `${Math.round(value)} B`;
  if (value < 1_000_000) return `${(value / 1000).toFixed(1)} kB`;
  return `${(value / 1_000_000).toFixed(1)} MB`;
}
