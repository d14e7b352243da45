// The native protocol frame by frame, over npm's `ws`: for tests that look at the frames themselves.
import assert from "node:assert/strict";
import WebSocket from "ws";
import { soon, until } from "./wait.mjs";

/**
 * How the protocol's objects are written.
 * @typedef {object} Codec
 * @property {string[]} subprotocols what is offered
 * @property {(frame: object) => string | Uint8Array} encode
 * @property {(data: Buffer, is_binary: boolean) => any} decode
 */

/** @type {Codec} */
export const json_codec = {
  subprotocols: [],
  encode: (frame) => JSON.stringify(frame),
  decode: (data, is_binary) => {
    assert.ok(!is_binary, "JSON comes in text frames");
    return JSON.parse(String(data));
  },
};

/**
 * Opens a socket, waits for its `welcome` and ends it after the test.
 * @param {import("node:test").TestContext} context
 * @param {string} url    the server's
 * @param {ConstructorParameters<typeof WebSocket>[2]} [options]
 * @param {Codec} [codec]
 */
export async function open_socket(context, url, options, codec) {
  const socket = new CommandSocket(url, options, codec);
  context.after(() => socket.cut());
  await soon(socket.opened, { what: "a WebSocket to open" });
  await until(() => socket.frames.length > 0, { what: "the first frame" });
  assert.equal(socket.frames[0].type, "welcome");
  return socket;
}

export class CommandSocket {
  /** Everything received, `welcome` first. @type {any[]} */
  frames = [];
  /** @type {Promise<void>} */
  opened;
  /** How many octets of frames have come. */
  get received_bytes() {
    return /** @type {any} */ (this.#socket)._socket.bytesRead;
  }
  get subprotocol() {
    return this.#socket.protocol;
  }
  /** What was agreed on: the value of Sec-WebSocket-Extensions. */
  get extensions() {
    return this.#socket.extensions;
  }
  /** The close code. @type {Promise<number>} */
  closed;
  #socket;
  #codec;
  #last_id = 0;

  /** @param {string} url @param {ConstructorParameters<typeof WebSocket>[2]} [options] @param {Codec} [codec] */
  constructor(url, options, codec = json_codec) {
    this.#codec = codec;
    this.#socket = new WebSocket(`${url.replace(/^http/, "ws")}/ws`, codec.subprotocols, options);
    this.#socket.on("message", (data, is_binary) => {
      this.frames.push(codec.decode(/** @type {Buffer} */ (data), is_binary));
    });
    this.opened = new Promise((resolve, reject) => {
      this.#socket.once("open", resolve);
      this.#socket.once("error", reject);
    });
    this.opened.catch(() => {});
    this.closed = new Promise((resolve) => this.#socket.once("close", resolve));
  }

  get welcome() {
    return this.frames[0];
  }

  /** @param {string | object} frame text and octets are sent as they are */
  send(frame) {
    const is_raw = typeof frame === "string" || frame instanceof Uint8Array;
    this.#socket.send(is_raw ? frame : this.#codec.encode(frame));
  }

  /** Sends a command with an id and returns its one reply. @param {object} command */
  async ask(command) {
    const id = ++this.#last_id;
    this.send({ ...command, id });
    return this.reply(id);
  }

  /** Sends a command and insists that it succeeds. @param {object} command */
  async must(command) {
    const reply = await this.ask(command);
    assert.notEqual(reply.type, "error", JSON.stringify(reply));
    return reply;
  }

  /** @param {string | number} id */
  reply(id) {
    return this.frame((each) => each.id === id, `the reply to ${id}`);
  }

  /** The first frame that fits. @param {(frame: any) => boolean} fits @param {string} what */
  frame(fits, what) {
    return until(() => this.frames.find(fits), {
      what: () => `${what} among ${JSON.stringify(this.frames.slice(-20))}`,
    });
  }

  /** Messages in the order of arrival. @param {string} [channel] */
  messages(channel) {
    return this.frames.filter(
      (frame) => frame.type === "message" && (channel === undefined || frame.channel === channel),
    );
  }

  /** Waits for so many messages and returns them. @param {number} count @param {string} [channel] */
  async messages_up_to(count, channel) {
    await until(() => this.messages(channel).length >= count, {
      what: () => `${count} messages; there are ${this.messages(channel).length}`,
    });
    return this.messages(channel);
  }

  /** Everything sent before has been answered: nothing of it is still to come. */
  async settle() {
    await this.ask({ type: "ping" });
  }

  /** Stops reading, so that the kernel's buffers and then the server's outbox fill. */
  pause() {
    this.#socket.pause();
  }

  resume() {
    this.#socket.resume();
  }

  /** @param {number} [code] */
  close(code) {
    this.#socket.close(code);
  }

  cut() {
    this.#socket.terminate();
  }
}
