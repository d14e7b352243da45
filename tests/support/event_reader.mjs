// Server-Sent Events one by one, with npm's `eventsource`: for tests that look at the events themselves.
import { EventSource } from "eventsource";
import { Agent, fetch } from "undici";
import { until } from "./wait.mjs";

const names = ["position", "ephemeral", "presence", "signal", "gap", "closing"];

/** @typedef {{ name: string, id: string, data: any }} Event */

/**
 * Opens a stream and ends it after the test. It never reconnects by itself.
 * @param {import("node:test").TestContext} context
 * @param {string} url      with the query
 * @param {Record<string, string>} [headers]
 */
export function read_events(context, url, headers) {
  const reader = new EventReader(url, headers);
  context.after(() => reader.close());
  return reader;
}

export class EventReader {
  /** @type {Event[]} */
  events = [];
  /** Why it ended. @type {string | undefined} */
  error;
  #agent = new Agent({ bodyTimeout: 0 });
  #source;

  /** @param {string} url @param {Record<string, string>} [headers] */
  constructor(url, headers) {
    this.#source = new EventSource(url, {
      fetch: (address, options) =>
        /** @type {any} */ (
          fetch(address, /** @type {any} */ ({
            ...options,
            headers: { ...options.headers, ...headers },
            dispatcher: this.#agent,
          }))
        ),
    });
    for (const name of ["message", ...names]) {
      this.#source.addEventListener(name, (event) =>
        this.events.push({ name, id: event.lastEventId, data: JSON.parse(event.data) }),
      );
    }
    this.#source.onerror = (event) => {
      this.error ??= event.message ?? "the stream ended";
      this.close();
    };
  }

  /** @param {string} name */
  named(name) {
    return this.events.filter((event) => event.name === name);
  }

  get messages() {
    return this.named("message").map((event) => event.data);
  }

  /** Waits for so many events of a name and returns them. @param {string} name @param {number} count */
  async up_to(name, count) {
    await until(() => this.named(name).length >= count || this.error !== undefined, {
      what: () => `${count} events '${name}'; the last ones are ${JSON.stringify(this.events.slice(-5))}`,
    });
    return this.named(name);
  }

  close() {
    this.#source.close();
    void this.#agent.destroy();
  }
}
