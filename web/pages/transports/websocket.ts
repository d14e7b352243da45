// A WebSocket of the native protocol: one subscription, and a ping of our own, since a browser
// shows no protocol pings and a dead network closes nothing.
import { again_in, Backoff } from "./backoff.ts";
import { websocket_endpoint } from "./endpoint.ts";
import { type Listener, type Message, position_of, type Reader, type ReaderOptions } from "./message.ts";

const ping_every_ms = 20_000;
const pong_within_ms = 10_000;

interface Frame {
  type: string;
  position?: string;
  recovered?: boolean;
  message?: string;
  wait_ms?: number;
}

export class WebSocketReader implements Reader {
  position: string | undefined;
  readonly #backoff = new Backoff();
  #socket: WebSocket | undefined;
  #watch: ReturnType<typeof setTimeout> | undefined;
  #advice_ms: number | undefined;
  #refusal: string | undefined;

  constructor(
    private readonly channel: string,
    private readonly listener: Listener,
    private readonly options: ReaderOptions = {},
  ) {}

  start(position: string | undefined): void {
    this.position = position;
    this.#advice_ms = undefined;
    this.#refusal = undefined;
    this.options.on_request?.();
    const socket = new WebSocket(websocket_endpoint(this.options.query?.()), "carillon.json");
    this.#socket = socket;
    socket.onopen = () => {
      this.#send({ type: "subscribe", id: 1, channel: this.channel, after: this.position });
    };
    socket.onmessage = (event) => this.#on_frame(JSON.parse(event.data));
    socket.onclose = () => this.#on_close();
    this.#expect_life(pong_within_ms);
  }

  stop(): void {
    this.#backoff.cancel();
    clearTimeout(this.#watch);
    this.#forget_socket();
  }

  #forget_socket(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  #send(frame: object): void {
    this.#socket?.send(JSON.stringify(frame));
  }

  #on_frame(frame: Frame): void {
    this.#be_alive();
    switch (frame.type) {
      case "message":
        this.#on_message(frame as unknown as Message);
        break;
      case "ok":
        this.position = frame.position ?? this.position;
        this.#backoff.succeeded();
        this.listener.on_state("listening");
        break;
      case "gap":
        this.position = frame.position ?? this.position;
        this.listener.on_gap();
        break;
      case "error":
        this.#refusal = frame.message;
        this.#socket?.close();
        break;
      case "closing":
        this.#advice_ms = frame.wait_ms;
        break;
    }
  }

  #on_message(message: Message): void {
    this.position = position_of(message);
    this.listener.on_message(message);
  }

  /** Something came: the connection lives. Ask again after a while of silence. */
  #be_alive(): void {
    clearTimeout(this.#watch);
    this.#watch = setTimeout(() => {
      this.#send({ type: "ping" });
      this.#expect_life(pong_within_ms);
    }, ping_every_ms);
  }

  #expect_life(within_ms: number): void {
    clearTimeout(this.#watch);
    this.#watch = setTimeout(() => {
      // close() of a dead connection would wait for its answer.
      this.#forget_socket();
      this.#on_close();
    }, within_ms);
  }

  #on_close(): void {
    clearTimeout(this.#watch);
    const wait_ms = this.#backoff.retry(() => this.start(this.position), this.#advice_ms);
    this.listener.on_state("waiting", this.#refusal ?? again_in(wait_ms));
  }
}
