// The knobs: native radio buttons and check boxes, so that keys and screen readers know them.
import type { Bench } from "./bench.ts";
import type { Settings } from "./settings.ts";

type Numeric = "messages_per_s" | "size_bytes" | "poll_interval_ms" | "delay_ms";

interface Knob {
  name: Numeric;
  legend: string;
  choices: [number, string][];
}

const knobs: readonly Knob[] = [
  { name: "messages_per_s", legend: "Messages a second", choices: [[1, "1"], [5, "5"], [20, "20"], [50, "50"]] },
  { name: "size_bytes", legend: "Size of each", choices: [[64, "64 B"], [512, "512 B"], [4096, "4 kB"]] },
  { name: "poll_interval_ms", legend: "Poll every", choices: [[500, "½ s"], [1000, "1 s"], [3000, "3 s"]] },
  { name: "delay_ms", legend: "Delay of requests", choices: [[0, "none"], [50, "50 ms"], [200, "200 ms"], [1000, "1 s"]] },
];

function Choice({ knob, settings, disabled, on_change }: {
  knob: Knob; settings: Settings; disabled: boolean; on_change: (value: number) => void;
}) {
  return (
    <fieldset class="knob" disabled={disabled}>
      <legend>{knob.legend}</legend>
      <div class="segments">
        {knob.choices.map(([value, text]) => (
          <label key={value}>
            <input type="radio" name={knob.name} checked={settings[knob.name] === value} onChange={() => on_change(value)} />
            <span>{text}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

export function Controls({ bench }: { bench: Bench }) {
  const { settings } = bench;
  return (
    <section class="card controls" id="knobs" aria-label="Controls" tabIndex={-1}>
      {knobs.map((knob) => (
        <Choice
          key={knob.name}
          knob={knob}
          settings={settings}
          disabled={knob.name === "delay_ms" && bench.wire !== "measured"}
          on_change={(value) => bench.set({ [knob.name]: value })}
        />
      ))}
      <div class="actions">
        <label class="switch">
          <input
            type="checkbox"
            checked={settings.websocket_blocked}
            disabled={bench.wire !== "measured"}
            onChange={(event) => bench.set({ websocket_blocked: event.currentTarget.checked })}
          />
          Block WebSocket
        </label>
        <span class="buttons">
          <button type="button" onClick={() => bench.reset()}>Reset</button>
          <button type="button" class="primary" onClick={() => bench.set_running(!bench.running)}>
            {bench.running ? "Pause" : "Go on"}
          </button>
        </span>
      </div>
    </section>
  );
}
