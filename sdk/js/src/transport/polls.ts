// Polling and long polling: requests one after another, each from the last position.
import { asError, CarillonError } from "../errors.ts";
import { parseList } from "../http.ts";
import { readMessage } from "../message.ts";
import { formatPositions, parsePositions } from "../position.ts";
import { asClient } from "./as_client.ts";
import { namesOf } from "./groups.ts";
import { type GroupListener, HttpTransport } from "./http_transport.ts";
import type { Feed } from "./transport.ts";

/** The protocol's own cap. */
const pageCount = 1_000;

interface Poll {
  names: readonly string[];
  after: (string | undefined)[];
  /** The server holds the request so long when there is nothing. */
  holdMs: number;
  isLong: boolean;
  signal: AbortSignal;
}

abstract class PollTransport extends HttpTransport {
  readonly isPolled = true;
  /** The pause after an answer that was not full. */
  protected abstract readonly pauseMs: number;
  protected abstract readonly isLong: boolean;

  protected override async probe({ channel, after }: Feed, signal: AbortSignal): Promise<void> {
    await this.#ask({ names: [channel], after: [after], holdMs: 0, isLong: true, signal });
  }

  protected override async read(
    feeds: readonly Feed[], listener: GroupListener, signal: AbortSignal,
  ): Promise<void> {
    const names = namesOf(feeds);
    let after = feeds.map((feed) => feed.after);
    for (let isFirst = true; !signal.aborted; isFirst = false) {
      const knowsAll = after.every((position) => position !== undefined);
      // The first answer comes at once, so that one knows whether there are any; and only a long poll
      // can begin from now.
      const holdMs = isFirst || !knowsAll ? 0 : this.host.timings.holdMs;
      const page = await this.#ask({ names, after, holdMs, isLong: this.isLong || !knowsAll, signal });
      if (signal.aborted) return;
      after = this.#tell(names, after, page);
      listener.onUseful();
      const isMore = page.count >= pageCount || page.isGone || isFirst;
      if (this.pauseMs > 0 && !isMore) await pause(this.pauseMs, signal);
    }
  }

  async #ask({ names, after, holdMs, isLong, signal }: Poll): Promise<Page> {
    const { host } = this;
    const positions = { after: formatPositions(after) };
    try {
      const { response, text } = await asClient(host, (headers) => host.http.text({
        url: host.urlOf(isLong ? "longpoll" : "polling"),
        channels: names,
        query: isLong
          ? { ...positions, timeout: String(Math.ceil(holdMs / 1000)) }
          : { ...positions, limit: String(pageCount) },
        headers,
        timeoutMs: holdMs + host.timings.proofMs,
        signal,
      }));
      return readPage(text, response.headers, names.length);
    } catch (thrown) {
      const error = asError(thrown);
      const retained = error.code === "gone" ? parsePositions(error.retained, names.length) : undefined;
      // Where nothing moves, asking again would be answered the same.
      if (!retained?.some((position, index) => position !== undefined && position !== after[index])) throw error;
      return { messages: [], positions: retained, hasGap: true, isGone: true, count: 0 };
    }
  }

  /** Returns where to go on. */
  #tell(names: readonly string[], after: (string | undefined)[], page: Page): (string | undefined)[] {
    const told = [...after];
    for (const message of page.messages) {
      told[names.indexOf(message.channel)] = message.position;
      this.host.onMessage(message);
    }
    page.positions.forEach((position, index) => {
      if (position === undefined) return;
      // The list tells no channel by name: where it stands elsewhere than its last message, it broke.
      const broke = page.hasGap && told[index] !== position;
      told[index] = position;
      if (broke) this.host.onGap(names[index]!, position);
      else this.host.onPosition(names[index]!, position);
    });
    return told;
  }
}

export class LongPollTransport extends PollTransport {
  override readonly name = "longpoll";
  protected override readonly isLong = true;
  protected override readonly pauseMs = 0;
}

export class ShortPollTransport extends PollTransport {
  override readonly name = "polling";
  protected override readonly isLong = false;
  protected override get pauseMs(): number {
    return this.host.timings.pollMs;
  }
}

interface Page {
  messages: NonNullable<ReturnType<typeof readMessage>>[];
  positions: (string | undefined)[];
  hasGap: boolean;
  isGone: boolean;
  count: number;
}

function readPage(text: string, headers: Headers, channelCount: number): Page {
  const list = parseList(text);
  const positions = parsePositions(headers.get("Carillon-Position"), channelCount);
  if (!list || !positions) {
    throw new CarillonError("not_carillon", "an answer without messages or a Carillon-Position for each channel");
  }
  const messages = list.map(readMessage).filter((message) => message !== undefined);
  return { messages, positions, hasGap: headers.has("Carillon-Gap"), isGone: false, count: list.length };
}

function pause(waitMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, waitMs);
    signal.addEventListener("abort", done);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
  });
}
