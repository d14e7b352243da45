// Engine.IO by hand: what clients never do can only be tested so.
import assert from "node:assert/strict";
import { once } from "node:events";
import WebSocket from "ws";
import { soon, until } from "./wait.mjs";

/** @typedef {import("./server.mjs").Server} Server */

export const separator = "\x1e";

/** @param {Record<string, string>} parameters */
function target(parameters) {
  return `/socket.io/?${new URLSearchParams(parameters)}`;
}

/** A session over polling, request by request. */
export class PollingSession {
  /** @param {Server} server @param {{ [member: string]: any, sid: string }} opening */
  constructor(server, opening) {
    this.server = server;
    this.opening = opening;
  }

  get sid() {
    return this.opening.sid;
  }

  /** @param {AbortSignal} [signal] */
  poll(signal) {
    return this.server.http.request("GET", target({ EIO: "4", transport: "polling", sid: this.sid }), { signal });
  }

  /** @param {string | Buffer} body @param {Record<string, string>} [headers] */
  post(body, headers) {
    const path = target({ EIO: "4", transport: "polling", sid: this.sid });
    return this.server.http.request("POST", path, { body, headers });
  }

  /** Polls until a packet fits, and returns it. @param {RegExp} pattern */
  async packet(pattern) {
    for (;;) {
      const reply = await this.poll();
      assert.equal(reply.status, 200, reply.text);
      const found = reply.text.split(separator).find((packet) => pattern.test(packet));
      if (found !== undefined) return found;
    }
  }

  /** Enters the main namespace of Socket.IO. */
  async connect() {
    assert.equal((await this.post("40")).text, "ok");
    return JSON.parse((await this.packet(/^40/)).slice(2)).sid;
  }

  /** Opens a WebSocket for this session. @param {import("node:test").TestContext} context */
  async socket(context) {
    return open_socket(context, this.server, { EIO: "4", transport: "websocket", sid: this.sid });
  }
}

/** @param {Server} server @param {Record<string, string>} parameters @param {string} [method] */
export function ask(server, parameters, method = "GET") {
  return server.http.request(method, target(parameters));
}

/** @param {Server} server */
export async function open_polling(server) {
  const reply = await ask(server, { EIO: "4", transport: "polling" });
  assert.equal(reply.status, 200, reply.text);
  assert.ok(reply.text.startsWith("0"), reply.text);
  return new PollingSession(server, JSON.parse(reply.text.slice(1)));
}

/** A WebSocket that keeps what it hears. */
export class EngineSocket {
  /** Texts, and binary messages as Buffers. @type {(string | Buffer)[]} */
  packets = [];
  /** @type {Promise<number>} */
  closed;
  #taken = 0;

  /** @param {WebSocket} socket */
  constructor(socket) {
    this.socket = socket;
    socket.on("message", (data, binary) => {
      this.packets.push(binary ? /** @type {Buffer} */ (data) : String(data));
    });
    socket.on("error", () => {});
    this.closed = once(socket, "close").then(([code]) => code);
  }

  /** @param {string | Buffer} packet */
  send(packet) {
    this.socket.send(packet);
  }

  /** The next packet that was not taken yet. */
  async next() {
    await until(() => this.packets.length > this.#taken, { what: "another packet" });
    return this.packets[this.#taken++];
  }

  /** Waits for the server to close it. */
  ended() {
    return soon(this.closed, { what: "the WebSocket to be closed" });
  }
}

/**
 * @param {import("node:test").TestContext} context
 * @param {Server} server
 * @param {Record<string, string>} parameters
 */
export async function open_socket(context, server, parameters) {
  const socket = new WebSocket(server.url.replace("http", "ws") + target(parameters));
  context.after(() => socket.terminate());
  const engine_socket = new EngineSocket(socket);
  await once(socket, "open");
  return engine_socket;
}

/** The status that refuses a WebSocket. @param {Server} server @param {Record<string, string>} parameters */
export async function refused_socket(server, parameters) {
  const socket = new WebSocket(server.url.replace("http", "ws") + target(parameters));
  socket.on("error", () => {});
  const [, response] = await once(socket, "unexpected-response");
  let text = "";
  for await (const piece of response) text += piece;
  return { status: response.statusCode, text };
}
