// Socket.IO's own client as one more way to hear: a WebSocket, or polls where none gets through. It could
// begin with polls and move up; but the server may pass such a WebSocket on to another of its threads, where
// nobody counts its octets. Its requests get the page's parameters by its transports.
import { io, type Socket, WebSocket as SocketIoWebSocket, XHR } from "socket.io-client";
import { type Query, server_root } from "../transports/endpoint.ts";
import { type Listener, type Message, position_of, type Reader, type ReaderOptions } from "../transports/message.ts";

const ways: Record<string, string> = { polling: "by polling", websocket: "over WebSocket" };

/** Parameters that are not there any more go. */
function ask_with(target: Record<string, unknown>, query: Query): void {
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) delete target[name];
    else target[name] = value;
  }
}

export class SocketIoReader implements Reader {
  position: string | undefined;
  #socket: Socket | undefined;

  constructor(
    private readonly channel: string,
    private readonly listener: Listener,
    private readonly options: ReaderOptions = {},
  ) {}

  start(position: string | undefined): void {
    this.position = position;
    const { origin, pathname } = new URL(server_root());
    const socket = io(origin, {
      path: `${pathname}socket.io/`,
      forceNew: true,
      transports: this.#transports(),
      tryAllTransports: true,
      reconnectionDelay: 500,
      reconnectionDelayMax: 15_000,
    });
    this.#socket = socket;
    // Where the connection goes before the answer, the next one asks again.
    socket.on("connect", () => void this.#subscribe(socket).catch(() => {}));
    socket.on("message", (message: Message) => {
      this.position = position_of(message);
      this.listener.on_message(message);
    });
    socket.on("gap", () => this.listener.on_gap());
    socket.on("disconnect", (reason) => this.listener.on_state("waiting", reason));
    socket.on("connect_error", ({ message }) => this.listener.on_state("waiting", message));
  }

  stop(): void {
    this.#socket?.off();
    this.#socket?.disconnect();
    this.#socket = undefined;
  }

  /** After each connect: with the position, nothing is missed. */
  async #subscribe(socket: Socket): Promise<void> {
    const from = this.position === undefined ? {} : { after: this.position };
    const reply = await socket.emitWithAck("subscribe", this.channel, from);
    if (reply.type === "error") return this.listener.on_state("waiting", reply.message);
    this.position ??= reply.position;
    const { name } = socket.io.engine.transport;
    if (socket.connected) this.listener.on_state("listening", ways[name] ?? name);
  }

  #transports() {
    const { options } = this;
    const query = () => options.query?.() ?? {};
    class LabelledWebSocket extends SocketIoWebSocket {
      override doOpen() {
        options.on_request?.();
        ask_with(this.query, query());
        return super.doOpen();
      }
    }
    class LabelledPolling extends XHR {
      override request(parts?: Record<string, unknown>) {
        options.on_request?.();
        // What is in the way of a WebSocket is not in the way of these.
        ask_with(this.query, { ...query(), lab_block: undefined });
        return super.request(parts);
      }
    }
    return [LabelledWebSocket, LabelledPolling];
  }
}
