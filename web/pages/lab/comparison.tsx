// All technologies in one chart and one table.
import type { Row, WireState } from "./bench.ts";
import { milliseconds, octets } from "./statistics.ts";
import { Timeline } from "./timeline.tsx";

/** The best of a column is set in bold; ties are nobody's. */
function best_of(values: (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  const least = Math.min(...known);
  return known.length > 1 && known.filter((value) => value === least).length === 1 ? least : undefined;
}

interface Column {
  name: string;
  value: (row: Row) => number | undefined;
  text: (value: number | undefined) => string;
}

const count = (value: number | undefined) => (value === undefined ? "–" : value.toLocaleString("en"));
const columns: readonly Column[] = [
  { name: "Median", value: ({ figures }) => figures.p50_ms, text: milliseconds },
  { name: "p99", value: ({ figures }) => figures.p99_ms, text: milliseconds },
  { name: "Wire, each message", value: (row) => row.bytes_per_message, text: octets },
  { name: "Wire, all", value: (row) => row.bytes, text: octets },
  { name: "Requests", value: ({ figures }) => figures.request_count, text: count },
  { name: "Empty answers", value: ({ figures }) => figures.empty_count, text: count },
  { name: "Reconnects", value: ({ figures }) => figures.reconnect_count, text: count },
];

export function Comparison({ rows, wire }: { rows: Row[]; wire: WireState }) {
  return (
    <section class="comparison" aria-labelledby="comparison-title">
      <h2 id="comparison-title">Side by side</h2>
      <div class="card">
        <ul class="legend" aria-hidden="true">
          {rows.map(({ technology }) => <li key={technology.id} data-series={technology.id}>{technology.name}</li>)}
        </ul>
        <Timeline rows={rows} />
      </div>
      <div class="card table" tabIndex={0} role="region" aria-label="Live figures of all technologies">
        <table>
          <thead>
            <tr><th scope="col">Technology</th>{columns.map(({ name }) => <th scope="col" key={name}>{name}</th>)}</tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.technology.id}>
                <th scope="row" data-series={row.technology.id}>{row.technology.name}</th>
                {columns.map(({ name, value, text }) => {
                  const here = value(row);
                  const is_best = here !== undefined && here === best_of(rows.map(value));
                  return <td key={name} class={is_best ? "best" : undefined}>{text(here)}</td>;
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="soft footnote">
        Delay: from this page’s publish to its arrival in this page. Wire: octets of the TCP connections in both
        directions, {wire === "measured" ? "as the server’s kernel counts them: with all headers, frames and empty answers." : "which this server does not count."}
      </p>
    </section>
  );
}
