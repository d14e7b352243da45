// Polling and long polling: requests one after another, each from the last position.
import { Agent } from "undici";
import { Reception } from "./client.mjs";

const page_count = 50;
const held_s = 20;

/** @typedef {import("./client.mjs").ClientOptions} ClientOptions */

export class HttpPolling extends Reception {
  #agent;
  #options;
  #path;
  #pause_ms;

  /**
   * @param {ClientOptions} options
   * @param {{ path: string, pause_ms: number }} kind `path` with its fixed query
   */
  constructor(options, { path, pause_ms }) {
    super(options.after);
    this.#options = options;
    this.#path = path;
    this.#pause_ms = pause_ms;
    this.#agent = new Agent({ connect: options.socket_path ? { socketPath: options.socket_path } : {} });
    this.#read().catch((error) => this.end(String(error)));
  }

  async close() {
    this.cut();
  }

  cut() {
    this.end("cut");
    void this.#agent.destroy();
  }

  async #read() {
    if (this.position === undefined) await this.#start_from_now();
    else this.subscribed(this.position);
    while (!this.over) {
      const { status, headers, body } = await this.#ask(`${this.#path}&after=${this.position}`);
      if (this.over) return;
      if (status === 410) this.gap(JSON.parse(body).retained);
      else if (status !== 200) return this.end(`status ${status}: ${body}`);
      else this.#take(JSON.parse(body), String(headers["carillon-position"]));
      if (this.#pause_ms > 0) await new Promise((resolve) => setTimeout(resolve, this.#pause_ms));
    }
  }

  async #start_from_now() {
    const { status, headers, body } = await this.#ask("/api/messages?limit=1");
    if (status !== 200) this.end(`status ${status}: ${body}`);
    else this.subscribed(String(headers["carillon-position"]));
  }

  /** @param {import("./client.mjs").Message[]} messages @param {string} position */
  #take(messages, position) {
    for (const message of messages) this.receive(message, position);
    this.subscribed(position);
  }

  /** @param {string} path_and_query */
  async #ask(path_and_query) {
    const { origin, pathname } = new URL(this.#options.url);
    const channel = encodeURIComponent(this.#options.channel);
    const token = this.#options.token === undefined ? "" : `&token=${this.#options.token}`;
    const reply = await this.#agent.request({
      origin,
      path: `${pathname.replace(/\/$/, "")}${path_and_query}&channel=${channel}${token}`,
      method: "GET",
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    return { status: reply.statusCode, headers: reply.headers, body: await reply.body.text() };
  }
}

/** @param {ClientOptions} options */
export function open_polling(options) {
  return new HttpPolling(options, { path: `/api/messages?limit=${page_count}`, pause_ms: 20 });
}

/** @param {ClientOptions} options */
export function open_long_polling(options) {
  const path = `/api/messages/subscribe?timeout=${held_s}`;
  return new HttpPolling(options, { path, pause_ms: 0 });
}
