// A game: each player publishes where it is, thirty times a second, under its own key. A reader that
// cannot keep up is told the latest of each key (`outbox = "conflate"`), and everybody draws the others a
// moment late, between two known places, so that they glide.
import { useEffect, useRef, useState } from "preact/hooks";
import { client, useChannel } from "../kit/connection.ts";
import { me } from "../kit/identity.ts";
import { show_demo } from "../kit/shell.tsx";
import { bell_of, type Place, Track } from "./arena.ts";

const publish_every_ms = 33;
const late_ms = 100;
const gone_ms = 3000;
const speed = 0.42; // of the arena's width in a second
const reach = 0.045;

interface Player extends Place {
  id: string;
  name: string;
  hue: number;
}

interface Catch {
  bell: number;
  id: string;
  name: string;
}

const keys: Record<string, Place> = {
  ArrowLeft: { x: -1, y: 0 }, ArrowRight: { x: 1, y: 0 }, ArrowUp: { x: 0, y: -1 }, ArrowDown: { x: 0, y: 1 },
  a: { x: -1, y: 0 }, d: { x: 1, y: 0 }, w: { x: 0, y: -1 }, s: { x: 0, y: 1 },
};

/** Everything that moves; drawing reads it sixty times a second, so it is no state of Preact's. */
class Arena {
  readonly here: Player = { id: me.id, name: me.name, hue: me.hue, x: 0.5, y: 0.5 };
  readonly others = new Map<string, { player: Player; track: Track; heard_ms: number }>();
  readonly pressed = new Set<string>();
  target: Place | undefined;
  caught_bell = -1;
  /** The server's clock minus this one's: all see the same bell. */
  clock_ahead_ms = 0;

  hear(player: Player, timestamp: number): void {
    this.clock_ahead_ms = timestamp - Date.now();
    if (player.id === me.id) return;
    const now_ms = performance.now();
    const known = this.others.get(player.id) ?? { player, track: new Track(), heard_ms: now_ms };
    known.player = player;
    known.heard_ms = now_ms;
    known.track.add(now_ms, player);
    this.others.set(player.id, known);
  }

  bell() {
    return bell_of(Date.now() + this.clock_ahead_ms);
  }

  /** Returns whether it moved. */
  step(seconds: number): boolean {
    let x = 0;
    let y = 0;
    for (const key of this.pressed) [x, y] = [x + (keys[key]?.x ?? 0), y + (keys[key]?.y ?? 0)];
    if (x === 0 && y === 0 && this.target) [x, y] = [this.target.x - this.here.x, this.target.y - this.here.y];
    const length = Math.hypot(x, y);
    if (length < 0.005) return false;
    const step = Math.min(speed * seconds, this.pressed.size === 0 ? length : Infinity);
    this.here.x = Math.min(1, Math.max(0, this.here.x + (x / length) * step));
    this.here.y = Math.min(1, Math.max(0, this.here.y + (y / length) * step));
    return true;
  }
}

function draw_player(context: CanvasRenderingContext2D, { x, y, name, hue }: Player, width: number, height: number, ink: string) {
  context.fillStyle = `hsl(${hue} 62% 52%)`;
  context.beginPath();
  context.arc(x * width, y * height, 13, 0, 7);
  context.fill();
  context.fillStyle = ink;
  context.fillText(name, x * width, y * height - 19);
}

/** The bell of the project, on 32 by 32. */
const bell_shape = new Path2D(
  "M16 3.2a2.3 2.3 0 0 0-2.3 2.3v.6C9.9 7.1 8 10.3 7.7 14.2c-.3 4.2-.8 6.4-3.3 8.7a1.1 1.1 0 0 0 .7 1.9h21.8a1.1 1.1 0 0 0 .7-1.9c-2.5-2.3-3-4.5-3.3-8.7C24 10.3 22.1 7.1 18.3 6.1v-.6A2.3 2.3 0 0 0 16 3.2ZM12.4 26.6a3.7 3.7 0 0 0 7.2 0Z",
);

function draw(canvas: HTMLCanvasElement, arena: Arena) {
  const context = canvas.getContext("2d")!;
  const { clientWidth: width, clientHeight: height } = canvas;
  const ratio = devicePixelRatio;
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    [canvas.width, canvas.height] = [Math.round(width * ratio), Math.round(height * ratio)];
  }
  const style = getComputedStyle(canvas);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  context.font = `600 12px ${style.fontFamily}`;
  context.textAlign = "center";
  const bell = arena.bell();
  if (bell.number !== arena.caught_bell) {
    context.save();
    context.translate(bell.x * width - 18, bell.y * height - 18);
    context.scale(1.15, 1.15);
    context.fillStyle = "#c07a24";
    context.fill(bell_shape);
    context.restore();
  }
  const now_ms = performance.now();
  for (const [id, { player, track, heard_ms }] of arena.others) {
    if (now_ms - heard_ms > gone_ms) arena.others.delete(id);
    const at = track.at(now_ms - late_ms);
    if (at) draw_player(context, { ...player, ...at }, width, height, style.color);
  }
  draw_player(context, arena.here, width, height, style.color);
}

function useArena(arena: Arena, canvas: { current: HTMLCanvasElement | null }, on_catch: (bell: number) => void) {
  useEffect(() => {
    const channel = client.channel("demo-game:arena");
    let last_ms = performance.now();
    let told_ms = 0;
    let frame = 0;
    const run = (now_ms: number) => {
      const moved = arena.step(Math.min(0.1, (now_ms - last_ms) / 1000));
      last_ms = now_ms;
      // A player that stands still says so once a second, so that it is not taken for gone.
      if (now_ms - told_ms >= (moved ? publish_every_ms : 1000)) {
        told_ms = now_ms;
        channel.publish({ ...arena.here }, { key: me.id }).catch(() => undefined);
      }
      const bell = arena.bell();
      if (bell.number !== arena.caught_bell && Math.hypot(bell.x - arena.here.x, bell.y - arena.here.y) < reach) {
        arena.caught_bell = bell.number;
        on_catch(bell.number);
      }
      if (canvas.current) draw(canvas.current, arena);
      frame = requestAnimationFrame(run);
    };
    frame = requestAnimationFrame(run);
    return () => cancelAnimationFrame(frame);
  }, [arena]);
}

function Game() {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [arena] = useState(() => new Arena());
  const [scores, set_scores] = useState<Record<string, { name: string; bells: Set<number> }>>({});
  const taken = useRef(new Set<number>());
  useChannel<Player>("demo-game:arena", {}, () => ({ on_message: ({ data, timestamp }) => arena.hear(data, timestamp) }));
  const catches = useChannel<Catch>("demo-game:catches", { history: 200 }, () => ({
    on_message: ({ data }) => {
      // The server's order says who was first.
      if (taken.current.has(data.bell)) return;
      taken.current.add(data.bell);
      arena.caught_bell = Math.max(arena.caught_bell, data.bell);
      set_scores((before) => {
        const bells = new Set(before[data.id]?.bells).add(data.bell);
        return { ...before, [data.id]: { name: data.name, bells } };
      });
    },
  }));
  useArena(arena, canvas, (bell) => void catches.publish({ bell, id: me.id, name: me.name }).catch(() => undefined));

  function steer(event: PointerEvent) {
    const { left, top, width, height } = canvas.current!.getBoundingClientRect();
    arena.target = { x: (event.clientX - left) / width, y: (event.clientY - top) / height };
  }

  const ranks = Object.entries(scores).sort(([, first], [, second]) => second.bells.size - first.bells.size).slice(0, 6);
  return (
    <div class="game">
      <canvas
        ref={canvas} class="card arena" tabIndex={0} role="application"
        aria-label="Arena. Move with the arrow keys; catch the bell before the others do."
        onKeyDown={(event) => {
          if (!(event.key in keys)) return;
          event.preventDefault();
          arena.target = undefined;
          arena.pressed.add(event.key);
        }}
        onKeyUp={(event) => arena.pressed.delete(event.key)}
        onBlur={() => arena.pressed.clear()}
        onPointerDown={steer}
        onPointerMove={(event) => event.buttons > 0 && steer(event)}
      />
      <aside class="card panel">
        <h2>Bells caught</h2>
        {ranks.length === 0 && <p class="soft">None yet. Click where you want to go, or use the arrow keys.</p>}
        <ol>{ranks.map(([id, { name, bells }]) => <li key={id} class={id === me.id ? "me" : undefined}>{name}<span>{bells.size}</span></li>)}</ol>
        <p class="soft">You are {me.name}. Every player tells where it is thirty times a second.</p>
      </aside>
    </div>
  );
}

show_demo({ demo: "game", title: "Catch the bell", lead: "A new bell every four seconds; the server’s order decides who was first." }, <Game />);
