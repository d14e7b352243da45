// Chromium's own WebSocket with permessage-deflate, whatever the server agrees to.
import assert from "node:assert/strict";
import { test } from "node:test";
import { open_page } from "../support/browser.mjs";
import { metric } from "../support/metrics.mjs";
import { start_server } from "../support/server.mjs";

/** Says long and short things and gathers what comes back; runs in the page. */
async function converse() {
  const socket = new WebSocket(`${location.origin.replace("http", "ws")}/ws`);
  /** @type {any[]} */
  const heard = [];
  const text = (/** @type {number} */ size) => Array.from({ length: size / 10 }, (_, at) => `${1e9 + at * 7919}`).join("").slice(0, size);
  const sent = [10, 300, 300, 5000, 60_000, 300, 1000].map(text);
  await new Promise((resolve, reject) => {
    socket.onerror = () => reject(new Error("the socket failed"));
    socket.onclose = ({ code, reason }) => reject(new Error(`closed: ${code} ${reason}`));
    socket.onopen = () => {
      socket.send(JSON.stringify({ type: "subscribe", channel: "chat" }));
      for (const data of sent) socket.send(JSON.stringify({ type: "message", channel: "chat", data, id: 1 }));
    };
    socket.onmessage = ({ data }) => {
      const frame = JSON.parse(data);
      if (frame.type === "error") reject(new Error(data));
      if (frame.type === "message") heard.push(frame.data);
      if (heard.length === sent.length && frame.messages === undefined) {
        socket.send(JSON.stringify({ type: "history", channel: "chat", limit: 3, id: 2 }));
      }
      if (frame.messages) resolve(heard.push(...frame.messages.map((/** @type {any} */ each) => each.data)));
    };
  });
  return { extensions: socket.extensions, same: JSON.stringify(heard) === JSON.stringify([...sent, ...sent.slice(-3)]) };
}

for (const [who, agreed] of [
  ["none", "permessage-deflate; server_no_context_takeover; client_no_context_takeover"],
  ["server", "permessage-deflate; client_no_context_takeover"],
  ["client", "permessage-deflate; server_no_context_takeover"],
  ["both", "permessage-deflate"],
]) {
  test(`compressed with a context of ${who}`, async (context) => {
    const server = await start_server(context, {
      config: `[websocket]\ncompression = "on"\ncompression_context = "${who}"\nmax_message_bytes = 100_000\n`,
    });
    const page = await open_page(context);
    await page.goto(server.url);
    const { extensions, same } = await page.evaluate(converse);
    assert.equal(extensions, agreed);
    assert.ok(same);
    for (const direction of ["sent", "received"]) {
      const bytes = (/** @type {string} */ form) =>
        metric(server.http, "carillon_websocket_deflate_bytes_total", { direction, form });
      assert.ok((await bytes("compressed")) < (await bytes("plain")) / 1.5, direction);
    }
    await page.close();
  });
}
