// The lab in a real browser: every technology hears, is measured, cut and blocked; the wizard and the code.
import assert from "node:assert/strict";
import { test } from "node:test";
import { start_server } from "../support/server.mjs";
import { expect_accessible, visit } from "../support/side_by_side.mjs";
import { until } from "../support/wait.mjs";

const names = ["Polling", "Long polling", "Server-Sent Events", "WebSocket", "Socket.IO", "@carillon/client"];

/** @typedef {import("playwright-core").Page} Page */

/** @param {Page} page @param {string} name */
function card(page, name) {
  return page.getByRole("article", { name, exact: true });
}

/** A figure of a card, as a number. @param {Page} page @param {string} name @param {string} figure */
async function figure(page, name, figure) {
  const text = await card(page, name).locator(".figure", { has: page.locator("dt", { hasText: new RegExp(`^${figure}$`) }) }).locator("dd").textContent();
  return Number.parseFloat(text ?? "");
}

/** @param {Page} page @param {string} name @param {string} what @param {number} least */
async function reaches(page, name, what, least) {
  await until(async () => (await figure(page, name, what)) >= least, { what: `${name}: ${what} to reach ${least}` });
}

test("all technologies are heard and measured side by side", async (context) => {
  const server = await start_server(context, { args: ["--lab"] });
  const page = await visit(context, `${server.url}/lab/`);
  for (const name of names) {
    await reaches(page, name, "Heard", 5);
    await reaches(page, name, "Wire, each", 1);
    assert.ok((await figure(page, name, "Delay, median")) >= 0);
    assert.equal(await figure(page, name, "Missed"), 0, name);
  }
  // One request carries a stream; a long poll needs one for each message.
  assert.equal(await figure(page, "Server-Sent Events", "Requests"), 1);
  assert.ok((await figure(page, "Long polling", "Requests")) >= 5);
  for (const name of names) assert.ok(await page.getByRole("row", { name: new RegExp(`^${name} `) }).isVisible(), name);
  await expect_accessible(page, "the lab");
});

test("what is cut comes back where it was, and a blocked WebSocket leaves the client one way more", async (context) => {
  const server = await start_server(context, { args: ["--lab"] });
  const page = await visit(context, `${server.url}/lab/`);
  for (const name of names) await reaches(page, name, "Heard", 3);
  await card(page, "Socket.IO").getByText("over WebSocket").waitFor();
  for (const name of ["Server-Sent Events", "WebSocket", "Socket.IO"]) {
    await page.getByRole("button", { name: `Cut the connection of ${name}`, exact: true }).click();
    await reaches(page, name, "Reconnects", 1);
  }
  await page.getByLabel("Block WebSocket").check();
  await card(page, "@carillon/client").getByText("fell back to SSE").waitFor();
  await card(page, "Socket.IO").getByText("by polling").waitFor();
  await card(page, "WebSocket").getByText("Disconnected").waitFor();
  await page.getByLabel("Block WebSocket").uncheck();
  await card(page, "WebSocket").getByText("Listening", { exact: true }).waitFor();
  for (const name of names) {
    const heard_count = await figure(page, name, "Heard");
    await reaches(page, name, "Heard", heard_count + 2);
    assert.equal(await figure(page, name, "Missed"), 0, name);
  }
});

test("the knobs turn: a delay costs whoever asks, and empty answers pile up", async (context) => {
  const server = await start_server(context, { args: ["--lab"] });
  const page = await visit(context, `${server.url}/lab/`);
  await reaches(page, "Polling", "Heard", 1);
  await page.getByRole("group", { name: "Messages a second" }).getByLabel("1", { exact: true }).check();
  await page.getByRole("group", { name: "Poll every" }).getByLabel("½ s", { exact: true }).check();
  await page.getByRole("group", { name: "Delay of requests" }).getByLabel("200 ms", { exact: true }).check();
  await page.waitForRequest((request) => request.url().includes(".polling&lab_delay_ms=200"));
  await page.getByRole("button", { name: "Reset" }).click();
  await reaches(page, "Polling", "Empty answers", 1);
  await reaches(page, "Polling", "Heard", 3);
  await page.getByRole("button", { name: "Pause" }).click();
  await page.getByRole("button", { name: "Go on" }).click();
});

test("the code beside a card runs, and the wizard gives chooseTransport's answers", async (context) => {
  const server = await start_server(context, { args: ["--lab"] });
  const page = await visit(context, `${server.url}/lab/`);
  for (const name of names) {
    const here = card(page, name);
    await here.getByText("How it works, and its code").click();
    await here.getByRole("button", { name: "Run it here" }).click();
    await here.getByLabel("What it shows").getByText("sent_ms").first().waitFor();
    await here.getByRole("button", { name: "Stop it" }).click();
  }
  const chosen = page.locator(".chosen");
  assert.equal(await chosen.textContent(), "SSE");
  await page.getByLabel("Binary data").check();
  assert.equal(await chosen.textContent(), "WebSocket");
  await page.getByLabel("Video or audio").check();
  assert.equal(await chosen.textContent(), "WebRTC");
});

test("without --lab it says what is missing, and the rest works, under a prefix too", async (context) => {
  const server = await start_server(context, { config: '[http]\nbase_path = "/bells"\n' });
  const page = await visit(context, `${server.url}/bells/lab`);
  await page.getByText("carillon serve --lab").waitFor();
  assert.equal(new URL(page.url()).pathname, "/bells/lab/");
  assert.ok(await page.getByLabel("Block WebSocket").isDisabled());
  for (const name of names) await reaches(page, name, "Heard", 2);
  await page.getByRole("button", { name: "Cut the connection of WebSocket" }).click();
  await reaches(page, "WebSocket", "Reconnects", 1);
});
