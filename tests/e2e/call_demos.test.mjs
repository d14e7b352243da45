// It takes long.
// The demos of calls and files: what one shows, the others see, and what fails is said with what to try.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { enter_own_network } from "../support/own_network.mjs";
import { start_server } from "../support/server.mjs";
import { expect_accessible, expect_no_sideways_scrolling, visit } from "../support/side_by_side.mjs";
import { until } from "../support/wait.mjs";

enter_own_network();

/** @typedef {import("playwright-core").Page} Page */
const looks = /** @type {const} */ ([
  { has_media: true, viewport: { width: 1280, height: 800 }, colorScheme: "light", reducedMotion: "reduce" },
  { has_media: true, viewport: { width: 360, height: 740 }, colorScheme: "dark", reducedMotion: "reduce" },
]);

/** Waits until a picture moves. @param {Page} page @param {RegExp} label */
async function moves(page, label) {
  const video = page.getByLabel(label);
  const frames = () => video.evaluate((element) => /** @type {any} */ (element).getVideoPlaybackQuality().totalVideoFrames);
  await video.waitFor();
  const first = await frames();
  await until(async () => (await frames()) > first + 3, { what: `${label} to move` });
}

test("call: pictures, chat, screen and the path, on a desktop and on a phone", async (context) => {
  const server = await start_server(context);
  const [ann, bob] = [await visit(context, `${server.url}/demos/call/#bells`, looks[0]), await visit(context, `${server.url}/demos/call/#bells`, looks[1])];
  for (const [page, name] of /** @type {[Page, string][]} */ ([[ann, "Ann"], [bob, "Bob"]])) {
    await page.getByRole("heading", { name: "Room bells" }).waitFor();
    await page.getByLabel("You are").fill(name);
    await page.getByRole("button", { name: "Join" }).click();
  }
  await moves(ann, /^Picture of Bob/);
  await moves(bob, /^Picture of Ann/);
  for (const page of [ann, bob]) {
    await page.getByText("You and one other.").waitFor();
    await page.getByText(/direct, UDP · \d+ ms/).waitFor();
    await page.getByRole("img", { name: "Connection: good" }).waitFor();
  }
  await ann.getByLabel("Message", { exact: true }).fill("Do you see me?");
  await ann.getByRole("button", { name: "Send" }).click();
  await bob.getByText("Do you see me?").waitFor();
  await bob.getByRole("button", { name: "Share screen" }).click();
  await moves(ann, /^Screen of Bob/);
  for (const [page, what] of /** @type {[Page, string][]} */ ([[ann, "a desktop"], [bob, "a phone"]])) {
    await expect_no_sideways_scrolling(page, what);
    await expect_accessible(page, what);
  }
  await bob.getByRole("button", { name: "Stop sharing" }).click();
  await ann.getByLabel("Screen of Bob").waitFor({ state: "detached" });
  await bob.getByRole("button", { name: "Microphone on" }).click();
  await ann.getByText("microphone off").waitFor();
  await bob.getByRole("button", { name: "Leave" }).click();
  await ann.getByText("Nobody else is here yet").waitFor();
});

test("files: offered, accepted or refused, saved", async (context) => {
  const server = await start_server(context);
  const [ann, bob] = [await visit(context, `${server.url}/demos/files/`, looks[0]), await visit(context, `${server.url}/demos/files/`, looks[1])];
  const octets = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 7) % 251));
  const choose = ann.locator("input[type=file]");
  await ann.getByText(/direct, UDP/).waitFor();
  await choose.setInputFiles([
    { name: "bells.bin", mimeType: "application/octet-stream", buffer: octets }, { name: "no.txt", mimeType: "text/plain", buffer: Buffer.from("no") },
  ]);
  await bob.getByRole("button", { name: "Accept bells.bin" }).click();
  await bob.getByRole("listitem").filter({ hasText: "no.txt" }).getByRole("button", { name: "Refuse" }).click();
  await ann.getByText("the file is not wanted").waitFor();
  await ann.getByText(/has it, and the checksum is right/).waitFor();
  const [download] = await Promise.all([bob.waitForEvent("download"), bob.getByRole("link", { name: "Save bells.bin" }).click()]);
  assert.ok(readFileSync(await download.path()).equals(octets));
  assert.equal(download.suggestedFilename(), "bells.bin");
  for (const [page, what] of /** @type {[Page, string][]} */ ([[ann, "a desktop"], [bob, "a phone"]])) {
    await expect_no_sideways_scrolling(page, what);
    await expect_accessible(page, what);
  }
});

test("without a camera, and without a path, it says what to try", async (context) => {
  const server = await start_server(context);
  // No devices, and in this network no address that a page without their permission may know.
  const pages = [await visit(context, `${server.url}/demos/call/`), await visit(context, `${server.url}/demos/call/`)];
  for (const page of pages) {
    await page.getByRole("button", { name: "Join" }).click();
    await page.getByRole("alert").getByText(/there is no (camera|microphone)|may not be used/i).first().waitFor();
    await page.getByText("You and one other.").or(page.getByText("Nobody else is here yet")).waitFor();
  }
  for (const page of pages) {
    await page.getByText("this browser has found no address of its own").waitFor({ timeout: 60_000 });
    await page.getByText("See whether there is a network").waitFor();
    await expect_accessible(page, "with troubles");
  }
});
