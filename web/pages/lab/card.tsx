// One technology: how it is, what it costs, why, and its code.
import { useState } from "preact/hooks";
import type { Bench, Row } from "./bench.ts";
import { Histogram } from "./histogram.tsx";
import { milliseconds, octets } from "./statistics.ts";
import { TryIt } from "./try_it.tsx";

const state_names = { connecting: "Connecting", listening: "Listening", waiting: "Disconnected", cut: "Cut" };

function Figure({ name, value, strong }: { name: string; value: string; strong?: boolean }) {
  return (
    <div class={strong ? "figure strong" : "figure"}>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

export function Card({ row, bench }: { row: Row; bench: Bench }) {
  const { technology, figures } = row;
  const [is_open, set_open] = useState(false);
  const heading = `${technology.id}-name`;
  return (
    <article class="card technology" id={technology.id} data-series={technology.id} aria-labelledby={heading}>
      <header>
        <h2 id={heading}>{technology.name}</h2>
        <button type="button" class="small" aria-label={`Cut the connection of ${technology.name}`} onClick={() => void bench.cut(technology.id)}>
          Cut
        </button>
      </header>
      <p class="in-short">{technology.in_short}</p>
      <p class="state" data-state={figures.state}>
        <span class="dot" />
        {state_names[figures.state]}{figures.detail && `, ${figures.detail}`}
      </p>
      <dl class="figures">
        <Figure strong name="Delay, median" value={milliseconds(figures.p50_ms)} />
        <Figure strong name="Delay, p99" value={milliseconds(figures.p99_ms)} />
        <Figure strong name="Wire, each" value={octets(row.bytes_per_message)} />
      </dl>
      <Histogram counts={figures.histogram} series={technology.id} name={technology.name} />
      <dl class="figures counts">
        <Figure name="Heard" value={`${figures.heard_count}`} />
        <Figure name="Missed" value={`${figures.missed_count}`} />
        <Figure name="Requests" value={`${figures.request_count}`} />
        <Figure name="Empty answers" value={`${figures.empty_count}`} />
        <Figure name="Reconnects" value={`${figures.reconnect_count}`} />
      </dl>
      <details onToggle={(event) => set_open(event.currentTarget.open)}>
        <summary>How it works, and its code</summary>
        {technology.explanation.map((paragraph) => <p key={paragraph}>{paragraph}</p>)}
        <p><strong>Good for:</strong> {technology.good_for}</p>
        {is_open && <TryIt technology={technology} channel={bench.channel} />}
      </details>
    </article>
  );
}
