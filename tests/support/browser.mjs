// Debian's Chromium, driven by playwright-core, with everything off that would call home.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { after } from "node:test";
import { chromium } from "playwright-core";

const program = "/usr/bin/chromium";
const flags = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // Calls: a camera and a microphone that need nobody's consent, and peers on this machine.
  "--use-fake-device-for-media-stream",
  "--use-fake-ui-for-media-stream",
  "--allow-loopback-in-peer-connection",
];

/**
 * One for all tests of a file: starting it takes longer than a test.
 * @type {Promise<import("playwright-core").Browser> | undefined}
 */
let browser;
after(async () => (await browser)?.close());

/**
 * A page with cookies and storage of its own, closed after the test.
 * @param {import("node:test").TestContext} context
 * @param {import("playwright-core").BrowserContextOptions} [options]
 */
export async function open_page(context, options = {}) {
  assert.ok(existsSync(program), `${program} is missing: ./dev test installs it`);
  browser ??= chromium.launch({ executablePath: program, args: flags });
  const profile = await (await browser).newContext(options);
  context.after(() => profile.close());
  return profile.newPage();
}

/**
 * Fails the test when the page throws.
 * @param {import("node:test").TestContext} context
 * @param {import("playwright-core").Page} page
 */
export function expect_no_errors(context, page) {
  /** @type {string[]} */
  const errors = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  context.after(() => assert.deepEqual(errors, [], "the page threw"));
}
