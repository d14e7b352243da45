// @carillon/client under the oldest Node that it supports, and the others: with npm's `ws` where Node has no
// WebSocket of its own, and without, where event streams serve.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import { test } from "node:test";
import { run_program } from "../support/program.mjs";
import { sdk_folder } from "../support/sdk.mjs";
import { start_server } from "../support/server.mjs";

const packages = fileURLToPath(new URL("../../sdk/js/node_modules/", import.meta.url));

/** @param {number} version */
function node_of(version) {
  const places = [`${packages}node-${version}/bin/node`, `${packages}node-${version}-arm64/bin/node`];
  return places.find(existsSync) ?? assert.fail(`no Node ${version}: tools/npm_ci.sh sdk/js installs it`);
}

/** An application: it publishes, hears it, and says over what. */
const program = `
  import { createRequire } from "node:module";
  const { Carillon } = await import(process.env.PACKAGE);
  const webSocket = process.env.WS ? createRequire(process.env.WS)(process.env.WS).WebSocket : undefined;
  const client = new Carillon(process.env.URL, webSocket ? { webSocket } : {});
  const channel = client.channel("c");
  const heard = new Promise((resolve) => channel.on("message", resolve));
  await new Promise((resolve) => channel.on("subscribed", resolve));
  const { position } = await channel.publish({ version: process.version });
  const message = await heard;
  console.log(client.state.name, client.state.transport, message.position === position, process.version);
  client.close();
`;

for (const version of [18, 20, 22]) {
  test(`Node ${version}`, async (context) => {
    const server = await start_server(context);
    const node = version === 22 ? process.execPath : node_of(version);
    const has_own = version === 22;
    for (const has_ws of [true, false]) {
      const environment = {
        PACKAGE: pathToFileURL(`${sdk_folder()}/dist/esm/index.js`).href,
        URL: server.url,
        ...(has_ws ? { WS: createRequire(import.meta.url).resolve("ws") } : {}),
      };
      const { code, output, errors } = await run_program(node, ["--input-type=module", "--eval", program], { env: environment });
      assert.equal(code, 0, errors);
      const transport = has_ws || has_own ? "websocket" : "sse";
      assert.match(output, new RegExp(`^online ${transport} true v${version}\\.`), errors);
    }
  });
}
