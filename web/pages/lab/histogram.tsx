// How the delays of one technology are spread: classes that double from one to the next.
import uPlot from "uplot";
import { Chart, colour } from "../design/chart.tsx";
import { class_ends_ms } from "./statistics.ts";

const last_class = class_ends_ms.length - 1;

function class_name(index: number): string {
  if (index >= last_class) return "more";
  const end = class_ends_ms[Math.max(0, index)]!;
  return end < 1000 ? `${end}` : `${Math.round(end / 1000)} s`;
}

function options(series: string): Omit<uPlot.Options, "width" | "height"> {
  const ink = colour("soft");
  const font = `11px ${colour("sans")}`;
  return {
    legend: { show: false },
    cursor: { show: false },
    padding: [6, 8, 0, 8],
    scales: { x: { time: false, range: [-0.6, last_class + 0.6] }, y: { range: (_plot, _least, most) => [0, Math.max(most, 1)] } },
    axes: [
      {
        stroke: ink, font, size: 22, gap: 3,
        grid: { show: false }, ticks: { show: false },
        splits: () => [0, 3, 6, 9, 12],
        values: (_plot, splits) => splits.map((index) => (index === 0 ? "1 ms" : class_name(index))),
      },
      { show: false },
    ],
    series: [
      {},
      { fill: colour(`series-${series}`), width: 0, points: { show: false }, paths: uPlot.paths.bars!({ size: [0.78], radius: 0.2 }) },
    ],
  };
}

export function Histogram({ counts, series, name }: { counts: number[]; series: string; name: string }) {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const fullest = counts.indexOf(Math.max(...counts));
  const label = total === 0 ? `${name}: no delays yet` : `${name}: ${total} delays, most of them up to ${class_name(fullest)} milliseconds`;
  return <Chart height={92} label={label} data={[counts.map((_, index) => index), counts]} options={() => options(series)} />;
}
