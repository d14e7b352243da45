// Socket.IO's own client, which begins with polling and changes to a WebSocket.
import { io } from "socket.io-client";
import { Reception } from "./client.mjs";

class SocketIoClient extends Reception {
  #socket;

  /** @param {import("./client.mjs").ClientOptions} options */
  constructor(options) {
    super(options.after);
    this.#socket = io(options.url, { forceNew: true, reconnection: false });
    this.#socket.on("connect", () => void this.#subscribe(options));
    this.#socket.on("connect_error", (error) => this.end(String(error)));
    this.#socket.on("disconnect", (reason) => this.end(reason));
    this.#socket.on("message", (message) => this.receive(message, `${message.epoch}:${message.offset}`));
    this.#socket.on("gap", ({ position }) => this.gap(position));
  }

  async close() {
    this.cut();
  }

  cut() {
    this.end("cut");
    this.#socket.disconnect();
  }

  /** @param {import("./client.mjs").ClientOptions} options */
  #subscribe({ channel, after }) {
    this.#socket.emit("subscribe", channel, { after }, (/** @type {any} */ reply) => {
      if (reply.type === "ok") return this.subscribed(reply.position);
      this.end(`${reply.code}: ${reply.message}`);
      this.#socket.disconnect();
    });
  }
}

/** @param {import("./client.mjs").ClientOptions} options */
export function open_socketio(options) {
  return new SocketIoClient(options);
}
