// The lab: controls on top, a card for each technology, the comparison, and the wizard.
import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Bench } from "./bench.ts";
import { Card } from "./card.tsx";
import { Comparison } from "./comparison.tsx";
import { Controls } from "./controls.tsx";
import { Wizard } from "./wizard.tsx";

function Lab() {
  const [, redraw] = useState(0);
  const [bench] = useState(() => new Bench(() => redraw((count) => count + 1)));
  useEffect(() => void bench.start(), [bench]);
  const rows = bench.rows();
  return (
    <>
      <h1>The lab</h1>
      <p class="lead">
        One channel, every technology at once. This page publishes, and hears itself over each of them: turn the
        knobs and watch what that costs.
      </p>
      <Controls bench={bench} />
      {bench.wire === "absent" && (
        <p class="notice">
          This server neither counts octets nor delays requests. Start it with <code>carillon serve --lab</code> and
          the rest of the instruments come alive.
        </p>
      )}
      {bench.source_trouble !== "" && <p class="notice failed" role="alert">Publishing fails: {bench.source_trouble}</p>}
      <section class="cards" aria-label="Technologies">
        {rows.map((row) => <Card key={row.technology.id} row={row} bench={bench} />)}
        <WhatToTry />
      </section>
      <Comparison rows={rows} wire={bench.wire} />
      <Wizard />
    </>
  );
}

function WhatToTry() {
  return (
    <aside class="card tips">
      <h2>Try this</h2>
      <ol>
        <li><strong>50 messages a second.</strong> Polling now brings many at a time, and what each of them costs falls.</li>
        <li><strong>One a second, polled twice a second.</strong> Watch the empty answers pile up.</li>
        <li><strong>A delay of 200 ms.</strong> Whatever asks pays it for every answer; streams paid once.</li>
        <li><strong>Block WebSocket.</strong> The bare one is lost, the libraries go on.</li>
        <li><strong>Cut anything.</strong> It comes back where it was: missed stays at 0.</li>
      </ol>
    </aside>
  );
}

const place = document.getElementById("lab")!;
place.replaceChildren();
render(<Lab />, place);
