// Debian's python3-socketio, unmodified, on channels.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { run_program } from "../support/program.mjs";
import { start_server } from "../support/server.mjs";

const python = "/usr/bin/python3"; // the one that Debian's packages are for
const script = fileURLToPath(new URL("../support/clients/python_socketio.py", import.meta.url));

for (const transports of ["polling", "websocket", "polling,websocket"]) {
  test(`python3-socketio has everything, over ${transports}`, async (context) => {
    const server = await start_server(context);
    const { code, output, errors } = await run_program(python, [script, server.url, transports]);
    assert.equal(code, 0, errors);
    assert.deepEqual(JSON.parse(output), {
      subscribed: "ok",
      published: "ok",
      binary: "ok",
      refused: "bad_request",
      members: 1,
      heard: [{ text: "Grüße, 世界 🎉" }, "AH+A/w=="],
      presence: ["join"],
      transport: transports.split(",").at(-1),
    });
  });
}
