// Charts as SVG: bars with their spread, and latencies by percentile. Plain shapes and text, which
// look right on light and dark pages.
import { short } from "./table.mjs";

const colours = ["#b3541e", "#3d6b99", "#5b8c5a", "#8a6d9e", "#8c8c8c"];
const ink = "#777777";
const bar_height = 26;
const label_width = 210;
const plot_width = 420;

/** @param {string} text */
const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/** @param {number} x @param {number} y @param {string} text @param {string} [anchor] */
function label(x, y, text, anchor = "start") {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}" fill="${ink}">${escaped(text)}</text>`;
}

/** @param {number} height @param {string} title @param {string[]} shapes */
function svg(height, title, shapes) {
  const width = label_width + plot_width + 90;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"`,
    `  font-family="sans-serif" font-size="13" role="img" aria-label="${escaped(title)}">`,
    `<title>${escaped(title)}</title>`,
    ...shapes,
    "</svg>\n",
  ].join("\n");
}

/**
 * @param {string} title @param {string} unit
 * @param {{ label: string, value: import("./statistics.mjs").Summary }[]} bars
 */
export function bar_chart(title, unit, bars) {
  const most = Math.max(...bars.map(({ value }) => value.most));
  const x = (/** @type {number} */ value) => label_width + (plot_width * value) / most;
  const shapes = [label(0, 16, `${title}: ${unit}`)];
  bars.forEach(({ label: name, value }, index) => {
    const y = 30 + index * bar_height;
    const middle = y + 9;
    shapes.push(
      label(label_width - 8, y + 14, name, "end"),
      `<rect x="${label_width}" y="${y}" width="${(x(value.median) - label_width).toFixed(1)}" height="18" fill="${colours[index % colours.length]}"/>`,
      `<path d="M${x(value.least).toFixed(1)} ${middle}H${x(value.most).toFixed(1)}" stroke="${ink}" stroke-width="2"/>`,
      label(x(value.most) + 8, y + 14, short(value.median)),
    );
  });
  return svg(36 + bars.length * bar_height, title, shapes);
}

/** Where a percentile stands: each step to the right has a tenth of the rest. @param {number} part */
const tail_position = (part) => -Math.log10(1 - part);
const ticks = [0, 0.9, 0.99, 0.999, 0.9999];

/**
 * @param {string} title
 * @param {{ label: string, buckets: [number, number][] }[]} curves   microseconds and counts, rising
 */
export function latency_chart(title, curves) {
  const height = 300;
  const bottom = height - 34;
  const most = Math.max(...curves.flatMap(({ buckets }) => buckets.map(([value]) => value)));
  const x = (/** @type {number} */ part) => 60 + ((plot_width + 120) * tail_position(part)) / tail_position(0.9999);
  const y = (/** @type {number} */ value) => bottom - ((bottom - 40) * value) / most;
  const shapes = [label(0, 16, `${title}: ms by percentile`), label(52, y(most) + 4, short(most / 1000), "end"), label(52, bottom, "0", "end")];
  for (const part of ticks) {
    shapes.push(
      `<path d="M${x(part).toFixed(1)} 36V${bottom}" stroke="${ink}" stroke-opacity="0.3"/>`,
      label(x(part), height - 14, part === 0 ? "0 %" : `${Number((part * 100).toFixed(2))} %`, "middle"),
    );
  }
  curves.forEach(({ label: name, buckets }, index) => {
    const total = buckets.reduce((sum, [, count]) => sum + count, 0);
    let seen = 0;
    const points = buckets.flatMap(([value, count]) => {
      seen += count;
      return seen / total <= 0.9999 ? [`${x(seen / total).toFixed(1)},${y(value).toFixed(1)}`] : [];
    });
    const colour = colours[index % colours.length];
    shapes.push(
      `<polyline points="${points.join(" ")}" fill="none" stroke="${colour}" stroke-width="2"/>`,
      `<rect x="80" y="${44 + index * 18}" width="12" height="12" fill="${colour}"/>`,
      label(98, 55 + index * 18, name),
    );
  });
  return svg(height, title, shapes);
}
