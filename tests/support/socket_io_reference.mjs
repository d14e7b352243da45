// The same Socket.IO server as tests/programs/socket_io_probe.cpp, over the npm package: what
// Carillon is compared with.
import { createServer } from "node:http";
import { Server } from "socket.io";
import { until } from "./wait.mjs";

/** @typedef {import("socket.io").Socket} Socket */

/** @param {Socket} socket */
function add_basics(socket) {
  socket.on("echo", (...values) => socket.emit("echo", ...values));
  socket.on("ask", (...values) => {
    const ack = values.pop();
    ack(...values);
    ack("only the first counts");
  });
  socket.on("tell and answer", (ack) => {
    socket.emit("told", 1);
    ack();
  });
  socket.on("part", () => {
    socket.emit("farewell");
    socket.disconnect();
  });
  socket.on("ask me", (...values) => {
    const ack = values.pop();
    socket.timeout(300).emit("question", ...values, (/** @type {Error | null} */ error, /** @type {any[]} */ ...answer) =>
      error ? ack("failed") : ack("answered", ...answer));
  });
  socket.on("handshake", (ack) => {
    const { auth, query, headers } = socket.handshake;
    ack(auth, query.taste, headers["x-test"] ?? null);
  });
  socket.on("leave me", (close) => void socket.disconnect(close));
  socket.on("volatile", (...values) => void socket.volatile.emit("volatile", ...values));
  socket.on("many", (count) => {
    for (let i = 0; i < count; ++i) socket.emit("one", i);
  });
  socket.once("once", () => void socket.emit("once heard"));
}

/** What stands between a client and the listeners. @param {Socket} socket */
function add_middleware(socket) {
  socket.use(([event], next) => next(event === "forbidden" ? new Error("not for you") : undefined));
  socket.use((packet, next) => {
    if (packet[0] !== "changed") return next();
    packet[1] = `${packet[1]}, changed`;
    setTimeout(next, 1);
  });
  socket.on("error", (error) => void socket.emit("refused", error.message));
  socket.on("forbidden", () => void socket.emit("forbidden was heard"));
  socket.on("changed", (text, ack) => ack(text));
}

/** What listeners are asked to do with listeners. @param {Socket} socket */
function add_listening(socket) {
  socket.on("watch outgoing", () => {
    socket.onAnyOutgoing((event, ...values) => {
      if (event !== "seen") socket.emit("seen", event, values);
    });
    socket.prependAnyOutgoing((event) => {
      if (event !== "seen") socket.emit("seen", `first ${event}`, []);
    });
  });
  socket.on("stop watching", (ack) => {
    socket.offAnyOutgoing();
    ack();
  });
  socket.on("listen to", (event, ack) => {
    socket.on(event, () => void socket.send("heard", event));
    ack(socket.eventNames().includes(event));
  });
  socket.on("forget", (event, ack) => {
    socket.removeAllListeners(event);
    ack(socket.eventNames().includes(event));
  });
  socket.on("uncompressed", (text) => void socket.compress(false).emit("uncompressed", text));
  socket.on("transport", (ack) => ack(socket.conn.transport.name));
}

/** @param {Server} io @param {Socket} socket */
function add_rooms(io, socket) {
  socket.on("join", (room, ack) => {
    socket.join(room);
    ack([...socket.rooms]);
  });
  socket.on("leave", (room, ack) => {
    socket.leave(room);
    ack([...socket.rooms]);
  });
  socket.on("to", (room, text) => void socket.to(room).emit("said", text));
  socket.on("in", (room, text) => void io.in(room).emit("said", text));
  socket.on("except", (room, text) => void io.except(room).emit("said", text));
  socket.on("broadcast", (text) => void socket.broadcast.emit("said", text));
  socket.on("everybody", (text) => void io.local.emit("said", text));
  socket.on("ask room", (room, ack) => {
    io.in(room).timeout(5000).emit("question", (/** @type {Error | null} */ error, /** @type {unknown[]} */ answers) =>
      ack(answers.length, error === null));
  });
}

/** @param {Server} io @param {Socket} socket */
function add_management(io, socket) {
  socket.on("fetch", async (room, ack) => {
    const sockets = await io.in(room).fetchSockets();
    for (const each of sockets) each.emit("fetched", each.rooms.has("fetch"));
    ack(sockets.map((each) => each.id).sort());
  });
  socket.on("sockets join", (room, other) => {
    io.in(room).socketsJoin(other);
    io.in(other).emit("said", "welcome");
  });
  socket.on("sockets leave", (room, other) => {
    io.in(room).socketsLeave(other);
    io.in(other).emit("said", "nobody hears this");
    io.in(room).emit("said", "done");
  });
  socket.on("disconnect sockets", (room) => io.in(room).disconnectSockets());
}

/** @param {Server} io */
function add_watching(io) {
  io.on("connection", (socket) => {
    add_basics(socket);
    add_middleware(socket);
    add_listening(socket);
    add_rooms(io, socket);
    add_management(io, socket);
    socket.onAny((event, ...values) => {
      if (event === "caught") socket.emit("caught", event, values.length);
    });
    socket.on("disconnecting", () => {
      if (socket.rooms.has("watched")) io.to("watchers").emit("going", socket.id);
    });
    socket.on("disconnect", (reason) => void io.to("watchers").emit("gone", socket.id, reason));
    socket.emit("welcome", socket.recovered);
  });
}

/** @param {Server} io */
function add_namespaces(io) {
  io.of("/admin")
    .use((socket, next) => {
      if (JSON.stringify(socket.handshake.auth) === '{"token":"secret"}') return next();
      next(Object.assign(new Error("not allowed"), { data: { code: "E7" } }));
    })
    .use((socket, next) => {
      socket.data = "seen";
      next();
    })
    .on("connection", (socket) => void socket.emit("data", socket.data, socket.nsp.name));
  io.of((name, _auth, next) => next(null, name.startsWith("/dynamic-"))).on("connection", (socket) => {
    socket.on("everybody", (text) => void socket.nsp.emit("said", text));
    socket.emit("name", socket.nsp.name);
  });
}

/** Starts one; `stop()` ends it. @param {"plain" | "recovering" | "impatient" | "old"} kind */
export async function start_reference(kind) {
  const http = createServer();
  const io = new Server(http, {
    ...(kind === "impatient" ? { pingInterval: 300, pingTimeout: 300 } : {}),
    allowEIO3: kind === "old",
    connectTimeout: 1000,
    maxHttpBufferSize: 12_000_000,
    ...(kind === "recovering" ? { connectionStateRecovery: {} } : {}),
    cookie: { name: "io", httpOnly: true, path: "/", sameSite: "lax" },
    allowRequest: (request, decide) => {
      const refused = new URL(request.url ?? "", "http://x").searchParams.has("refuse");
      decide(refused ? "no, thanks" : undefined, !refused);
    },
  });
  io.engine.on("initial_headers", (headers) => void (headers["X-Initial"] = "1"));
  io.engine.on("headers", (headers) => void (headers["X-All"] = "2"));
  add_watching(io);
  add_namespaces(io);
  http.listen(0, "127.0.0.1");
  await until(() => http.listening, { what: "the reference to listen" });
  const address = /** @type {import("node:net").AddressInfo} */ (http.address());
  return { url: `http://127.0.0.1:${address.port}`, stop: () => io.close() };
}
