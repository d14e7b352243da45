// Every page on a phone and a desktop, in light and dark: accessible, and never too wide.
import assert from "node:assert/strict";
import { test } from "node:test";
import { start_server } from "../support/server.mjs";
import { expect_accessible, expect_no_sideways_scrolling, visit } from "../support/side_by_side.mjs";

const demos = ["chat", "notifications", "board", "game", "stocks", "scores", "sensors", "social", "call", "files"];
/** A path, and what is there once it is more than a frame. @type {[string, string][]} */
const pages = [
  ["/", ".pane[data-state=listening]"], ["/lab/", ".technology"], ["/demos/", ".demos"],
  ...demos.map((name) => /** @type {[string, string]} */ ([`/demos/${name}/`, ".connection[data-state=listening]"])),
];
const looks = /** @type {const} */ ([
  { width: 360, height: 740, colorScheme: "dark" },
  { width: 1280, height: 800, colorScheme: "light" },
]);

test("every page is accessible and fits, on a phone in the dark and a desktop in the light", async (context) => {
  const server = await start_server(context, { args: ["--lab", "--demo"] });
  await server.http.publish("demo-chat:lobby", { text: "a_very_long_word_without_a_break_".repeat(8), name: "Ann", from: "x" });
  for (const { width, height, colorScheme } of looks) {
    const page = await visit(context, server.url, { viewport: { width, height }, colorScheme, reducedMotion: "reduce" });
    for (const [path, sign] of pages) {
      const what = `${path} at ${width} in ${colorScheme}`;
      await page.goto(server.url + path);
      await page.locator(sign).first().waitFor();
      await expect_no_sideways_scrolling(page, what);
      await expect_accessible(page, what);
      assert.equal(await page.locator("h1").count(), 1, what);
    }
  }
});
