// Debian's slowhttptest in its four modes: everybody else is served all the while, and the server ends
// each of its connections within the limits, while it still goes on.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { open_socket } from "../support/command_socket.mjs";
import { metric } from "../support/metrics.mjs";
import { run_program } from "../support/program.mjs";
import { start_server } from "../support/server.mjs";
import { until } from "../support/wait.mjs";

/** @typedef {import("../support/server.mjs").Server} Server */

const connection_count = 100;
/** How long it goes on if it is let: much more than the server's limits, however slow the machine. */
const attack_s = 60;
const patience_ms = 2 * attack_s * 1000;
const config = "[http]\nheader_s = 1\nbody_s = 1\nidle_s = 8\nwrite_s = 1\n";
const page_octets = 1024 * 1024;
/** The two of the test's own, and one more of what asks for the metrics. */
const own_count = 3;

/** @type {Record<string, { words: string[], path: string }>} */
const modes = {
  "heads that do not end": { words: ["-H", "-i", "1"], path: "/healthz" },
  "bodies that do not end": { words: ["-B", "-i", "1"], path: "/api/messages?channel=other" },
  "many ranges": { words: ["-R", "-a", "10", "-b", "3000"], path: "/healthz" },
  "answers that are not read": { words: ["-X", "-w", "10", "-y", "20", "-n", "1", "-z", "32"], path: "/api/messages?channel=page" },
};

/** @param {Server} server */
async function fill_page(server) {
  const headers = { "content-type": "text/plain" };
  const body = "x".repeat(60_000);
  for (let sent = 0; sent < page_octets; sent += body.length) {
    assert.equal((await server.http.request("POST", "/api/messages?channel=page", { headers, body })).status, 200);
  }
}

describe("slowhttptest:", { concurrency: true }, () => {
  for (const [name, { words, path }] of Object.entries(modes)) {
    test(name, async (context) => {
      const server = await start_server(context, { config });
      await fill_page(server);
      const socket = await open_socket(context, server.url);
      await socket.must({ type: "subscribe", channel: "chat" });
      const enough = new AbortController();
      const attack = run_program("slowhttptest", [
        ...words, "-c", String(connection_count), "-r", "1000", "-l", String(attack_s), "-p", "5", "-u", server.url + path],
        {}, patience_ms, enough.signal);
      let over = false;
      void attack.finally(() => (over = true));

      let published_count = 0;
      const served = async () => {
        assert.equal((await server.http.get("/healthz")).status, 200);
        await server.http.publish("chat", ++published_count);
      };
      const seen = (/** @type {string} */ name) => metric(server.http, name);
      await until(async () => (await served(), await seen("carillon_connections_accepted_total")) >= connection_count, { what: "the attack" });
      await until(async () => (await served(), await seen("carillon_streams")) <= own_count, { what: "its connections to be ended" });
      // What the kernel has taken of an answer is read on when the server has nothing to do with it any more.
      const is_reading_on = words[0] === "-X";
      if (is_reading_on) {
        assert.ok(!over, "they were ended while it went on");
        enough.abort();
      }

      const { output } = await attack;
      assert.doesNotMatch(output, /service available:.*NO/);
      if (!is_reading_on) assert.match(output, /Exit status:.*No open connections left/s);
      await socket.messages_up_to(published_count, "chat");
    });
  }
});
