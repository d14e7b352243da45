// An HTTP/2 client (RFC 9113) that says whatever a test wants, frame by frame, and keeps what it hears.
import assert from "node:assert/strict";
import { until } from "./wait.mjs";
import { open_wire } from "./wire.mjs";

export const type = {
  data: 0, headers: 1, priority: 2, reset: 3, settings: 4, push_promise: 5, ping: 6, go_away: 7,
  window_update: 8, continuation: 9,
};
export const flag = { end_stream: 0x1, ack: 0x1, end_headers: 0x4, padded: 0x8, priority: 0x20 };
export const code = {
  none: 0, protocol: 1, internal: 2, flow_control: 3, settings_timeout: 4, stream_closed: 5, frame_size: 6,
  refused: 7, cancel: 8, compression: 9, connect: 10, calm: 11,
};
export const setting = {
  header_table: 1, push: 2, streams: 3, window: 4, frame_size: 5, header_list: 6, connect_protocol: 8,
};
export const preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const header_bytes = 9;

/** @typedef {{ type: number, flags: number, stream: number, payload: Buffer }} Frame */
/** @typedef {Buffer | number[] | string} Octets */

/** @param {Octets} octets */
export function bytes(octets) {
  return typeof octets === "string" ? Buffer.from(octets, "latin1") : Buffer.from(octets);
}

/** Big-endian. @param {number} value */
export function u32(value) {
  const out = Buffer.alloc(4);
  out.writeUInt32BE(value >>> 0);
  return out;
}

/** @param {number} kind @param {number} flags @param {number} stream @param {Octets} [payload] */
export function frame(kind, flags, stream, payload = "") {
  const body = bytes(payload);
  const head = Buffer.alloc(header_bytes);
  head.writeUIntBE(body.length, 0, 3);
  head[3] = kind;
  head[4] = flags;
  head.writeUInt32BE(stream >>> 0, 5);
  return Buffer.concat([head, body]);
}

/** @param {[number, number][]} entries identifier and value */
export function settings(entries) {
  return frame(type.settings, 0, 0, Buffer.concat(entries.map(([id, value]) => Buffer.concat([bytes([id >> 8, id & 255]), u32(value)]))));
}

/** A header block without Huffman codes and without the dynamic table. @param {string[][]} fields */
export function block(fields) {
  const text = (/** @type {string} */ value) => {
    assert.ok(value.length < 127, "a short text");
    return Buffer.concat([bytes([value.length]), bytes(value)]);
  };
  return Buffer.concat(fields.map(([name, value]) => Buffer.concat([bytes([0]), text(name), text(value)])));
}

/** @param {string} path @param {string} [method] @returns {string[][]} */
export function request(path, method = "GET") {
  return [[":method", method], [":scheme", "http"], [":path", path], [":authority", "127.0.0.1"]];
}

/**
 * Opens a connection, after the preface, both sides' SETTINGS and their acknowledgements; it goes after the test.
 * @param {import("node:test").TestContext} context
 * @param {string} url     `https://…` with ALPN, `http://…` with prior knowledge
 * @param {{ ca?: string, settings?: [number, number][], acknowledge?: boolean }} [options] `acknowledge`: of the server's
 */
export async function open_http2(context, url, options = {}) {
  const client = await open_silent(context, url, options);
  client.write(preface);
  client.write(settings(options.settings ?? []));
  await client.heard((each) => each.type === type.settings && (each.flags & flag.ack) === 0, "SETTINGS");
  if (options.acknowledge ?? true) client.send(type.settings, flag.ack, 0);
  await client.heard((each) => each.type === type.settings && (each.flags & flag.ack) !== 0, "the acknowledgement");
  return client;
}

/** The same, before the preface. @param {import("node:test").TestContext} context @param {string} url @param {{ ca?: string }} [options] */
export async function open_silent(context, url, options = {}) {
  const tls = { ca: options.ca, servername: "localhost", ALPNProtocols: ["h2"] };
  return new Http2Wire(await open_wire(context, url, { tls }));
}

export class Http2Wire {
  /** @type {Frame[]} */
  frames = [];
  #wire;

  /** @param {import("./wire.mjs").Wire} wire */
  constructor(wire) {
    this.#wire = wire;
  }

  get wire() {
    return this.#wire;
  }

  /** @param {Octets} octets */
  write(octets) {
    if (!this.#wire.over) this.#wire.write(bytes(octets));
  }

  /** @param {number} kind @param {number} flags @param {number} stream @param {Octets} [payload] */
  send(kind, flags, stream, payload) {
    this.write(frame(kind, flags, stream, payload));
  }

  /** A header section in one frame. @param {number} stream @param {string[][]} fields @param {number} [flags] */
  headers(stream, fields, flags = flag.end_stream) {
    this.send(type.headers, flags | flag.end_headers, stream, block(fields));
  }

  /** Moves what was heard into `frames`. */
  read() {
    for (;;) {
      const rest = this.#wire.rest;
      const length = rest.length >= header_bytes ? rest.readUIntBE(0, 3) : 0;
      if (rest.length < header_bytes + length) return;
      const payload = rest.subarray(header_bytes, header_bytes + length);
      this.frames.push({ type: rest[3], flags: rest[4], stream: rest.readUInt32BE(5) & 0x7fffffff, payload });
      this.#wire.skip(header_bytes + length);
    }
  }

  /**
   * Waits for the first frame that fits.
   * @param {(frame: Frame) => boolean} fits @param {string} what
   * @returns {Promise<Frame>}
   */
  async heard(fits, what) {
    const found = await until(
      () => {
        this.read();
        const frame = this.frames.find(fits);
        return frame ?? (this.#wire.over ? "over" : undefined);
      },
      { what: () => `${what}; ${this}` },
    );
    assert.notEqual(found, "over", `the connection ended before ${what}; ${this}`);
    return /** @type {Frame} */ (found);
  }

  /** Waits for GOAWAY, and the end behind it; its code. */
  async ended_with() {
    await until(() => this.#wire.over, { what: () => `the end; ${this}` });
    this.read();
    const last = this.frames.findLast((each) => each.type === type.go_away);
    return last?.payload.readUInt32BE(4);
  }

  /** Waits for RST_STREAM, or for GOAWAY; its code. @param {number} stream */
  async reset_with(stream) {
    const found = await this.heard(
      (each) => each.type === type.go_away || (each.type === type.reset && each.stream === stream), `a reset of ${stream}`);
    return found.payload.readUInt32BE(found.type === type.go_away ? 4 : 0);
  }

  /** The first field of an answer, where it is one of HPACK's own. @param {number} stream */
  async status(stream) {
    const statuses = [200, 204, 206, 304, 400, 404, 500];
    const head = await this.heard((each) => each.type === type.headers && each.stream === stream, `an answer on ${stream}`);
    const first = head.payload.find((octet) => octet >> 5 !== 1) ?? 0;  // behind table size updates
    return statuses[first - 0x88];
  }

  /** Waits until the answer is whole; its body. @param {number} stream */
  async body(stream) {
    await this.heard((each) => each.stream === stream && each.type <= type.headers && (each.flags & flag.end_stream) !== 0,
      `the end of the answer on ${stream}`);
    return Buffer.concat(this.data(stream)).toString();
  }

  /** The DATA so far. @param {number} stream */
  data(stream) {
    this.read();
    return this.frames.filter((each) => each.type === type.data && each.stream === stream).map((each) => each.payload);
  }

  /** Fails unless the server answers everything before, and this. */
  async lives() {
    const mark = "carillon";
    this.send(type.ping, 0, 0, mark);
    await this.heard((each) => each.type === type.ping && each.payload.equals(bytes(mark)), "a PING's answer");
  }

  toString() {
    return `heard ${JSON.stringify(this.frames.slice(-8).map((each) => [each.type, each.flags, each.stream, each.payload.toString("latin1").slice(0, 40)]))}`;
  }
}
