// A whiteboard: finished strokes are published and kept, so that who comes later sees them. Cursors
// and the stroke under the pen are ephemeral, a few times a second.
import { useEffect, useRef, useState } from "preact/hooks";
import { useChannel } from "../kit/connection.ts";
import { me } from "../kit/identity.ts";
import { show_demo } from "../kit/shell.tsx";
import { type Point, type Stroke, thinned } from "./stroke.ts";

const tell_every_ms = 50;
const cursor_ms = 5000;
const colours = ["#d9822b", "#2f7fd0", "#1d9a7b", "#c4467e", "#7a5cc4"];
const my_colour = colours[me.hue % colours.length]!;

interface Cursor {
  id: string;
  name: string;
  colour: string;
  at: Point;
  drawing: Point[];
}

type Told = { stroke: Stroke } | { clear: true };

function draw(canvas: HTMLCanvasElement, strokes: Stroke[]): void {
  const context = canvas.getContext("2d")!;
  const ratio = devicePixelRatio;
  const { clientWidth: width, clientHeight: height } = canvas;
  if (canvas.width !== width * ratio) [canvas.width, canvas.height] = [width * ratio, height * ratio];
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  context.lineWidth = 3.5;
  context.lineCap = context.lineJoin = "round";
  for (const { points, colour } of strokes) {
    context.strokeStyle = colour;
    context.beginPath();
    points.forEach(([x, y], index) => context[index === 0 ? "moveTo" : "lineTo"](x * width, y * height));
    if (points.length === 1) context.lineTo(points[0]![0] * width, points[0]![1] * height);
    context.stroke();
  }
}

function Board() {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [strokes, set_strokes] = useState<Stroke[]>([]);
  const [cursors, set_cursors] = useState<Record<string, Cursor & { seen_ms: number }>>({});
  const [mine, set_mine] = useState<Point[]>([]);
  const told_ms = useRef(0);
  const channel = useChannel<Told>("demo-board:main", { history: 500 }, () => ({
    on_message: ({ data }) => {
      if ("clear" in data) return set_strokes([]);
      set_strokes((before) => [...before, data.stroke]);
      // What was under the pen is a stroke now.
      set_cursors((before) => {
        const cursor = before[data.stroke.by];
        return cursor ? { ...before, [cursor.id]: { ...cursor, drawing: [] } } : before;
      });
      if (data.stroke.by === me.id) set_mine([]);
    },
    on_ephemeral: (data) => {
      const cursor = data as Cursor;
      if (cursor.id !== me.id) set_cursors((before) => ({ ...before, [cursor.id]: { ...cursor, seen_ms: Date.now() } }));
    },
  }));

  useEffect(() => {
    const timer = setInterval(() => {
      set_cursors((before) => Object.fromEntries(Object.entries(before).filter(([, { seen_ms }]) => Date.now() - seen_ms < cursor_ms)));
    }, 1000);
    return () => clearInterval(timer);
  }, []);
  useEffect(() => {
    const redraw = () => {
      const unfinished = Object.values(cursors).map(({ drawing, colour, id }) => ({ points: drawing, colour, by: id }));
      draw(canvas.current!, [...strokes, ...unfinished, { points: mine, colour: my_colour, by: me.id }]);
    };
    redraw();
    addEventListener("resize", redraw);
    return () => removeEventListener("resize", redraw);
  }, [strokes, cursors, mine]);

  function place(event: PointerEvent): Point {
    const { left, top, width, height } = canvas.current!.getBoundingClientRect();
    return [(event.clientX - left) / width, (event.clientY - top) / height];
  }

  function tell(at: Point, drawing: Point[]) {
    if (Date.now() - told_ms.current < tell_every_ms) return;
    told_ms.current = Date.now();
    channel.ephemeral({ id: me.id, name: me.name, colour: my_colour, at, drawing: thinned(drawing) });
  }

  function begin(event: PointerEvent) {
    canvas.current!.setPointerCapture(event.pointerId);
    set_mine([place(event)]);
  }

  function move(event: PointerEvent) {
    const at = place(event);
    const points = event.buttons > 0 && mine.length > 0 ? [...mine, at] : [];
    if (points.length > 0) set_mine(points);
    tell(at, points);
  }

  function end() {
    if (mine.length === 0) return;
    channel.publish({ stroke: { points: thinned(mine), colour: my_colour, by: me.id } }).catch(() => set_mine([]));
  }

  return (
    <section class="card board" aria-label="Whiteboard">
      <canvas ref={canvas} role="img" aria-label={`A drawing of ${strokes.length} strokes`} onPointerDown={begin} onPointerMove={move} onPointerUp={end} onPointerCancel={end} />
      {strokes.length === 0 && mine.length === 0 && <p class="hint">Draw here, with a finger or a mouse.</p>}
      {Object.values(cursors).map(({ id, name, colour, at }) => (
        <span key={id} class="cursor" style={{ left: `${at[0] * 100}%`, top: `${at[1] * 100}%`, "--cursor": colour }}>
          <svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true"><path d="M1 1l6 15 2.4-6.2L16 7.4z" /></svg>
          <span>{name}</span>
        </span>
      ))}
      <footer class="row">
        <span class="soft">{strokes.length} strokes, {Object.keys(cursors).length} others here</span>
        <button type="button" class="small" onClick={() => void channel.publish({ clear: true })}>Wipe the board</button>
      </footer>
    </section>
  );
}

show_demo({ demo: "board", title: "Whiteboard", lead: "Strokes are kept; cursors are not. Open a second window and draw together." }, <Board />);
