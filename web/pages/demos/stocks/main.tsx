// A ticker: one channel with a thousand prices a second, heard in full and at a pace of one's own.
import { useEffect, useState } from "preact/hooks";
import { client } from "../kit/connection.ts";
import { Nothing, show_demo } from "../kit/shell.tsx";
import { Tape } from "./tape.ts";
import { endpoint } from "../../transports/endpoint.ts";

const channel_name = "demo-stocks:all";
const paces: [number, string][] = [[250, "¼ s"], [1000, "1 s"], [3000, "3 s"]];
const redraw_ms = 250;

interface Quote {
  symbol: string;
  price: number;
}

/** The tape is written a thousand times a second, and looked at four times. */
function useTape(open: (tape: Tape) => () => void, inputs: unknown[]): Tape {
  const [tape, set_tape] = useState(() => new Tape());
  const [, redraw] = useState(0);
  useEffect(() => {
    const fresh = new Tape();
    set_tape(fresh);
    const close = open(fresh);
    const timer = setInterval(() => {
      fresh.tick(redraw_ms);
      redraw((count) => count + 1);
    }, redraw_ms);
    return () => {
      clearInterval(timer);
      close();
    };
  }, inputs);
  return tape;
}

function Quotes({ title, detail, tape, children }: { title: string; detail: string; tape: Tape; children?: preact.ComponentChildren }) {
  const quotes = tape.quotes();
  return (
    <section class="card panel" aria-label={title}>
      <header><h2>{title}</h2>{children}</header>
      <p class="soft">{detail}</p>
      <dl class="rates">
        <div><dd>{Math.round(tape.per_second).toLocaleString("en")}</dd><dt>updates a second</dt></div>
        <div><dd>{tape.skipped_share === undefined ? "–" : `${Math.round(tape.skipped_share * 100)} %`}</dd><dt>conflated away</dt></div>
        <div><dd>{tape.heard_count.toLocaleString("en")}</dd><dt>heard in all</dt></div>
      </dl>
      {quotes.length === 0 && <Nothing>No prices come. The made-up ones are part of <code>carillon serve --demo</code>.</Nothing>}
      <ul class="quotes">
        {quotes.map(({ symbol, price, change }) => (
          <li key={symbol} data-change={change > 0 ? "up" : change < 0 ? "down" : "none"}>
            <span class="symbol">{symbol}</span>
            <span class="price">{price.toFixed(2)}</span>
            <span class="arrow" aria-label={change > 0 ? "up" : change < 0 ? "down" : "unchanged"}>{change > 0 ? "▲" : change < 0 ? "▼" : "·"}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Stocks() {
  const [pace_ms, set_pace] = useState(1000);
  const all = useTape((tape) => client.channel(channel_name).on("message", ({ data, offset }) => tape.hear(data as Quote, offset)), []);
  const paced = useTape((tape) => {
    const source = new EventSource(endpoint("api/events", { channel: channel_name, pace_ms: String(pace_ms) }));
    source.onmessage = (event) => {
      const { data, offset } = JSON.parse(event.data) as { data: Quote; offset: number };
      tape.hear(data, offset);
    };
    return () => source.close();
  }, [pace_ms]);
  return (
    <div class="columns">
      <Quotes title="Every update" detail="Over the client’s connection, as fast as they come." tape={all} />
      <Quotes title="At my own pace" detail="The same channel: of each share only the latest price waits for its turn." tape={paced}>
        <div class="tabs" role="group" aria-label="Pace">
          {paces.map(([value, text]) => (
            <button key={value} type="button" class="small" aria-pressed={value === pace_ms} onClick={() => set_pace(value)}>{text}</button>
          ))}
        </div>
      </Quotes>
    </div>
  );
}

show_demo({ demo: "stocks", title: "Stock ticker", lead: "A thousand made-up prices a second. Conflation lets each reader have them at its own pace, and always the latest." }, <Stocks />);
