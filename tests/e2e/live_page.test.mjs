// The first page in a real browser: four panes on four transports, the box, the cut and the resume.
import assert from "node:assert/strict";
import { test } from "node:test";
import { expect_no_errors, open_page } from "../support/browser.mjs";
import { start_server } from "../support/server.mjs";
import { patience_ms, until } from "../support/wait.mjs";

const pane_names = ["Polling", "Long polling", "Server-Sent Events", "WebSocket"];

/** @typedef {import("playwright-core").Page} Page */

/** @param {Page} page @param {string} name */
function pane(page, name) {
  return page.getByRole("region", { name, exact: true });
}

/** The texts of a pane, oldest first. @param {Page} page @param {string} name */
async function texts(page, name) {
  return (await pane(page, name).locator(".data").allTextContents()).reverse();
}

/** @param {Page} page @param {string[]} names @param {string[]} expected */
async function all_show(page, names, expected) {
  for (const name of names) {
    await until(async () => (await texts(page, name)).length >= expected.length, {
      what: `${name} to show ${expected.length} messages`,
    });
    assert.deepEqual(await texts(page, name), expected, name);
  }
}

/**
 * @param {import("node:test").TestContext} context @param {string} url
 * @param {import("playwright-core").BrowserContextOptions} [options]
 */
async function open_live_page(context, url, options) {
  const page = await open_page(context, options);
  expect_no_errors(context, page);
  page.setDefaultTimeout(patience_ms);
  await page.goto(url);
  for (const name of pane_names) await pane(page, name).getByText("Listening").waitFor();
  return page;
}

/** @param {Page} page @param {string} text */
async function type_message(page, text) {
  await page.getByLabel("Message").fill(text);
  await page.getByRole("button", { name: "Publish" }).click();
}

test("what is typed, and what curl sends, shows in all four panes", async (context) => {
  const server = await start_server(context);
  const page = await open_live_page(context, server.url);

  await type_message(page, "typed here");
  await page.getByText("Published as number 1").waitFor();
  const sent = await server.http.request("POST", "/api/messages?channel=default", { body: "sent by curl" });
  assert.equal(sent.status, 200, sent.text);
  await all_show(page, pane_names, ["typed here", "sent by curl"]);
  for (const name of pane_names) {
    assert.match(await pane(page, name).innerText(), /2 heard · none missed · median/);
  }
});

test("a pane that was cut resumes with what it missed, once and in order", async (context) => {
  const server = await start_server(context);
  const page = await open_live_page(context, `${server.url}/?channel=town`);
  for (const name of pane_names) {
    await page.getByRole("button", { name: `Cut ${name}`, exact: true }).click();
    await pane(page, name).getByText("Cut", { exact: true }).first().waitFor();
  }
  for (const number of [1, 2, 3]) await server.http.publish("town", { text: `while away ${number}` });
  for (const name of pane_names) {
    assert.deepEqual(await texts(page, name), []);
    await page.getByRole("button", { name: `Resume ${name}`, exact: true }).click();
  }
  await type_message(page, "and live again");
  await all_show(page, pane_names, ["while away 1", "while away 2", "while away 3", "and live again"]);
});

test("the page lives under a prefix, and starts with the latest messages", async (context) => {
  const server = await start_server(context, { config: '[http]\nbase_path = "/bells"\n' });
  const sent = await server.http.request("POST", "/bells/api/messages?channel=default", { body: "earlier" });
  assert.equal(sent.status, 200, sent.text);
  const page = await open_live_page(context, `${server.url}/bells/`);
  await all_show(page, pane_names, ["earlier"]);
  await type_message(page, "now");
  await all_show(page, pane_names, ["earlier", "now"]);
});

test("the panes come back by themselves after the server was away", async (context) => {
  const first = await start_server(context);
  const address = new URL(first.url).host;
  const page = await open_live_page(context, first.url);
  await first.stop();
  for (const name of pane_names) {
    await until(async () => (await pane(page, name).getAttribute("data-state")) !== "listening", {
      what: `${name} to notice`,
    });
  }
  const second = await start_server(context, { listen: [address] });
  for (const name of pane_names) await pane(page, name).getByText("Listening").waitFor();
  await second.http.publish("default", "back again");
  for (const name of pane_names) {
    await until(async () => (await texts(page, name)).includes("back again"), { what: `${name} to hear` });
  }
});

test("a phone and the dark need no scrolling sideways", async (context) => {
  const server = await start_server(context);
  await server.http.publish("default", { text: "a_very_long_word_without_a_break_".repeat(20) });
  for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
    const page = await open_live_page(context, server.url, { viewport: { width: 360, height: 740 }, colorScheme });
    await all_show(page, ["WebSocket"], ["a_very_long_word_without_a_break_".repeat(20)]);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(overflow <= 0, `${overflow} pixels too wide`);
    const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const [, lightness] = background.match(/rgb\((\d+)/) ?? [];
    assert.equal(Number(lightness) > 127, colorScheme === "light", background);
  }
});
