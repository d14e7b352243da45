// A connection of which the test writes every byte and sees how it ends: for tests of the protocols
// themselves.
import assert from "node:assert/strict";
import net from "node:net";
import tls from "node:tls";
import { soon, until } from "./wait.mjs";

/**
 * Takes something off the front of what was heard; undefined while it is not whole.
 * @template Value
 * @typedef {(bytes: Buffer, ended: boolean) => { value: Value, size: number } | undefined} Reader
 */

/** @typedef {Partial<net.TcpNetConnectOpts> & { tls?: tls.ConnectionOptions }} WireOptions */

/**
 * Connects to a server and goes after the test.
 * @param {import("node:test").TestContext} context
 * @param {string} url
 * @param {WireOptions} [options]
 */
export async function open_wire(context, url, options) {
  const wire = new Wire(url, options);
  context.after(() => wire.cut());
  await wire.connected;
  return wire;
}

export class Wire {
  /** @type {Promise<void>} */
  connected;
  /** The peer has ended its side, in order or by a reset. */
  over = false;
  /** The error that ended the connection, if one did. @type {NodeJS.ErrnoException | undefined} */
  error;
  #socket;
  /** What was heard and not taken yet. @type {Buffer[]} */
  #chunks = [];

  /** @param {string} url @param {WireOptions} [options] `tls`: how, where the URL begins with https */
  constructor(url, { tls: secure, ...options } = {}) {
    const { hostname, port } = new URL(url);
    const address = { host: hostname, port: Number(port), ...options, allowHalfOpen: true, noDelay: true };
    this.#socket = url.startsWith("https:") ? tls.connect({ ...address, ...secure }) : net.connect(address);
    this.#socket.on("data", (chunk) => this.#chunks.push(chunk));
    this.#socket.on("end", () => (this.over = true));
    this.#socket.on("close", () => (this.over = true));
    this.#socket.on("error", (error) => (this.error = error));
    const connected = new Promise((resolve, reject) => {
      this.#socket.once(url.startsWith("https:") ? "secureConnect" : "connect", resolve);
      this.#socket.once("error", reject);
    });
    this.connected = soon(connected, { what: "a connection" });
    this.connected.catch(() => {});
  }

  /** What was heard and not taken. */
  get rest() {
    if (this.#chunks.length > 1) this.#chunks = [Buffer.concat(this.#chunks)];
    return this.#chunks[0] ?? Buffer.alloc(0);
  }

  /** @param {string | Uint8Array} bytes a string stands for the octets of its characters */
  write(bytes) {
    this.#socket.write(typeof bytes === "string" ? Buffer.from(bytes, "latin1") : bytes);
  }

  /** Waits until the kernel has all of it. @param {string | Uint8Array} bytes */
  async written(bytes) {
    this.write(bytes);
    await until(() => this.#socket.writableLength === 0 || this.over || this.error, { what: "the kernel" });
  }

  /**
   * Waits for the next whole thing.
   * @template Value
   * @param {Reader<Value>} reader
   * @param {string} what
   * @returns {Promise<Value>}
   */
  async take(reader, what) {
    let seen_bytes = -1;
    let seen_over = false;
    const { value, size } = await until(
      () => {
        const rest = this.rest;
        if (rest.length === seen_bytes && this.over === seen_over) return undefined;
        [seen_bytes, seen_over] = [rest.length, this.over];
        const taken = reader(rest, this.over);
        assert.ok(taken || !this.over, `the connection ended before ${what}; ${this}`);
        return taken;
      },
      { what: () => `${what}; ${this}` },
    );
    this.#chunks = [this.rest.subarray(size)];
    return value;
  }

  /** Takes so many of the octets that were heard. @param {number} size */
  skip(size) {
    this.#chunks = [this.rest.subarray(size)];
  }

  /** Waits until the peer ends in good order, with nothing left untaken. */
  async ended() {
    await until(() => this.over, { what: () => `the end; ${this}` });
    assert.equal(this.error, undefined, `the connection broke; ${this}`);
    assert.equal(this.rest.length, 0, `something came before the end; ${this}`);
  }

  /** Ends our side; the peer may go on. */
  end() {
    this.#socket.end();
  }

  /** Stops reading, so that the kernel's buffers and then the server's outbox fill. */
  pause() {
    this.#socket.pause();
  }

  resume() {
    this.#socket.resume();
  }

  cut() {
    this.#socket.destroy();
  }

  toString() {
    const heard = this.rest.subarray(0, 300).toString("latin1");
    return `${this.rest.length} bytes are left: ${JSON.stringify(heard)}${this.error ? `, ${this.error}` : ""}`;
  }
}
