// What the server tells of the octets that this page's connections carry, headers included. It
// does so only where it was started with --lab.
import { endpoint } from "../transports/endpoint.ts";

export interface Tally {
  requests: number;
  received_bytes: number;
  sent_bytes: number;
}

export type Tallies = Record<string, Tally>;

/** Undefined: this server does not measure, or does not answer. */
export async function read_tallies(visitor: string): Promise<Tallies | undefined> {
  try {
    const response = await fetch(endpoint("api/lab/wire", { visitor }), { cache: "no-store" });
    return response.ok ? ((await response.json()) as Tallies) : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the server has cut what carries this label. */
export async function cut_connection(label: string): Promise<boolean> {
  try {
    const response = await fetch(endpoint("api/lab/cut", { lab: label }), { method: "POST" });
    return response.ok;
  } catch {
    return false;
  }
}

export function both_ways(tally: Tally): number {
  return tally.received_bytes + tally.sent_bytes;
}

/** What came since: tallies only grow while the server keeps them. */
export function since(now: Tally, then: Tally | undefined): Tally {
  if (!then || now.requests < then.requests) return now;
  return {
    requests: now.requests - then.requests,
    received_bytes: now.received_bytes - then.received_bytes,
    sent_bytes: now.sent_bytes - then.sent_bytes,
  };
}
