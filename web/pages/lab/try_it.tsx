// The few lines of code beside a technology: what is shown is the file that runs.
import { useEffect, useState } from "preact/hooks";
import { server_root } from "../transports/endpoint.ts";
import type { Technology } from "./technologies.ts";

const shown_count = 5;

function in_short(data: unknown): string {
  const text = typeof data === "string" ? data : JSON.stringify(data);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

export function TryIt({ technology, channel }: { technology: Technology; channel: string }) {
  const [run, set_run] = useState<AbortController>();
  const [lines, set_lines] = useState<string[]>([]);
  useEffect(() => () => run?.abort(), [run]);

  const say = (line: string) => set_lines((before) => [...before.slice(1 - shown_count), line]);

  async function start() {
    const abort = new AbortController();
    set_lines([]);
    set_run(abort);
    try {
      const code = await technology.load();
      await code.run({ server: server_root(), channel, show: (data) => say(in_short(data)), signal: abort.signal });
    } catch (error) {
      if (!abort.signal.aborted) say(`It failed: ${String(error)}`);
    }
  }

  return (
    <div class="try-it">
      <pre tabIndex={0} aria-label={`Code for ${technology.name}`}><code>{technology.code.trim()}</code></pre>
      <button type="button" class="small" onClick={() => (run ? set_run(undefined) : void start())}>
        {run ? "Stop it" : "Run it here"}
      </button>
      {run && (
        <pre class="output" tabIndex={0} aria-label="What it shows">{lines.length === 0 ? "Nothing yet." : lines.join("\n")}</pre>
      )}
    </div>
  );
}
