// The medians of all technologies over the last minute, on one scale.
import uPlot from "uplot";
import type { Row } from "./bench.ts";
import { Chart, colour } from "../design/chart.tsx";
import { milliseconds } from "./statistics.ts";

const point_count = 120;
const tick_s = 0.5;

function options(rows: Row[]): Omit<uPlot.Options, "width" | "height"> {
  const ink = colour("soft");
  const line = colour("line");
  const font = `12px ${colour("sans")}`;
  const axis = { stroke: ink, font, grid: { stroke: line, width: 1 }, ticks: { show: false } };
  return {
    legend: { show: false },
    cursor: { show: false },
    padding: [10, 12, 0, 0],
    scales: { x: { time: false, range: [-point_count * tick_s, 0] }, y: { distr: 3, range: [0.5, 5000] } },
    axes: [
      { ...axis, values: (_plot, splits) => splits.map((second) => (second === 0 ? "now" : `${second} s`)) },
      {
        ...axis, size: 64,
        splits: () => [1, 10, 100, 1000],
        values: (_plot, splits) => splits.map((value) => (value < 1000 ? `${value} ms` : "1 s")),
      },
    ],
    series: [
      {},
      ...rows.map(({ technology }) => ({
        label: technology.name, stroke: colour(`series-${technology.id}`), width: 2, spanGaps: true, points: { show: false },
      })),
    ],
  };
}

/** Series end now, however long they are. */
function aligned(rows: Row[]): uPlot.AlignedData {
  const times = Array.from({ length: point_count }, (_, index) => (index - point_count + 1) * tick_s);
  const columns = rows.map(({ figures }) => [
    ...Array.from<null>({ length: point_count - figures.series_ms.length }).fill(null),
    ...figures.series_ms.map((value) => (value === null ? null : Math.max(0.5, value))),
  ]);
  return [times, ...columns];
}

export function Timeline({ rows }: { rows: Row[] }) {
  const label = `Median delay over the last minute: ${rows.map(({ technology, figures }) => `${technology.name} ${milliseconds(figures.p50_ms)}`).join(", ")}`;
  return <Chart height={260} label={label} data={aligned(rows)} options={() => options(rows)} />;
}
