// Socket.IO's own client, unmodified: polls at first, then a WebSocket if one gets through.
import { io } from "socket.io-client";

export async function run({ server, channel, show, signal }) {
  const { origin, pathname } = new URL(server);
  const socket = io(origin, { path: `${pathname}socket.io/`, forceNew: true });
  socket.on("connect", () => socket.emit("subscribe", channel));
  socket.on("message", (message) => show(message.data));
  signal.addEventListener("abort", () => socket.disconnect());
}
