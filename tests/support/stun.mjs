// A STUN and TURN client over UDP that says what the test wants, right or wrong.
import { createHash, createHmac, randomBytes } from "node:crypto";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { soon } from "./wait.mjs";

export const methods = { binding: 1, allocate: 3, refresh: 4, create_permission: 8, channel_bind: 9 };
export const types = {
  username: 0x06, integrity: 0x08, error: 0x09, unknown: 0x0a, channel: 0x0c, lifetime: 0x0d, peer: 0x12, data: 0x13,
  realm: 0x14, nonce: 0x15, relayed: 0x16, transport: 0x19, mapped: 0x20, software: 0x8022,
};
const cookie = Buffer.from("2112a442", "hex");

/** @typedef {{ error: number, size: number, values: Map<number, Buffer> }} Answer  `error` 0: a success */
/** @typedef {{ ip: string, port: number }} Place */

/** @param {number} type @param {Buffer | string} value */
export function attribute(type, value) {
  const octets = Buffer.from(value);
  const head = Buffer.alloc(4);
  head.writeUInt16BE(type);
  head.writeUInt16BE(octets.length, 2);
  return Buffer.concat([head, octets, Buffer.alloc(-octets.length & 3)]);
}

/** XORed, of IPv4. @param {number} type @param {Place} place */
export function address(type, { ip, port }) {
  const value = Buffer.alloc(8);
  value[1] = 1;
  value.writeUInt16BE(port ^ 0x2112, 2);
  ip.split(".").forEach((part, index) => (value[4 + index] = Number(part) ^ cookie[index]));
  return attribute(type, value);
}

/** @param {Buffer} value @returns {Place} */
export function read_address(value) {
  const ip = [...value.subarray(4)].map((octet, index) => octet ^ cookie[index]).join(".");
  return { ip, port: value.readUInt16BE(2) ^ 0x2112 };
}

/** @param {number} type @param {Buffer[]} attributes @param {Buffer} [id] */
export function message(type, attributes, id = randomBytes(12)) {
  const body = Buffer.concat(attributes);
  const head = Buffer.alloc(4);
  head.writeUInt16BE(type);
  head.writeUInt16BE(body.length, 2);
  return Buffer.concat([head, cookie, id, body]);
}

/** @param {Buffer} octets @returns {Answer} */
function read(octets) {
  const values = new Map();
  for (let at = 20; at < octets.length; ) {
    const size = octets.readUInt16BE(at + 2);
    values.set(octets.readUInt16BE(at), octets.subarray(at + 4, at + 4 + size));
    at += 4 + size + (-size & 3);
  }
  const error = values.get(types.error);
  return { error: error ? error[2] * 100 + error[3] : 0, size: octets.length, values };
}

export class StunClient {
  #socket = createSocket("udp4");
  /** @type {Map<string, (answer: Answer) => void>} */
  #waiting = new Map();
  /** @type {{ realm: string, nonce: Buffer }} */
  #challenge = { realm: "", nonce: Buffer.alloc(0) };
  #user;
  /** What came that is no answer. @type {Buffer[]} */
  data = [];
  answers = 0;

  /** @param {Place} server @param {{ name: string, password: string }} [user] */
  constructor(server, user = { name: "", password: "" }) {
    this.server = server;
    this.#user = user;
    this.#socket.on("message", (octets) => this.#on_message(octets));
  }

  /** @param {import("node:test").TestContext} context */
  async open(context) {
    this.#socket.bind(0, "127.0.0.1");
    await once(this.#socket, "listening");
    context.after(() => this.#socket.close());
    return this;
  }

  get port() {
    return this.#socket.address().port;
  }

  /** Asks another address of the server from now on. @param {Place} server */
  at(server) {
    this.server = server;
    return this;
  }

  /** @param {Buffer} octets @param {Place} [to] */
  send(octets, to = this.server) {
    this.#socket.send(octets, to.port, to.ip);
  }

  /** An answer to a request without a password. @param {number} method @param {Buffer[]} [attributes] */
  ask_plainly(method, attributes = []) {
    return this.#ask(message(method, attributes));
  }

  /** An answer to a request with one, asked for a nonce where it is needed.
   *  @param {number} method @param {Buffer[]} [attributes] @returns {Promise<Answer>} */
  async ask(method, attributes = []) {
    if (this.#challenge.nonce.length === 0) {
      const { values } = await this.ask_plainly(methods.allocate);
      this.#challenge = { realm: String(values.get(types.realm)), nonce: values.get(types.nonce) ?? Buffer.alloc(0) };
    }
    return this.#ask(this.#sealed(method, attributes));
  }

  allocate() {
    return this.ask(methods.allocate, [attribute(types.transport, Buffer.from([17, 0, 0, 0]))]);
  }

  /** @param {number} method @param {Buffer[]} attributes */
  #sealed(method, attributes) {
    const { realm, nonce } = this.#challenge;
    const { name, password } = this.#user;
    const id = randomBytes(12);
    const all = [...attributes, attribute(types.username, name), attribute(types.realm, realm), attribute(types.nonce, nonce)];
    const key = createHash("md5").update(`${name}:${realm}:${password}`).digest();
    const covered = message(method, [...all, Buffer.alloc(24)], id).subarray(0, -24);
    const seal = createHmac("sha1", key).update(covered).digest();
    return message(method, [...all, attribute(types.integrity, seal)], id);
  }

  /** @param {Buffer} octets @returns {Promise<Answer>} */
  #ask(octets) {
    const id = octets.toString("hex", 8, 20);
    const answer = new Promise((/** @type {(answer: Answer) => void} */ resolve) => this.#waiting.set(id, resolve));
    this.send(octets);
    return soon(answer, { what: () => "an answer" });
  }

  /** @param {Buffer} octets */
  #on_message(octets) {
    if (octets.length < 20 || octets[0] >= 0x40) return void this.data.push(octets);
    const id = octets.toString("hex", 8, 20);
    const waiting = this.#waiting.get(id);
    this.answers += 1;
    if (!waiting) return void this.data.push(octets);
    this.#waiting.delete(id);
    waiting(read(octets));
  }
}
