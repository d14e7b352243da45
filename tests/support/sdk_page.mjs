// @carillon/client in a real browser, by its script tag.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect_no_errors, open_page } from "./browser.mjs";
import { quick_timings, sdk_folder } from "./sdk.mjs";

/** The script as a page loads it. */
export function sdk_script() {
  return readFileSync(join(sdk_folder(), "dist/carillon.min.js"), "utf8");
}

/** What the page keeps of one channel that it hears. */
const page_program = (/** @type {object} */ timings) => `
  var heard = { messages: [], gaps: [], states: [] };
  var client;
  function start(channel, after, options) {
    client = new Carillon(location.origin, { timings: ${JSON.stringify(timings)}, ...options });
    client.on("state", (state) => heard.states.push(Carillon.describeState(state)));
    var each = client.channel(channel, { after });
    each.on("message", ({ epoch, offset, data }) => heard.messages.push({ epoch, offset, data }));
    each.on("gap", (gap) => heard.gaps.push(gap));
  }
  async function publish(channel, first, count) {
    var numbers = Array.from({ length: count }, (_, index) => first + index);
    var receipts = await Promise.all(numbers.map((number) => client.channel(channel).publish({ number })));
    return receipts.map(({ offset }) => offset);
  }
`;

/**
 * A page of the server's own origin, with the client in it.
 * @param {import("node:test").TestContext} context @param {string} url @param {object} [timings]
 */
export async function open_sdk_page(context, url, timings = {}) {
  const page = await open_page(context);
  expect_no_errors(context, page);
  await page.goto(`${url}/healthz`);
  await page.addScriptTag({ content: sdk_script() });
  await page.addScriptTag({ content: page_program({ ...quick_timings, ...timings }) });
  return new SdkPage(page);
}

export class SdkPage {
  /** @param {import("playwright-core").Page} page */
  constructor(page) {
    this.page = page;
  }

  /** @param {string} channel @param {string} after @param {object} [options] */
  async start(channel, after, options = {}) {
    await this.page.evaluate(`start(${JSON.stringify(channel)}, ${JSON.stringify(after)}, ${JSON.stringify(options)})`);
  }

  /** The offsets. @param {string} channel @param {number} first @param {number} count @returns {Promise<number[]>} */
  publish(channel, first, count) {
    return this.page.evaluate(`publish(${JSON.stringify(channel)}, ${first}, ${count})`);
  }

  /** @returns {Promise<{ messages: any[], gaps: any[], states: string[] }>} */
  heard() {
    return this.page.evaluate("heard");
  }

  /** @returns {Promise<any>} */
  state() {
    return this.page.evaluate("({ ...client.state, text: Carillon.describeState(client.state) })");
  }

  /** @returns {Promise<any>} */
  stats() {
    return this.page.evaluate("client.stats");
  }
}
