// The latest readings of each sensor, in columns as a chart wants them.
const kept_count = 180;

export interface Reading {
  sensor: string;
  temperature?: number;
  humidity?: number;
}

export interface Series {
  time_s: number[];
  temperature: (number | null)[];
  humidity: (number | null)[];
}

const number_or_null = (value: unknown) => (typeof value === "number" && Number.isFinite(value) ? value : null);

/** A copy with one more reading; what has no name is left out. */
export function with_reading(sensors: Record<string, Series>, reading: Reading, time_s: number): Record<string, Series> {
  if (typeof reading?.sensor !== "string" || reading.sensor === "") return sensors;
  const before = sensors[reading.sensor] ?? { time_s: [], temperature: [], humidity: [] };
  const series = {
    time_s: [...before.time_s, time_s].slice(-kept_count),
    temperature: [...before.temperature, number_or_null(reading.temperature)].slice(-kept_count),
    humidity: [...before.humidity, number_or_null(reading.humidity)].slice(-kept_count),
  };
  return { ...sensors, [reading.sensor]: series };
}

export function latest(series: Series) {
  return { time_s: series.time_s.at(-1) ?? 0, temperature: series.temperature.at(-1) ?? null, humidity: series.humidity.at(-1) ?? null };
}
