// How well a member is reached: bars for the eye, words for the rest.
import { type Path, type Peer, qualityOf } from "@carillon/client/call";

const bars = { poor: 1, fair: 2, good: 3 };
const carriers = { udp: "UDP", tcp: "TCP", tls: "TLS" };

export function describe_path(path: Path | undefined): string {
  if (!path) return "looking for a path";
  return `${path.kind === "direct" ? "direct" : "over the relay"}, ${carriers[path.protocol]}`;
}

function megabits(bits_per_s: number): string {
  return `${(bits_per_s / 1e6).toFixed(1)} Mbit/s`;
}

/** What is known of the connection, from the most to the least important. */
export function describe_connection({ path, stats, state }: Peer): string {
  if (state === "reconnecting") return "the connection broke; it is being mended";
  if (state === "failed") return "not reached";
  const words = [describe_path(path)];
  if (stats && path) {
    if (stats.roundTripMs !== undefined) words.push(`${Math.round(stats.roundTripMs)} ms`);
    if (stats.lossShare > 0.001) words.push(`${(stats.lossShare * 100).toFixed(1)} % lost`);
    words.push(`${megabits(stats.receivedBitsPerS)} in`);
    if (stats.height > 0) words.push(`${stats.width}×${stats.height}, ${Math.round(stats.framesPerS)} frames/s`);
  }
  return words.join(" · ");
}

export function Quality({ peer }: { peer: Peer }) {
  const quality = peer.state === "connected" && peer.stats ? qualityOf(peer.stats) : undefined;
  const full = quality ? bars[quality] : 0;
  return (
    <span class={`quality ${quality ?? "unknown"}`} role="img" aria-label={`Connection: ${quality ?? "unknown"}`}>
      {[1, 2, 3].map((bar) => <span key={bar} class={bar <= full ? "bar full" : "bar"} />)}
    </span>
  );
}
