// The native protocol over one WebSocket, both ways. It is useful once the server has answered: what
// merely opened may be held by something in between.
import { asError, CarillonError } from "../errors.ts";
import { parseWire, type Wire } from "../message.ts";
import { readCloseCode, readClosing } from "./closing.ts";
import { Replies, type Waiter } from "./replies.ts";
import { Subscriptions } from "./subscriptions.ts";
import type { Commands, Purpose, Transport, TransportHost, WebSocketLike } from "./transport.ts";

const subprotocol = "carillon.json";
/** When the network may have changed, there is no reason to wait for long. */
const checkMs = 4_000;
/** Sessions end after a day; whoever comes back after it is another client. */
const renewSessionMs = 6 * 3600 * 1000;

export class WebSocketTransport implements Transport {
  readonly name = "websocket";
  readonly commands: Commands = { isSerial: false, send: (commands) => commands.map((each) => this.#promise(each)) };
  readonly #host: TransportHost;
  readonly #replies = new Replies();
  readonly #subscriptions: Subscriptions;
  #socket: WebSocketLike | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #renewal: ReturnType<typeof setInterval> | undefined;
  #isReady = false;
  #isActive = false;
  #isUseful = false;
  #isOver = false;

  constructor(host: TransportHost) {
    this.#host = host;
    this.#subscriptions = new Subscriptions(host, (command, waiter) => this.#ask(command, waiter));
  }

  start(purpose: Purpose): void {
    this.#isActive = purpose === "hear";
    this.#expectLife(this.#host.timings.proofMs);
    this.#host.tokens.get().then((token) => this.#open(token), (thrown) => this.#fail(asError(thrown)));
  }

  activate(): void {
    if (this.#isActive) return;
    this.#isActive = true;
    this.feedsChanged();
  }

  feedsChanged(): void {
    if (this.#isReady && this.#isActive) this.#subscriptions.sync();
  }

  tokenRenewed(): void {
    if (!this.#isReady) return;
    this.#host.tokens.get().then((token) => {
      if (this.#isOver) return;
      this.#connect(token, () => {}, () => {
        // It does not allow what the old one did, or is another user's: begin anew with it.
        this.#fail(new CarillonError("expired", "the connection begins anew with the new token"));
      });
    }, () => {});
  }

  check(): void {
    if (this.#isReady) this.#ping(Math.min(checkMs, this.#host.timings.pongMs));
  }

  stop(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#timer);
    clearInterval(this.#renewal);
    this.#subscriptions.stop();
    const socket = this.#socket;
    if (socket) {
      socket.onopen = socket.onmessage = socket.onclose = null;
      // npm's `ws` tells of a close before the opening as an error, which somebody must hear.
      socket.onerror = () => {};
      socket.close();
    }
    this.#replies.fail(new CarillonError("lost", "the connection is over"));
  }

  // --- The connection ---------------------------------------------------------------------------

  #open(token: string | undefined): void {
    if (this.#isOver) return;
    try {
      const socket = new this.#host.webSocket!(this.#host.urlOf("websocket").replace(/^http/, "ws"), subprotocol);
      this.#socket = socket;
      socket.onmessage = (event) => this.#onFrame(event.data, token);
      socket.onclose = (event) => this.#fail(readCloseCode(event.code));
      // Told only where the connection fails, and by Node's own not always followed by a close.
      socket.onerror = () => this.#fail(new CarillonError("lost", "the WebSocket failed"));
    } catch (thrown) {
      this.#fail(asError(thrown, "unreachable", "no WebSocket can be opened: "));
    }
  }

  #onFrame(text: unknown, token: string | undefined): void {
    const frame = typeof text === "string" ? parseWire(text) : undefined;
    if (!frame) return this.#fail(new CarillonError("not_carillon", "a frame that is no JSON object"));
    if (this.#isUseful) this.#expectSilence();
    if (frame.type === "welcome") this.#onWelcome(frame, token);
    else if (frame.type === "closing") this.#fail(readClosing(frame));
    else if (!this.#replies.take(frame)) this.#subscriptions.onFrame(frame);
  }

  #onWelcome(welcome: Wire, token: string | undefined): void {
    if (this.#isReady) return;
    const { session } = this.#host;
    if (token === undefined && session.token === undefined) {
      session.learn(welcome);
      return this.#onReady();
    }
    this.#connect(token, () => this.#onReady(), (error) => {
      // A server may serve no tokens, or have forgotten the session; without them it goes on.
      if (token !== undefined && error.code === "not_supported") return this.#onWelcome(welcome, undefined);
      if (session.token === undefined || error.code !== "unauthenticated") return this.#fail(error);
      session.forget();
      this.#onWelcome(welcome, token);
    });
  }

  #connect(token: string | undefined, onOk: () => void, onError: (error: CarillonError) => void): void {
    const command: Wire = { type: "connect" };
    if (token !== undefined) command["token"] = token;
    if (this.#host.session.token !== undefined) command["session"] = this.#host.session.token;
    this.#ask(command, {
      onOk: (reply) => {
        this.#host.session.learn(reply);
        onOk();
      },
      onError: (error) => { if (error.code !== "lost") onError(error); },
    });
  }

  #onReady(): void {
    this.#isReady = true;
    // Others may have seen it: it stays this client over every transport.
    this.#host.session.isShown = true;
    this.#renewal = setInterval(() => this.#connect(undefined, () => {}, () => {}), renewSessionMs);
    this.#ask({ type: "ping" }, { onOk: () => this.#onUseful(), onError: () => {} });
    this.feedsChanged();
  }

  #onUseful(): void {
    this.#isUseful = true;
    this.#expectSilence();
    this.#host.onUseful();
  }

  // --- Life -------------------------------------------------------------------------------------

  /** A dead network closes nothing, and browsers show no protocol pings: ask after some silence. */
  #expectSilence(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ping(this.#host.timings.pongMs), this.#host.timings.pingMs);
  }

  #ping(withinMs: number): void {
    this.#ask({ type: "ping" }, { onOk: () => {}, onError: () => {} });
    this.#expectLife(withinMs);
  }

  #expectLife(withinMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#fail(new CarillonError("silent", "nothing is heard over the WebSocket"));
    }, withinMs);
  }

  #fail(error: CarillonError): void {
    if (this.#isOver) return;
    this.stop();
    this.#host.onFailed(error);
  }

  // --- Commands ---------------------------------------------------------------------------------

  #ask(command: Wire, waiter: Waiter): void {
    if (this.#isOver) return waiter.onError(new CarillonError("lost", "the connection is over"));
    const frame = this.#replies.expect(command, waiter);
    const text = JSON.stringify(frame);
    const { mostBytes } = this.#host.session;
    if (text.length * 3 > mostBytes && new TextEncoder().encode(text).length > mostBytes) {
      const message = `a message may have ${mostBytes} octets with the command around it`;
      this.#replies.take({ ...frame, type: "error", code: "too_large", message });
      return;
    }
    this.#socket!.send(text);
  }

  #promise(command: Wire): Promise<Wire> {
    return new Promise((resolve, reject) => this.#ask(command, { onOk: resolve, onError: reject }));
  }
}
