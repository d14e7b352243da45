// uPlot in Preact: made once, given data after that, and made again when the colours change.
import { useEffect, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";

/** The page's colours as they are now; charts are drawn on a canvas, which knows no variables. */
export function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

function useScheme(): string {
  const query = matchMedia("(prefers-color-scheme: dark)");
  const [scheme, set_scheme] = useState(query.matches ? "dark" : "light");
  useEffect(() => {
    const listener = () => set_scheme(query.matches ? "dark" : "light");
    query.addEventListener("change", listener);
    return () => query.removeEventListener("change", listener);
  }, []);
  return scheme;
}

interface ChartProps {
  /** Called when the chart is made; the size is filled in. */
  options: () => Omit<uPlot.Options, "width" | "height">;
  data: uPlot.AlignedData;
  height: number;
  /** What it shows, in words, for whoever does not see it. */
  label: string;
}

export function Chart({ options, data, height, label }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const scheme = useScheme();
  useEffect(() => {
    const element = place.current!;
    const made = new uPlot({ ...options(), width: Math.max(element.clientWidth, 100), height }, data, element);
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: Math.max(element.clientWidth, 100), height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
    };
  }, [scheme, height]);
  useEffect(() => plot.current?.setData(data), [data]);
  return <div class="chart" ref={place} role="img" aria-label={label} style={{ height: `${height}px` }} />;
}
