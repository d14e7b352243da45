// npm's `socket.io` over its `ws`, as its documentation shows it. Run by itself this file is the
// server, the twin of ../socketio/main.cpp.
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { serve } from "../run/process.mjs";

const file = fileURLToPath(import.meta.url);

const words = {
  subscribe: '420["join","{channel}"]',
  ready: "430[",
  publish_path: "/socket.io/?EIO=4&transport=websocket",
  publish: '42["publish","{channel}","{payload}"]',
};
/** How both applications are spoken to. */
export const application = {
  websocket: { ...words, path: "/socket.io/?EIO=4&transport=websocket" },
  polling: { ...words, path: "/socket.io/?EIO=4&transport=polling" },
};

/** @type {import("../run/peers.mjs").Peer} */
export default {
  name: "npm socket.io",
  version: () => `socket.io ${createRequire(file)("socket.io/package.json").version}, Node ${process.version}`,
  dialects: { socketio: application.websocket, socketio_polling: application.polling },
  start: (place) => serve(place, process.execPath, [file, "serve"]),
};

async function listen() {
  const { createServer } = await import("node:http");
  const { Server } = await import("socket.io");
  const http = createServer();
  const io = new Server(http);
  io.on("connection", (socket) => {
    socket.on("join", async (room, ack) => {
      await socket.join(room);
      ack("joined");
    });
    socket.on("publish", (room, data) => void io.to(room).emit("message", data));
  });
  http.listen({ host: "127.0.0.1", port: 0, backlog: 4096 }, () =>
    console.log(`listening on http://127.0.0.1:${http.address().port}`));
}

if (process.argv[1] === file && process.argv[2] === "serve") await listen();
