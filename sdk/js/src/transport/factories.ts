// The ways that this build knows. A data channel or WebTransport would be one more line.
import { LongPollTransport, ShortPollTransport } from "./polls.ts";
import { SseTransport } from "./sse.ts";
import type { TransportFactory, WebSocketClass } from "./transport.ts";
import { WebSocketTransport } from "./websocket.ts";

export type TransportName = "websocket" | "sse" | "longpoll" | "polling";

/** Those that can be used here, of those that are wanted. */
export function makeFactories(
  webSocket: WebSocketClass | undefined, wanted: readonly TransportName[] | undefined,
): Map<string, TransportFactory> {
  const all = new Map<string, TransportFactory>([
    ["sse", (host) => new SseTransport(host)],
    ["longpoll", (host) => new LongPollTransport(host)],
    ["polling", (host) => new ShortPollTransport(host)],
  ]);
  if (webSocket) all.set("websocket", (host) => new WebSocketTransport(host));
  return wanted ? new Map([...all].filter(([name]) => (wanted as readonly string[]).includes(name))) : all;
}
