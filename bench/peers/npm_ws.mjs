// npm's `ws` with the broadcast that its documentation shows. Run by itself this file is the server.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { serve } from "../run/process.mjs";

const file = fileURLToPath(import.meta.url);

/** @type {import("../run/peers.mjs").Peer} */
export default {
  name: "npm ws",
  version: () => `ws ${createRequire(file)("ws/package.json").version}, Node ${process.version}`,
  dialects: {
    websocket: { path: "/", publish_path: "/publish" },
    handshake: { path: "/" },
    echo: { path: "/echo" },
  },
  start: (place) =>
    serve(place, process.execPath, [file, "serve", ...(place.tls ? [place.tls.certificate, place.tls.key] : [])]),
};

/** @param {string} [certificate] @param {string} [key] */
async function listen(certificate, key) {
  const { WebSocket, WebSocketServer } = await import("ws");
  const web = certificate && key
    ? createSecureServer({ cert: readFileSync(certificate), key: readFileSync(key) })
    : createServer();
  const server = new WebSocketServer({ server: web });
  web.listen({ host: "127.0.0.1", port: 0, backlog: 4096 }, () => {
    const { port } = /** @type {import("node:net").AddressInfo} */ (web.address());
    console.log(`listening on http${certificate ? "s" : ""}://127.0.0.1:${port}`);
  });
  server.on("connection", (socket, request) => {
    socket.on("error", () => socket.terminate());
    if (request.url === "/echo") {
      socket.on("message", (data, binary) => socket.send(data, { binary }));
    } else if (request.url === "/publish") {
      socket.on("message", (data, binary) => {
        for (const client of server.clients) {
          if (client !== socket && client.readyState === WebSocket.OPEN) client.send(data, { binary });
        }
      });
    }
  });
}

if (process.argv[1] === file && process.argv[2] === "serve") await listen(...process.argv.slice(3));
