// A TCP proxy that behaves like a bad network, connection by connection, as a plan says.
import { once } from "node:events";
import net from "node:net";
import { setTimeout as pause } from "node:timers/promises";

/**
 * @typedef {"up" | "down"} Direction  towards the server, towards the client
 *
 * @typedef {object} Plan  what happens to one connection; nothing by default
 * @property {number} [delay_ms]    each piece waits this long
 * @property {{ direction: Direction, after_bytes: number }} [cut]         then both sides end (FIN and RST)
 * @property {{ direction: Direction, after_bytes: number }} [black_hole]  then all is swallowed, both
 *                                  ways, ends included: neither side is ever told
 * @property {"refuse" | "kill"} [upgrade]  answer 403 to it, or cut right behind the 101
 * @property {{ bytes: number, for_bytes: number }} [trickle]  pieces of `bytes` until `for_bytes` went by
 * @property {boolean} [hold_events]  event streams are held back, heads included, as if for a buffer to fill
 */

const head_limit_bytes = 16 * 1024;

export class FaultProxy {
  /** How many connections there have been. */
  connection_count = 0;
  #listener = net.createServer({ allowHalfOpen: true, noDelay: true });
  #target;
  #plan_of;
  /** @type {Set<Link>} */
  #links = new Set();

  /**
   * @param {net.NetConnectOpts} target
   * @param {(index: number) => Plan} plan_of the plan of each connection, counted from 0
   */
  constructor(target, plan_of) {
    this.#target = target;
    this.#plan_of = plan_of;
    this.#listener.on("connection", (client) => this.#accept(client));
  }

  /**
   * Starts a proxy in front of `url` and stops it after the test.
   * @param {import("node:test").TestContext} context
   * @param {string} url
   * @param {(index: number) => Plan} [plan_of]
   */
  static async start(context, url, plan_of = () => ({})) {
    const { hostname, port } = new URL(url);
    const proxy = new FaultProxy({ host: hostname, port: Number(port) }, plan_of);
    proxy.#listener.listen(0, "127.0.0.1");
    await once(proxy.#listener, "listening");
    context.after(() => proxy.stop());
    return proxy;
  }

  get url() {
    const { port } = /** @type {net.AddressInfo} */ (this.#listener.address());
    return `http://127.0.0.1:${port}`;
  }

  /** Ends every connection, the black-holed ones too. */
  async stop() {
    for (const link of this.#links) link.end();
    this.#listener.close();
    await once(this.#listener, "close");
  }

  /** As if the client's address had changed: nothing gets through any more, and neither side is told. */
  strand() {
    for (const link of this.#links) link.swallow();
  }

  /** @param {net.Socket} client */
  #accept(client) {
    const plan = this.#plan_of(this.connection_count++);
    const server = net.connect({ noDelay: true, allowHalfOpen: true, ...this.#target });
    const link = new Link(client, server, plan);
    this.#links.add(link);
    client.once("close", () => {
      if (server.closed) this.#links.delete(link);
    });
    server.once("close", () => {
      if (client.closed) this.#links.delete(link);
    });
  }
}

/** One proxied connection. */
class Link {
  #client;
  #server;
  #plan;
  #swallowing = false;
  #over = false;

  /** @param {net.Socket} client @param {net.Socket} server @param {Plan} plan */
  constructor(client, server, plan) {
    this.#client = client;
    this.#server = server;
    this.#plan = plan;
    for (const socket of [client, server]) socket.on("error", () => this.#cut());
    const running = [this.#carry("up", client, server), this.#carry("down", server, client)];
    for (const each of running) each.catch(() => this.#cut());
  }

  swallow() {
    this.#swallowing = true;
  }

  end() {
    if (this.#over) return;
    this.#over = true;
    this.#client.destroy();
    this.#server.destroy();
  }

  /** @param {Direction} direction @param {net.Socket} source @param {net.Socket} sink */
  async #carry(direction, source, sink) {
    const gate = new Gate(direction, this.#plan);
    let head = this.#plan.upgrade ? Buffer.alloc(0) : undefined;
    let holds = false;
    // The end of one direction must leave the other alone.
    for await (const chunk of source.iterator({ destroyOnReturn: false })) {
      holds ||= direction === "down" && this.#plan.hold_events === true && is_event_stream(chunk);
      if (this.#swallowing || holds) continue;
      let bytes = chunk;
      if (head) {
        head = Buffer.concat([head, chunk]);
        const end = head.indexOf("\r\n\r\n");
        if (end < 0 && head.length < head_limit_bytes) continue;
        bytes = head;
        head = undefined;
        if (await this.#blocked(direction, bytes.subarray(0, end + 4))) return;
      } else if (this.#plan.upgrade && (await this.#blocked(direction, bytes))) {
        return;  // on a connection that has served other requests before
      }
      for (const piece of gate.pieces(bytes)) {
        if (this.#plan.delay_ms) await pause(this.#plan.delay_ms);
        if (this.#swallowing) break;
        await written(sink, piece);
      }
      if (gate.shut === "cut") return this.#cut();
      if (gate.shut === "black_hole") this.#swallowing = true;
    }
    if (!this.#swallowing) sink.end();
  }

  /** Whether the plan ends this connection because of the head. @param {Direction} direction @param {Buffer} head */
  async #blocked(direction, head) {
    const text = head.toString("latin1");
    if (direction === "up" && this.#plan.upgrade === "refuse" && /^GET [^]*\r\nupgrade:/i.test(text)) {
      this.#client.end("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
      this.#server.destroy();
      return true;
    }
    if (direction === "down" && this.#plan.upgrade === "kill" && /^HTTP\/1\.1 101 /.test(text)) {
      await written(this.#client, head.subarray(0, head.indexOf("\r\n\r\n") + 4));
      this.#cut();
      return true;
    }
    return false;
  }

  #cut() {
    if (this.#over) return;
    this.#over = true;
    for (const socket of [this.#client, this.#server]) {
      // Node 22 loses a handle, and then never exits, when a reset meets an unfinished write or end.
      const idle = socket.readyState === "open" && socket.writableLength === 0;
      if (idle) socket.resetAndDestroy();
      else socket.destroy();
    }
  }
}

/** Servers write the head of an answer in one piece. @param {Buffer} chunk */
function is_event_stream(chunk) {
  return /^HTTP\/1\.1 200 [^]*\r\nContent-Type: text\/event-stream/i.test(chunk.toString("latin1"));
}

/** Divides what goes in one direction as the plan says, and shuts where it says. */
class Gate {
  /** @type {"cut" | "black_hole" | undefined} */
  shut;
  #passed_bytes = 0;
  #trickle;
  #limit;

  /** @param {Direction} direction @param {Plan} plan */
  constructor(direction, plan) {
    this.#trickle = plan.trickle;
    for (const fault of /** @type {const} */ (["cut", "black_hole"])) {
      const limit = plan[fault];
      if (limit?.direction === direction) this.#limit = { fault, after_bytes: limit.after_bytes };
    }
  }

  /** @param {Buffer} bytes */
  *pieces(bytes) {
    let rest = bytes;
    while (rest.length > 0 && !this.shut) {
      let length = rest.length;
      const left = (this.#limit?.after_bytes ?? Infinity) - this.#passed_bytes;
      if (this.#trickle && this.#passed_bytes < this.#trickle.for_bytes) {
        length = Math.min(length, this.#trickle.bytes);
      }
      if (this.#limit && length >= left) {
        length = left;
        this.shut = this.#limit.fault;
      }
      this.#passed_bytes += length;
      if (length > 0) yield rest.subarray(0, length);
      rest = rest.subarray(length);
    }
  }
}

/** @param {net.Socket} sink @param {Buffer} bytes */
function written(sink, bytes) {
  return new Promise((resolve, reject) => {
    sink.write(bytes, (error) => (error ? reject(error) : resolve(undefined)));
  });
}

/**
 * A plan by chance: about a third of the connections work, the others fail in one of the ways.
 * @param {import("./random.mjs").Random} random
 * @returns {Plan}
 */
export function random_plan(random) {
  /** @type {Direction} */
  const direction = random.chance(0.8) ? "down" : "up";
  const after_bytes = direction === "down" ? random.between(1, 12_000) : random.between(1, 400);
  return random.pick([
    () => ({}),
    () => ({ delay_ms: random.between(1, 10) }),
    () => ({ cut: { direction, after_bytes } }),
    () => ({ cut: { direction, after_bytes }, delay_ms: random.between(1, 5) }),
    () => ({ black_hole: { direction, after_bytes } }),
    () => ({ upgrade: random.pick(/** @type {const} */ (["refuse", "kill"])) }),
    () => ({ trickle: { bytes: random.between(1, 7), for_bytes: random.between(200, 3_000) } }),
  ])();
}
