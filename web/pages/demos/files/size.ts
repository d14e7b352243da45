// How much a file is, as one says it.

const units = ["B", "kB", "MB", "GB"];

export function size_text(octets: number): string {
  const power = Math.min(octets < 1 ? 0 : Math.floor(Math.log10(octets) / 3), units.length - 1);
  return `${(octets / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`;
}
