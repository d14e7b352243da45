// Where the panes start: a little before now, so that the page is not empty.
import { endpoint } from "../transports/endpoint.ts";
import type { Message } from "../transports/message.ts";

const shown_count = 30;

/** The position before the latest messages; undefined (from now) where the server does not answer. */
export async function opening_position(channel: string): Promise<string | undefined> {
  try {
    const response = await fetch(endpoint("api/messages", { channel, limit: String(shown_count) }));
    if (!response.ok) return undefined;
    const [first] = (await response.json()) as Message[];
    if (first) return `${first.epoch}:${first.offset - 1}`;
    return response.headers.get("Carillon-Position") ?? undefined;
  } catch {
    return undefined;
  }
}
