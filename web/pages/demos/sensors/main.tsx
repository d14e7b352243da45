// Sensors: whatever publishes readings shows, whether it is made up, a script, or a real device.
import { useState } from "preact/hooks";
import uPlot from "uplot";
import { Chart, colour } from "../../design/chart.tsx";
import { useChannel } from "../kit/connection.ts";
import { Nothing, show_demo } from "../kit/shell.tsx";
import { latest, type Reading, type Series, with_reading } from "./series.ts";

const silent_ms = 10_000;

function options(): Omit<uPlot.Options, "width" | "height"> {
  const axis = { stroke: colour("soft"), font: `11px ${colour("sans")}`, grid: { stroke: colour("line"), width: 1 }, ticks: { show: false } };
  const line = { width: 2, points: { show: false } };
  return {
    legend: { show: false },
    cursor: { show: false },
    padding: [8, 4, 0, 0],
    scales: { percent: { range: [0, 100] }, degrees: { range: (_plot, least, most) => [least - 1, most + 1] } },
    axes: [
      { ...axis, space: 90 },
      { ...axis, scale: "degrees", size: 42, values: (_plot, splits) => splits.map((value) => `${value}°`) },
    ],
    series: [
      {},
      { ...line, scale: "degrees", stroke: colour("series-longpolling") },
      { ...line, scale: "percent", stroke: colour("series-websocket"), dash: [5, 4] },
    ],
  };
}

function Sensor({ name, series }: { name: string; series: Series }) {
  const { temperature, humidity, time_s } = latest(series);
  const is_silent = Date.now() - time_s * 1000 > silent_ms;
  return (
    <section class="card panel sensor" aria-label={name}>
      <header>
        <h2>{name}</h2>
        <p class="soft" data-state={is_silent ? "waiting" : "listening"}><span class="dot" /> {is_silent ? "silent" : "live"}</p>
      </header>
      <dl>
        <div class="temperature"><dt>Temperature</dt><dd>{temperature === null ? "–" : `${temperature.toFixed(1)} °C`}</dd></div>
        <div class="humidity"><dt>Humidity</dt><dd>{humidity === null ? "–" : `${Math.round(humidity)} %`}</dd></div>
      </dl>
      <Chart
        height={150}
        label={`${name}: ${series.time_s.length} readings, the latest ${temperature ?? "no"} degrees`}
        data={[series.time_s, series.temperature, series.humidity]}
        options={options}
      />
    </section>
  );
}

function Sensors() {
  const [sensors, set_sensors] = useState<Record<string, Series>>({});
  useChannel<Reading>("demo-sensors:all", { history: 600 }, () => ({
    on_message: ({ data, timestamp }) => set_sensors((before) => with_reading(before, data, timestamp / 1000)),
  }));
  const names = Object.keys(sensors).sort();
  return (
    <>
      {names.length === 0 && <Nothing>No sensor speaks yet. Run the line below, or start the server with <code>--demo</code>.</Nothing>}
      <div class="columns">{names.map((name) => <Sensor key={name} name={name} series={sensors[name]!} />)}</div>
      <section class="card panel feed" aria-labelledby="feed-title">
        <h2 id="feed-title">Feed it yourself</h2>
        <p class="soft">One reading, or one a second from the script in <code>examples/sensor.sh</code>:</p>
        <pre tabIndex={0} aria-label="Commands"><code>{`carillon pub demo-sensors:all '{"sensor":"Shell","temperature":21.5,"humidity":40}'\nexamples/sensor.sh Kitchen`}</code></pre>
      </section>
    </>
  );
}

show_demo({ demo: "sensors", title: "Sensors", lead: "Rooms of a bell tower, and whatever else can run a command." }, <Sensors />);
