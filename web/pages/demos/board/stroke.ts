// A stroke as it travels: few points, few digits.
export type Point = [x: number, y: number];

export interface Stroke {
  points: Point[];
  colour: string;
  by: string;
}

const least_step = 0.004;
const most_points = 400;

/** Points that lie closer together than the eye sees are left out; the ends stay. */
export function thinned(points: readonly Point[]): Point[] {
  const kept: Point[] = [];
  points.forEach(([x, y], index) => {
    const last = kept.at(-1);
    const is_end = index === points.length - 1;
    if (last && !is_end && Math.hypot(x - last[0], y - last[1]) < least_step) return;
    kept.push([Math.round(x * 10_000) / 10_000, Math.round(y * 10_000) / 10_000]);
  });
  return kept.slice(-most_points);
}
