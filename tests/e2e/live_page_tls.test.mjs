// The first page in a real browser over TLS: a page of the https origin, WebSocket by wss.
import assert from "node:assert/strict";
import { test } from "node:test";
import { expect_no_errors, open_page } from "../support/browser.mjs";
import { start_server } from "../support/server.mjs";
import { patience_ms } from "../support/wait.mjs";

const pane_names = ["Polling", "Long polling", "Server-Sent Events", "WebSocket"];

test("all four panes hear what the page publishes, over TLS", async (context) => {
  const server = await start_server(context, { args: ["--tls-self-signed"] });
  assert.match(server.url, /^https:/);
  const page = await open_page(context, { ignoreHTTPSErrors: true });
  expect_no_errors(context, page);
  page.setDefaultTimeout(patience_ms);
  const answer = await page.goto(server.url);
  assert.match((await answer?.securityDetails())?.protocol ?? "", /^TLS 1\.3$/);
  const pane = (/** @type {string} */ name) => page.getByRole("region", { name, exact: true });
  for (const name of pane_names) await pane(name).getByText("Listening").waitFor();
  await page.getByLabel("Message").fill("over TLS");
  await page.getByRole("button", { name: "Publish" }).click();
  for (const name of pane_names) await pane(name).locator(".data").getByText("over TLS").waitFor();
});
