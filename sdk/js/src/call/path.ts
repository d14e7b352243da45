// How two members reach each other, and how well: read from getStats() (WebRTC Statistics). Pure.

export interface Path {
  /** `relay`: over a TURN server, on either side. */
  kind: "direct" | "relay";
  /** What carries it. Of a relay of ours: how we reach it. */
  protocol: "udp" | "tcp" | "tls";
}

export interface PeerStats {
  path: Path | undefined;
  /** There and back, in milliseconds. */
  roundTripMs: number | undefined;
  /** Of what was to come here since the last time, the share that did not: 0 to 1. */
  lossShare: number;
  jitterMs: number;
  /** Since the last time. */
  receivedBitsPerS: number;
  sentBitsPerS: number;
  /** Of all that comes, together. */
  framesDecoded: number;
  framesPerS: number;
  /** Of the largest picture that comes. */
  width: number;
  height: number;
}

/** How it feels: what an application shows as bars. */
export type Quality = "good" | "fair" | "poor";

interface Totals {
  atMs: number;
  received: number;
  sent: number;
  packets: number;
  lost: number;
}

type Report = Record<string, any>;

/** Two looks make rates: one keeps the last. */
export class StatsReader {
  #last: Totals | undefined;

  read(reports: Iterable<Report>, nowMs: number): PeerStats {
    const all = [...reports];
    const pair = selectedPair(all);
    const inbound = all.filter(({ type }) => type === "inbound-rtp");
    const totals = {
      atMs: nowMs,
      received: pair?.["bytesReceived"] ?? 0,
      sent: pair?.["bytesSent"] ?? 0,
      packets: sum(inbound, "packetsReceived"),
      lost: sum(inbound, "packetsLost"),
    };
    const last = this.#last ?? totals;
    this.#last = totals;
    const seconds = Math.max((nowMs - last.atMs) / 1000, 0.001);
    const lost = Math.max(totals.lost - last.lost, 0);
    const came = Math.max(totals.packets - last.packets, 0);
    const roundTrip = pair?.["currentRoundTripTime"];
    return {
      path: readPath(all),
      roundTripMs: typeof roundTrip === "number" ? roundTrip * 1000 : undefined,
      lossShare: lost + came === 0 ? 0 : lost / (lost + came),
      jitterMs: Math.max(0, ...inbound.map(({ jitter }) => (jitter ?? 0) * 1000)),
      receivedBitsPerS: (8 * Math.max(totals.received - last.received, 0)) / seconds,
      sentBitsPerS: (8 * Math.max(totals.sent - last.sent, 0)) / seconds,
      ...pictureOf(inbound),
    };
  }
}

function pictureOf(inbound: Report[]): Pick<PeerStats, "framesDecoded" | "framesPerS" | "width" | "height"> {
  const video = inbound.filter(({ kind }) => kind === "video");
  const largest = video.reduce<Report>(
    (best, each) => ((each["frameWidth"] ?? 0) > (best["frameWidth"] ?? 0) ? each : best), {});
  return {
    framesDecoded: sum(video, "framesDecoded"),
    framesPerS: largest["framesPerSecond"] ?? 0,
    width: largest["frameWidth"] ?? 0,
    height: largest["frameHeight"] ?? 0,
  };
}

/** Undefined while no pair of candidates is in use. */
export function readPath(reports: Iterable<Report>): Path | undefined {
  const all = [...reports];
  const pair = selectedPair(all);
  const local = all.find(({ id }) => id === pair?.["localCandidateId"]);
  const remote = all.find(({ id }) => id === pair?.["remoteCandidateId"]);
  if (!local || !remote) return undefined;
  const isRelayed = local["candidateType"] === "relay" || remote["candidateType"] === "relay";
  return { kind: isRelayed ? "relay" : "direct", protocol: local["relayProtocol"] ?? local["protocol"] ?? "udp" };
}

export function qualityOf({ lossShare, roundTripMs = 0 }: Pick<PeerStats, "lossShare" | "roundTripMs">): Quality {
  if (lossShare > 0.08 || roundTripMs > 500) return "poor";
  return lossShare > 0.02 || roundTripMs > 250 ? "fair" : "good";
}

/** The transport names it; Firefox marks the pair itself. */
function selectedPair(all: Report[]): Report | undefined {
  const transport = all.find(({ type, selectedCandidatePairId }) => type === "transport" && selectedCandidatePairId);
  const pairs = all.filter(({ type }) => type === "candidate-pair");
  return pairs.find(({ id }) => id === transport?.["selectedCandidatePairId"]) ??
    pairs.find(({ selected }) => selected === true);
}

function sum(reports: Report[], member: string): number {
  return reports.reduce((total, report) => total + (report[member] ?? 0), 0);
}
