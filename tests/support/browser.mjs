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
];

/** A camera that shows a moving picture and a microphone that beeps, allowed to every page; calls over loopback. */
const media_flags = [
  "--use-fake-device-for-media-stream",
  "--use-fake-ui-for-media-stream",
  "--allow-loopback-in-peer-connection",
  "--autoplay-policy=no-user-gesture-required",
];

/**
 * One of each kind for all tests of a file: starting it takes longer than a test.
 * @type {Map<string, Promise<import("playwright-core").Browser>>}
 */
const browsers = new Map();
after(async () => {
  for (const browser of browsers.values()) await (await browser).close();
});

/** @param {string} kind @param {string[]} args */
function browser_of(kind, args) {
  assert.ok(existsSync(program), `${program} is missing: ./dev test installs it`);
  const browser = browsers.get(kind) ?? chromium.launch({ executablePath: program, args });
  browsers.set(kind, browser);
  return browser;
}

/** @typedef {import("playwright-core").BrowserContextOptions & { has_media?: boolean }} PageOptions */

/**
 * A page with cookies and storage of its own, closed after the test.
 * @param {import("node:test").TestContext} context
 * @param {PageOptions} [options]
 */
export async function open_page(context, options = {}) {
  const { has_media, ...rest } = options;
  const browser = await (has_media ? browser_of("media", [...flags, ...media_flags]) : browser_of("plain", flags));
  const profile = await browser.newContext(rest);
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
