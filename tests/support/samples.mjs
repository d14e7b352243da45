// Runs small client programs in a browser, as their authors wrote them, and collects what they show.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { open_page } from "./browser.mjs";
import { until } from "./wait.mjs";

const mission_folder = fileURLToPath(new URL("../../../shared/mission/", import.meta.url));

/** @typedef {"request-response" | "short polling" | "long polling" | "sse" | "websocket" | "webrtc"} Kind */

/** The comment that each sample of the course begins with. @type {Record<Kind, string>} */
const first_lines = {
  "request-response": "// The classic model - client always initiates",
  "short polling": "// Short polling - repeatedly ask",
  "long polling": "// Long polling - ",
  sse: "// SSE - server can push",
  websocket: "// WebSocket - full-duplex",
  webrtc: "// WebRTC - peer-to-peer",
};

/**
 * The samples of the course that this project came from, where it lies beside the checkout.
 * @returns {Map<Kind, string> | undefined}
 */
export function mission_samples() {
  const text = read_mission();
  if (text === undefined) return undefined;
  const lines = text.split("\n");
  const kinds = /** @type {[Kind, string][]} */ (Object.entries(first_lines));
  return new Map(kinds.map(([kind, first_line]) => [kind, sample_at(lines, first_line)]));
}

function read_mission() {
  try {
    const names = readdirSync(mission_folder).filter((name) => name.endsWith(".txt"));
    return names.map((name) => readFileSync(mission_folder + name, "utf8")).join("\n");
  } catch {
    return undefined;
  }
}

/**
 * From its first line up to the prose or the heading that follows.
 * @param {string[]} lines @param {string} first_line
 */
function sample_at(lines, first_line) {
  const start = lines.findIndex((line) => line.startsWith(first_line));
  if (start < 0) throw new Error(`the mission has no sample that begins with "${first_line}"`);
  const rest = lines.slice(start);
  const is_prose = (/** @type {string} */ line) => /^(\d+\. |In traditional |Technology Comparison)/.test(line);
  return rest.slice(0, rest.findIndex(is_prose)).join("\n");
}

/** What the programs leave to their page: everything that is shown lands in `shown`. */
const display_functions = `
  var shown = [];
  var displayMessage = (message) => shown.push(message);
  var displayMessages = (messages) => shown.push(...messages);
  var updateUI = displayMessages;
  var sleep = (duration_ms) => new Promise((resolve) => setTimeout(resolve, duration_ms));
`;

/** A program in a page of the server's own origin. */
export class RunningSample {
  #page;

  /** @param {import("playwright-core").Page} page */
  constructor(page) {
    this.#page = page;
  }

  /**
   * @param {import("node:test").TestContext} context
   * @param {string} server_url
   * @param {string} source
   */
  static async start(context, server_url, source) {
    const page = await open_page(context);
    // A document of the server without any script of its own.
    await page.goto(`${server_url}/healthz`);
    await page.addScriptTag({ content: display_functions });
    await page.addScriptTag({ content: source });
    return new RunningSample(page);
  }

  /** The `data` of all messages shown so far. @returns {Promise<any[]>} */
  shown() {
    return this.#page.evaluate(`shown.filter(({ type }) => type === "message").map(({ data }) => data)`);
  }

  /** Runs a line of the page's own, e.g. a call of one of the program's functions. @param {string} line */
  async run(line) {
    await this.#page.evaluate(line);
  }

  /**
   * Publishes until the program hears, for it does not say when it listens; then `count` numbered
   * messages, which it must show once each and in order.
   * @param {import("./http.mjs").HttpClient} http @param {string} channel @param {number} count
   */
  async hears_all(http, channel, count) {
    await until(
      async () => {
        await http.publish(channel, { text: "are you there?" });
        return (await this.shown()).length > 0;
      },
      { what: "the program to listen" },
    );
    for (let number = 1; number <= count; number++) await http.publish(channel, { number });
    return until(
      async () => {
        const numbers = (await this.shown()).map((data) => data.number).filter(Boolean);
        return numbers.length >= count && numbers;
      },
      { what: "the numbered messages" },
    );
  }
}
