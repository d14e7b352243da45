// Server-Sent Events, with npm's `eventsource`. Its own reconnecting is left out: see client.mjs.
import { EventSource } from "eventsource";
import { Agent, fetch } from "undici";
import { Reception } from "./client.mjs";

export class ServerSentEvents extends Reception {
  #agent;
  #source;

  /** @param {import("./client.mjs").ClientOptions} options */
  constructor(options) {
    super(options.after);
    const agent = new Agent({
      bodyTimeout: 0,
      connect: options.socket_path ? { socketPath: options.socket_path } : {},
    });
    this.#agent = agent;
    const query = new URLSearchParams({ channel: options.channel });
    if (options.after !== undefined) query.set("after", options.after);
    if (options.token !== undefined) query.set("token", options.token);
    this.#source = new EventSource(`${options.url}/api/events?${query}`, {
      fetch: (url, init) => /** @type {any} */ (fetch(url, /** @type {any} */ ({ ...init, dispatcher: agent }))),
    });
    this.#source.onmessage = (event) => this.receive(JSON.parse(event.data), event.lastEventId);
    this.#source.addEventListener("position", (event) => this.subscribed(event.lastEventId));
    this.#source.addEventListener("gap", (event) => this.gap(event.lastEventId));
    this.#source.onerror = (event) => {
      if (this.over) return;
      this.end(`error: ${event.message ?? "the stream ended"}`);
      this.#drop();
    };
  }

  async close() {
    this.cut();
  }

  cut() {
    this.end("cut");
    this.#drop();
  }

  #drop() {
    this.#source.close();
    void this.#agent.destroy();
  }
}

/** @param {import("./client.mjs").ClientOptions} options */
export function open_sse(options) {
  return new ServerSentEvents(options);
}
