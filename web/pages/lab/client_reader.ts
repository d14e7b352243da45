// The client library as one more way to hear: it picks its transport itself, and falls back.
import { Carillon, type Channel, type State as ClientState, type WebSocketClass } from "@carillon/client";
import { type Query, server_root } from "../transports/endpoint.ts";
import type { Listener, Reader, ReaderOptions, State } from "../transports/message.ts";

const names: Record<string, string> = { websocket: "WebSocket", sse: "SSE", longpoll: "long polling", polling: "polling" };

function with_query(url: string, query: Query): string {
  const parts = new URL(url);
  for (const [name, value] of Object.entries(query)) if (value !== undefined) parts.searchParams.set(name, value);
  return parts.href;
}

export class ClientReader implements Reader {
  #client: Carillon | undefined;
  #channel: Channel | undefined;

  constructor(
    private readonly channel: string,
    private readonly listener: Listener,
    private readonly options: ReaderOptions = {},
  ) {}

  get position(): string | undefined {
    return this.#channel?.position;
  }

  start(position: string | undefined): void {
    const { options } = this;
    const query = () => options.query?.() ?? {};
    class LabelledWebSocket extends WebSocket {
      constructor(url: string, protocols?: string | string[]) {
        options.on_request?.();
        super(with_query(url, query()), protocols);
      }
    }
    const client = new Carillon(server_root(), {
      webSocket: LabelledWebSocket as unknown as WebSocketClass,
      fetch: (input, init) => {
        options.on_request?.();
        return fetch(with_query(String(input), { ...query(), lab_block: undefined }), init);
      },
      timings: { upgradeFirstMs: 5_000 },
    });
    this.#client = client;
    client.on("state", (state) => this.#on_state(state));
    const channel = client.channel(this.channel, position === undefined ? {} : { after: position });
    this.#channel = channel;
    channel.on("message", (message) => {
      this.listener.on_message({ type: "message", ...message });
    });
    channel.on("gap", () => this.listener.on_gap());
  }

  stop(): void {
    this.#client?.close();
    this.#client = undefined;
  }

  #on_state(state: ClientState): void {
    if (state.name === "online" || state.name === "degraded") {
      const way = `${state.name === "online" ? "over" : "fell back to"} ${names[state.transport] ?? state.transport}`;
      this.listener.on_state("listening", way);
    } else if (state.name !== "closed") {
      const shown: State = state.name === "offline" || state.name === "denied" ? "waiting" : "connecting";
      this.listener.on_state(shown, "");
    }
  }
}

