// A request for several channels is refused as a whole: each is asked for alone, to find out which.
import { asError, CarillonError } from "../errors.ts";
import { formatPositions } from "../position.ts";
import { asClient } from "./as_client.ts";
import type { Feed, TransportHost } from "./transport.ts";

const channelProblems: ReadonlySet<string> = new Set(["forbidden", "unauthenticated", "not_found", "bad_request"]);

/** Whether the refusal may be of single channels. */
export function isAboutChannels(error: CarillonError): boolean {
  return channelProblems.has(error.code);
}

/** Tells `onRefused` for each that is refused alone; true where there were some. */
export async function findRefused(
  host: TransportHost, feeds: readonly Feed[], error: CarillonError, signal: AbortSignal,
): Promise<boolean> {
  if (!isAboutChannels(error)) return false;
  // Whether it is the token that is refused, rather than what it allows, only another answer can tell.
  if (error.code === "unauthenticated" && (await host.tokens.get()) !== undefined) return false;
  const refused: [string, CarillonError][] = [];
  for (const { channel, after } of feeds) {
    try {
      await asClient(host, (headers) => host.http.text({
        url: host.urlOf("longpoll"), channels: [channel], query: { timeout: "0", after: formatPositions([after]) },
        headers, timeoutMs: host.timings.requestMs, signal,
      }));
    } catch (thrown) {
      const each = asError(thrown);
      if (isAboutChannels(each)) refused.push([channel, each]);
    }
  }
  if (signal.aborted) return true;
  for (const [channel, each] of refused) host.onRefused(channel, each);
  return refused.length > 0;
}
