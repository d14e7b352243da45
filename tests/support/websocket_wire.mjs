// WebSocket frames by hand, right and wrong ones, over a `Wire`.
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { parse_answer } from "./http_wire.mjs";
import { open_wire } from "./wire.mjs";

export const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 };
const accept_magic = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/**
 * @typedef {{ fin: boolean, opcode: number, payload: Buffer }} Frame
 *
 * @typedef {object} FrameOptions
 * @property {boolean} [fin]
 * @property {number} [rsv]        the three reserved bits, 0 to 7
 * @property {boolean} [masked]
 * @property {number} [length]     what the header says, where it shall be wrong
 * @property {16 | 64} [length_bits] of a form that is longer than needed
 */

/**
 * One frame as a client sends it.
 * @param {number} opcode
 * @param {string | Uint8Array} [payload] text is sent as UTF-8
 * @param {FrameOptions} [options]
 */
export function frame(opcode, payload = "", options = {}) {
  const { fin = true, rsv = 0, masked = true } = options;
  const bytes = Buffer.from(/** @type {any} */ (payload));
  const first = Buffer.from([(fin ? 0x80 : 0) | (rsv << 4) | opcode]);
  const length = length_octets(options.length ?? bytes.length, options.length_bits);
  if (!masked) return Buffer.concat([first, length, bytes]);
  length[0] |= 0x80;
  const mask = randomBytes(4);
  for (let at = 0; at < bytes.length; at++) bytes[at] ^= mask[at % 4];
  return Buffer.concat([first, length, mask, bytes]);
}

/** @param {number} length @param {16 | 64} [bits] */
function length_octets(length, bits = length < 126 ? undefined : length < 65_536 ? 16 : 64) {
  const octets = Buffer.alloc(bits === undefined ? 1 : 1 + bits / 8);
  if (bits === undefined) octets[0] = length;
  else if (bits === 16) octets.writeUInt16BE(length, 1);
  else octets.writeBigUInt64BE(BigInt(length), 1);
  if (bits !== undefined) octets[0] = bits === 16 ? 126 : 127;
  return octets;
}

/** @param {unknown} value */
export function text_frame(value) {
  return frame(opcodes.text, typeof value === "string" ? value : JSON.stringify(value));
}

/** @param {number} [code] none: an empty close frame @param {string | Uint8Array} [reason] */
export function close_frame(code, reason = "") {
  if (code === undefined) return frame(opcodes.close);
  const number = Buffer.from([code >> 8, code & 0xff]);
  return frame(opcodes.close, Buffer.concat([number, Buffer.from(/** @type {any} */ (reason))]));
}

/** @param {Buffer} bytes @returns {{ value: Frame, size: number } | undefined} */
export function parse_frame(bytes) {
  return parse_frame_with(bytes, 0);
}

/** @param {Buffer} bytes @param {number} owned reserved bits that an extension owns */
function parse_frame_with(bytes, owned) {
  if (bytes.length < 2) return undefined;
  assert.equal(bytes[0] & 0x70 & ~owned, 0, "reserved bits without an extension");
  assert.equal(bytes[1] & 0x80, 0, "a server does not mask");
  const short_length = bytes[1];
  const begin = short_length < 126 ? 2 : short_length === 126 ? 4 : 10;
  if (bytes.length < begin) return undefined;
  const length =
    begin === 2 ? short_length : begin === 4 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  if (bytes.length < begin + length) return undefined;
  const payload = bytes.subarray(begin, begin + length);
  return { value: { fin: bytes[0] >= 0x80, opcode: bytes[0] & 0x0f, payload }, size: begin + length };
}

/**
 * A frame whose payload may be compressed, which is told and not undone.
 * @param {Buffer} bytes @returns {{ value: Frame & { compressed: boolean }, size: number } | undefined}
 */
export function parse_deflate_frame(bytes) {
  const parsed = parse_frame_with(bytes, 0x40);
  return parsed && { value: { ...parsed.value, compressed: (bytes[0] & 0x40) !== 0 }, size: parsed.size };
}

/**
 * The bytes that ask for an upgrade; a field of undefined is left out.
 * @param {Record<string, string | undefined>} [fields]
 * @param {string} [request_line]
 */
export function upgrade_request(fields = {}, request_line = "GET /ws HTTP/1.1") {
  const all = {
    Host: "127.0.0.1",
    Upgrade: "websocket",
    Connection: "Upgrade",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version": "13",
    ...fields,
  };
  const lines = Object.entries(all).filter(([, value]) => value !== undefined);
  return `${request_line}\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`;
}

/**
 * Connects, upgrades and takes the `welcome`.
 * @param {import("node:test").TestContext} context
 * @param {string} url
 * @param {string | Uint8Array} [first] written in one piece with the request
 */
export async function open_websocket_wire(context, url, first = "") {
  const wire = await open_wire(context, url);
  wire.write(Buffer.concat([Buffer.from(upgrade_request()), Buffer.from(/** @type {any} */ (first))]));
  const answer = await wire.take((bytes, over) => parse_answer(bytes, over, "GET"), "the 101");
  assert.equal(answer.status, 101, String(answer.body));
  const accept = createHash("sha1").update(`dGhlIHNhbXBsZSBub25jZQ==${accept_magic}`).digest("base64");
  assert.equal(answer.fields.get("sec-websocket-accept"), accept);
  const socket = new WebSocketWire(wire);
  assert.equal((await socket.json()).type, "welcome");
  return socket;
}

export class WebSocketWire {
  /** @param {import("./wire.mjs").Wire} wire */
  constructor(wire) {
    this.wire = wire;
  }

  /** @param {...Uint8Array} frames in one piece */
  send(...frames) {
    this.wire.write(Buffer.concat(frames));
  }

  /** The next frame. */
  frame() {
    return this.wire.take(parse_frame, "a frame");
  }

  /** The next frame, a text with JSON. */
  async json() {
    const { fin, opcode, payload } = await this.frame();
    assert.deepEqual({ fin, opcode }, { fin: true, opcode: opcodes.text }, String(payload));
    return JSON.parse(payload.toString());
  }

  /** The next frame closes, and nothing but the end in good order follows. Returns the code. */
  async closed() {
    const { opcode, payload } = await this.frame();
    assert.equal(opcode, opcodes.close, String(payload));
    await this.wire.ended();
    return payload.length === 0 ? 1005 : payload.readUInt16BE(0);
  }

  /** The connection works: a ping comes back, and nothing before it. */
  async alive() {
    const payload = randomBytes(8);
    this.send(frame(opcodes.ping, payload));
    const reply = await this.frame();
    assert.deepEqual(reply, { fin: true, opcode: opcodes.pong, payload }, String(reply.payload));
  }
}
