// Two visitors of one page, each with a browser profile of their own, and what every page is held to.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect_no_errors, open_page } from "./browser.mjs";
import { patience_ms } from "./wait.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** @typedef {import("playwright-core").Page} Page */

/**
 * A page that may not throw, nor load anything from elsewhere, nor be refused what its own policy forbids.
 * @param {import("node:test").TestContext} context @param {string} url
 * @param {import("./browser.mjs").PageOptions} [options]
 */
export async function visit(context, url, options) {
  const page = await open_page(context, options);
  expect_no_errors(context, page);
  page.setDefaultTimeout(patience_ms);
  const { host } = new URL(url);
  /** @type {string[]} */
  const complaints = [];
  page.on("request", (request) => {
    if (new URL(request.url()).host !== host) complaints.push(`asked for ${request.url()}`);
  });
  page.on("console", (message) => {
    if (message.type() === "error" && message.text().includes("Content Security Policy")) complaints.push(message.text());
  });
  context.after(() => assert.deepEqual(complaints, []));
  await page.goto(url);
  return page;
}

/** @param {import("node:test").TestContext} context @param {string} url @returns {Promise<[Page, Page]>} */
export async function side_by_side(context, url) {
  return [await visit(context, url), await visit(context, url)];
}

/** What axe-core finds wrong, by WCAG 2.2 A and AA and good practice. @param {Page} page @param {string} what */
export async function expect_accessible(page, what) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => /** @type {any} */ (globalThis).axe.run());
  const found = violations.map((/** @type {any} */ each) => `${each.id}: ${each.nodes.map((/** @type {any} */ node) => node.target.join(" ")).slice(0, 3).join(", ")}`);
  assert.deepEqual(found, [], what);
}

/** @param {Page} page @param {string} what */
export async function expect_no_sideways_scrolling(page, what) {
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(overflow <= 0, `${what} is ${overflow} pixels too wide`);
}
