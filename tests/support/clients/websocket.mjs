// The native protocol over npm's `ws`.
import WebSocket from "ws";
import { Reception } from "./client.mjs";

export class WebSocketClient extends Reception {
  /** Frames other than messages and the answer to the subscription. @type {any[]} */
  frames = [];
  #socket;

  /** @param {import("./client.mjs").ClientOptions} options */
  constructor(options) {
    super(options.after);
    this.#socket = new WebSocket(address(options), "carillon.json");
    this.#socket.on("open", () => {
      const { channel, after } = options;
      this.send({ type: "subscribe", id: "subscribe", channel, after });
    });
    this.#socket.on("message", (data) => this.#on_frame(JSON.parse(String(data))));
    this.#socket.on("error", (error) => this.end(String(error)));
    this.#socket.on("close", (code) => this.end(`closed with ${code}`));
  }

  /** @param {unknown} frame */
  send(frame) {
    this.#socket.send(JSON.stringify(frame));
  }

  /** @param {string} token */
  show(token) {
    if (this.#socket.readyState === WebSocket.OPEN) this.send({ type: "connect", token });
  }

  async close() {
    if (this.#socket.readyState === WebSocket.CONNECTING) return this.cut();
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.close();
    await this.ended;
  }

  cut() {
    this.end("cut");
    this.#socket.terminate();
  }

  /** @param {any} frame */
  #on_frame(frame) {
    if (frame.type === "message") this.receive(frame, `${frame.epoch}:${frame.offset}`);
    else if (frame.type === "gap") this.gap(frame.position);
    else if (frame.type === "ok" && frame.id === "subscribe") this.subscribed(frame.position);
    else if (frame.type === "error" && frame.id === "subscribe") this.#refused(frame);
    else this.frames.push(frame);
  }

  /** @param {{ code: string, message: string }} frame */
  #refused(frame) {
    this.end(`${frame.code}: ${frame.message}`);
    this.#socket.terminate();
  }
}

/** @param {import("./client.mjs").ClientOptions} options */
function address({ url, socket_path, token }) {
  const query = token === undefined ? "" : `?token=${token}`;
  if (socket_path === undefined) return `${url.replace(/^http/, "ws")}/ws${query}`;
  return `ws+unix:${socket_path}:${new URL(url).pathname.replace(/\/$/, "")}/ws${query}`;
}

/** @param {import("./client.mjs").ClientOptions} options */
export function open_websocket(options) {
  return new WebSocketClient(options);
}
