// Requests to a server, over TCP or a Unix socket, with undici.
import assert from "node:assert/strict";
import { Agent } from "undici";

/**
 * @typedef {object} Reply
 * @property {number} status
 * @property {Record<string, string | string[] | undefined>} headers
 * @property {string} text
 * @property {any} json      the body's JSON, or undefined where it has another type
 *
 * @typedef {import("./clients/client.mjs").Message} Message
 */

export class HttpClient {
  /** Where requests go. Read it, to write a URL. */
  base_url;
  #agent;

  /**
   * @param {string} base_url                      with any prefix the server has
   * @param {{ socket_path?: string, address?: string }} [options]   a Unix socket instead of the URL's
   *     host; an address of this machine to come from
   */
  constructor(base_url, { socket_path, address } = {}) {
    this.base_url = base_url;
    this.#agent = new Agent({
      connect: socket_path ? { socketPath: socket_path } : {},
      ...(address === undefined ? {} : { localAddress: address }),
    });
  }

  /**
   * @param {string} method
   * @param {string} path        from the base, with its query
   * @param {{ headers?: Record<string, string>, body?: string | Buffer, signal?: AbortSignal, endless?: boolean }} [options]
   *     `endless`: of a good answer only the head is wanted; then its connection is closed
   * @returns {Promise<Reply>}
   */
  async request(method, path, { headers = {}, body, signal, endless = false } = {}) {
    const { origin, pathname } = new URL(this.base_url);
    const reply = await this.#agent.request({
      origin,
      path: pathname.replace(/\/$/, "") + path,
      method: /** @type {any} */ (method),
      headers,
      body,
      signal,
    });
    const is_cut = endless && reply.statusCode < 300;
    if (is_cut) reply.body.on("error", () => {}).destroy();
    const text = is_cut ? "" : await reply.body.text();
    const type = String(reply.headers["content-type"] ?? "");
    const json = /^application\/(problem\+)?json/.test(type) && text !== "" ? JSON.parse(text) : undefined;
    return { status: reply.statusCode, headers: reply.headers, text, json };
  }

  /** @param {string} path @param {Record<string, string>} [headers] */
  get(path, headers) {
    return this.request("GET", path, { headers });
  }

  /** @param {string} path @param {unknown} value */
  post_json(path, value) {
    const headers = { "content-type": "application/json" };
    return this.request("POST", path, { headers, body: JSON.stringify(value) });
  }

  /**
   * Publishes and returns what a reader must receive.
   * @param {string} channel
   * @param {unknown} data
   */
  async publish(channel, data) {
    const reply = await this.post_json("/api/messages", { channel, data });
    assert.equal(reply.status, 200, reply.text);
    const { offset, epoch, timestamp } = reply.json;
    return { channel, offset, epoch, timestamp, data };
  }

  /** Where a reader of the channel stands that has everything. @param {string} channel */
  async position(channel) {
    const reply = await this.get(`/api/messages?channel=${encodeURIComponent(channel)}&limit=1`);
    assert.equal(reply.status, 200, reply.text);
    return String(reply.headers["carillon-position"]);
  }

  async close() {
    await this.#agent.destroy();
  }
}
