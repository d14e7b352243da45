// npm's `ws` with the broadcast that its documentation shows. Run by itself this file is the server.
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
  start: (place) => serve(place, process.execPath, [file, "serve"]),
};

async function listen() {
  const { WebSocket, WebSocketServer } = await import("ws");
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0, backlog: 4096 }, () =>
    console.log(`listening on http://127.0.0.1:${server.address().port}`),
  );
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

if (process.argv[1] === file && process.argv[2] === "serve") await listen();
