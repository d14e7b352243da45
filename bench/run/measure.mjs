// One measurement: a fresh server, one load, what it cost.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { peers } from "./peers.mjs";
import { build, run } from "./process.mjs";
import { make_certificate } from "./certificate.mjs";

const server_cpu = 0;
const load_cpu = 1;

/**
 * What bench_load prints, as far as it is used here.
 * @typedef {object} Measured
 * @property {number} units
 * @property {number} cpu_us_each
 * @property {number} bytes_each
 * @property {number} texts_each
 * @property {number} user_share
 * @property {number} utilisation
 * @property {Record<string, number>} faults
 * @property {Record<string, number>} counters
 * @property {{ p50: number, p90: number, p99: number, p999: number, max: number, buckets: [number, number][] }} [latency_us]
 */

/** Why a contestant cannot take part here. @param {import("./scenarios.mjs").Contestant} contestant */
export function hindrance(contestant) {
  const peer = peers.get(contestant.peer);
  if (!peer) return `there is no bench/peers/${contestant.peer}.mjs`;
  if (!peer.dialects[contestant.speaks]) return `${peer.name} does not speak ${contestant.speaks}`;
  return peer.cannot?.({ words: contestant.words ?? [] });
}

/** @param {Record<string, string | number | string[]>} values */
function as_options(values) {
  return Object.entries(values).flatMap(([name, value]) =>
    [value].flat().flatMap((each) => [`--${name.replaceAll("_", "-")}`, String(each)]),
  );
}

/**
 * @param {import("./scenarios.mjs").Scenario} scenario
 * @param {import("./scenarios.mjs").Contestant} contestant
 * @param {Record<string, number>} amounts
 * @returns {Promise<Measured>}
 */
export async function measure(scenario, contestant, amounts) {
  const peer = /** @type {import("./peers.mjs").Peer} */ (peers.get(contestant.peer));
  const folder = mkdtempSync(join(tmpdir(), "carillon-bench-"));
  const server = await peer.start({
    cpu: scenario.unpinned ? undefined : server_cpu,
    folder,
    words: contestant.words ?? [],
    ...(contestant.tls ? { tls: make_certificate(folder) } : {}),
  });
  try {
    const words = [
      scenario.mode,
      ...as_options({ port: server.port, transport: transport_of(contestant.speaks) }),
      ...as_options(peer.dialects[contestant.speaks]),
      ...as_options(amounts),
      ...(contestant.tls ? ["--tls"] : []),
      ...(contestant.load_words ?? []),
      ...as_options({ server_pid: server.pid, server_cpu: scenario.unpinned ? ["0", "1"] : [String(server_cpu)] }),
      ...(peer.metrics && !contestant.tls ? as_options({ metrics_path: peer.metrics.path, counter: peer.metrics.counters }) : []),
    ];
    const load = await run(scenario.unpinned ? undefined : load_cpu, `${build}/bench_load`, words);
    const measured = load.output ? JSON.parse(load.output) : undefined;
    if (load.code !== 0) throw new Error(measured ? `wrong: ${JSON.stringify(measured.faults)}` : load.errors.trim());
    return measured;
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {string} speaks */
function transport_of(speaks) {
  return ["sse", "longpoll", "socketio", "socketio_polling"].includes(speaks) ? speaks : "websocket";
}
