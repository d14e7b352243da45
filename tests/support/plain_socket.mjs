// A WebSocket of npm's `ws` that keeps what it hears: for endpoints that speak no protocol of ours.
import { WebSocket } from "ws";
import { soon, until } from "./wait.mjs";

/**
 * Opens one and ends it after the test.
 * @param {import("node:test").TestContext} context
 * @param {string} url       http://…, with the path
 * @param {{ protocols?: string[], headers?: Record<string, string>, compression?: boolean }} [options]
 */
export async function open_plain_socket(context, url, options = {}) {
  const socket = new PlainSocket(url, options);
  context.after(() => socket.end());
  await socket.opened;
  return socket;
}

/**
 * What an upgrade that is refused is answered.
 * @param {string} url
 * @param {{ protocols?: string[], headers?: Record<string, string> }} [options]
 */
export async function refused_upgrade(url, options = {}) {
  const socket = new PlainSocket(url, options);
  const answer = new Promise((resolve, reject) => {
    socket.socket.once("unexpected-response", (_, response) => resolve(response));
    socket.opened.then(() => reject(new Error("it was accepted")), () => {});
  });
  const response = await soon(/** @type {Promise<import("node:http").IncomingMessage>} */ (answer), { what: "a refusal" });
  let text = "";
  for await (const piece of response) text += piece;
  socket.end();
  return { status: response.statusCode, headers: response.headers, text };
}

export class PlainSocket {
  /** Texts as strings, binary ones as Buffers. @type {(string | Buffer)[]} */
  messages = [];
  /** @type {Promise<{ code: number, reason: string }>} */
  closed;
  /** The fields of the 101. @type {import("node:http").IncomingHttpHeaders} */
  headers = {};
  #taken = 0;
  /** @type {import("node:net").Socket | undefined} */
  #connection;

  /** @param {string} url @param {{ protocols?: string[], headers?: Record<string, string>, compression?: boolean }} options */
  constructor(url, { protocols = [], headers = {}, compression = false }) {
    this.socket = new WebSocket(url.replace(/^http/, "ws"), protocols, { headers, perMessageDeflate: compression });
    this.socket.on("message", (data, is_binary) => {
      this.messages.push(is_binary ? /** @type {Buffer} */ (data) : data.toString());
    });
    this.socket.on("upgrade", (response) => {
      this.headers = response.headers;
      this.#connection = response.socket;
    });
    this.socket.on("error", () => {});
    this.opened = new Promise((resolve, reject) => {
      this.socket.once("open", () => resolve(undefined));
      this.socket.once("error", reject);
    });
    this.opened.catch(() => {});
    this.closed = new Promise((resolve) => {
      this.socket.once("close", (code, reason) => resolve({ code, reason: reason.toString() }));
    });
  }

  /** Octets that came over the connection. */
  get received_bytes() {
    return this.#connection?.bytesRead ?? 0;
  }

  /** @param {string | Buffer} message */
  send(message) {
    this.socket.send(message);
  }

  /** The next message that was not taken yet. */
  async next() {
    await until(() => this.messages.length > this.#taken, {
      what: () => `a message; so far ${JSON.stringify(this.messages.slice(-3))}`,
    });
    return this.messages[this.#taken++];
  }

  /** Says something and takes the answer. @param {string | Buffer} message */
  ask(message) {
    this.send(message);
    return this.next();
  }

  /** How it ended. */
  ended() {
    return soon(this.closed, { what: "the WebSocket to close" });
  }

  end() {
    this.socket.terminate();
  }
}
