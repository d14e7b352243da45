// Each demo in two browsers side by side: what one does, the other sees.
import assert from "node:assert/strict";
import { resolve } from "node:path";
import { test } from "node:test";
import { bell_of } from "../../web/pages/demos/game/arena.ts";
import { run_program } from "../support/program.mjs";
import { start_server } from "../support/server.mjs";
import { side_by_side, visit } from "../support/side_by_side.mjs";
import { until } from "../support/wait.mjs";

/** @param {string} text */
const number_in = (text) => Number(text.replaceAll(",", ""));

test("chat: who is here, messages, typing, reactions and history", async (context) => {
  const server = await start_server(context, { args: ["--demo"] });
  const [ann, bob] = await side_by_side(context, `${server.url}/demos/chat/`);
  for (const page of [ann, bob]) await page.getByText("online on websocket").waitFor();
  await ann.getByLabel("You are").fill("Ann");
  await ann.getByLabel("You are").press("Tab");
  /** @param {import("playwright-core").Page} page */
  const here = (page) => page.getByRole("list", { name: "Who is here" });
  await here(ann).getByText("Ann (you)").waitFor();
  await here(bob).getByText("Ann", { exact: true }).waitFor();
  assert.equal(await here(bob).getByRole("listitem").count(), 2);
  await ann.getByLabel("Message", { exact: true }).pressSequentially("Hello");
  await bob.getByText("Ann is typing…").waitFor();
  await ann.getByRole("button", { name: "Send" }).click();
  await bob.getByText("Hello").waitFor();
  await bob.getByRole("button", { name: "love, 0 so far, for Ann: Hello" }).click();
  await ann.getByRole("button", { name: "love, 1 so far, for Ann: Hello" }).waitFor();
  await bob.getByRole("button", { name: "# bells" }).click();
  await bob.getByText("It is quiet in here").waitFor();
  await until(async () => (await here(ann).getByRole("listitem").count()) === 1, { what: "bob to have left the room" });

  const late = await visit(context, `${server.url}/demos/chat/`);
  await late.getByRole("button", { name: "love, 1 so far, for Ann: Hello" }).waitFor();
});

test("notifications: whom they are for, and nobody else", async (context) => {
  const server = await start_server(context);
  const [ann, bob] = await side_by_side(context, `${server.url}/demos/notifications/`);
  await bob.getByText("Nothing yet. Send bob something.").waitFor();
  await ann.getByLabel("To").selectOption("bob");
  await ann.getByRole("button", { name: "Notify" }).click();
  await ann.getByText("Sent to bob").waitFor();
  const inbox = bob.getByRole("region", { name: "Inbox of bob" });
  await inbox.getByText("Your table is ready").waitFor();
  await inbox.getByLabel("1 new").waitFor();
  await bob.getByText("Nothing yet. Send ann something.").waitFor();
  await inbox.getByRole("button", { name: "Mark as read" }).click();
  await inbox.getByLabel("1 new").waitFor({ state: "detached" });
});

test("whiteboard: cursors, strokes, and what was drawn before", async (context) => {
  const server = await start_server(context);
  const [ann, bob] = await side_by_side(context, `${server.url}/demos/board/`);
  await bob.getByText("0 strokes, 0 others here").waitFor();
  const box = await ann.locator("canvas").boundingBox();
  assert.ok(box);
  await ann.getByText("online on websocket").waitFor();
  await ann.mouse.move(box.x + 50, box.y + 50);
  await ann.mouse.down();
  await ann.mouse.move(box.x + 200, box.y + 120, { steps: 8 });
  await bob.getByText("0 strokes, 1 others here").waitFor();
  await ann.mouse.up();
  for (const page of [ann, bob]) await page.getByRole("img", { name: "A drawing of 1 strokes" }).waitFor();
  const late = await visit(context, `${server.url}/demos/board/`);
  await late.getByRole("img", { name: "A drawing of 1 strokes" }).waitFor();
  await bob.getByRole("button", { name: "Wipe the board" }).click();
  await ann.getByRole("img", { name: "A drawing of 0 strokes" }).waitFor();
});

test("game: players move, and a bell is caught by one of them for all", async (context) => {
  const server = await start_server(context, { args: ["--demo"] });
  const [ann, bob] = await side_by_side(context, `${server.url}/demos/game/`);
  for (const page of [ann, bob]) await page.getByText("online on websocket").waitFor();
  const arena = ann.locator("canvas");
  const before = await arena.screenshot();
  await until(async () => !(await arena.screenshot()).equals(before), { what: "somebody to move" });
  const box = await arena.boundingBox();
  assert.ok(box);
  await until(async () => {
    const bell = bell_of(Date.now());
    await ann.mouse.click(box.x + box.width * bell.x, box.y + box.height * bell.y);
    return (await ann.locator(".game li").count()) > 0;
  }, { what: "a bell to be caught" });
  await until(async () => (await bob.locator(".game li").count()) > 0, { what: "the other to hear of it" });
});

test("stocks: one reader hears everything, the other the latest at its own pace", async (context) => {
  const server = await start_server(context, { args: ["--demo"] });
  const [ann, bob] = await side_by_side(context, `${server.url}/demos/stocks/`);
  await bob.getByRole("button", { name: "3 s" }).click();
  for (const page of [ann, bob]) {
    const all = page.getByRole("region", { name: "Every update" });
    const paced = page.getByRole("region", { name: "At my own pace" });
    await all.getByText("BELL").waitFor();
    await paced.getByText("BELL").waitFor();
    await until(async () => {
      const [, share = ""] = await paced.locator(".rates dd").allTextContents();
      return Number.parseInt(share) >= 50;
    }, { what: "most prices to be conflated away" });
    const [, share, heard] = await all.locator(".rates dd").allTextContents();
    assert.equal(share, "0 %");
    assert.ok(number_in(heard ?? "") > number_in((await paced.locator(".rates dd").allTextContents())[2] ?? ""));
  }
});

test("scores, sensors and the feed have made-up data, and a sensor may be a script", async (context) => {
  const server = await start_server(context, { args: ["--demo"] });
  const [scores, late] = await side_by_side(context, `${server.url}/demos/scores/`);
  for (const page of [scores, late]) await page.getByRole("article", { name: /against/ }).first().waitFor();

  const [sensors, others] = await side_by_side(context, `${server.url}/demos/sensors/`);
  for (const page of [sensors, others]) await page.getByRole("region", { name: "Belfry" }).getByText("live").waitFor();
  const script = await run_program(resolve(import.meta.dirname, "../../examples/sensor.sh"), ["Kitchen", "1"], {
    env: { ...process.env, CARILLON: resolve(String(process.env.CARILLON_BINARY)), CARILLON_URL: server.url }, cwd: server.folder,
  });
  assert.deepEqual([script.code, script.errors], [0, ""]);
  for (const page of [sensors, others]) await page.getByRole("region", { name: "Kitchen" }).getByText("°C").waitFor();

  const [ann, bob] = await side_by_side(context, `${server.url}/demos/social/`);
  await ann.getByLabel("Post", { exact: true }).fill("Listen!");
  await ann.getByRole("button", { name: "Post", exact: true }).click();
  const post = bob.getByRole("article").filter({ hasText: "Listen!" });
  await post.getByRole("button", { name: "bravo, 0 so far" }).click();
  await ann.getByRole("article").filter({ hasText: "Listen!" }).getByRole("button", { name: "bravo, 1 so far" }).waitFor();
});

test("a demo shows its source, and says when the server has gone", async (context) => {
  const server = await start_server(context);
  const page = await visit(context, `${server.url}/demos/chat/`);
  await page.getByText("online on websocket").waitFor();
  await page.getByRole("button", { name: "Source" }).click();
  await page.getByText("Each room is a channel").waitFor();
  await page.getByRole("button", { name: "main.tsx" }).click();
  await page.getByText('import { client, useChannel, useMembers } from "../kit/connection.ts"').waitFor();
  await page.getByRole("button", { name: "Close" }).click();
  await server.stop();
  await page.getByText("It is tried again by itself.").waitFor();
});
