// Everything that a client can do, once, and how the server answers each.
import WebSocket from "ws";
import { CommandSocket } from "./command_socket.mjs";
import { soon, until } from "./wait.mjs";

/** @typedef {import("./server.mjs").Server} Server */
/** @typedef {import("node:test").TestContext} Context */

const bearer = (/** @type {string} */ token) => ({ authorization: `Bearer ${token}` });

/**
 * The answer to each thing that a client can do, by its name: an HTTP status, or the code of an error.
 * @param {Context} context @param {Server} server @param {string | undefined} token @param {string} channel
 */
export async function all_answers(context, server, token, channel) {
  const headers = token === undefined ? {} : bearer(token);
  const get = async (/** @type {string} */ path) => (await server.http.get(path, headers)).status;
  const post = async (/** @type {string} */ path, /** @type {object} */ body) =>
    server.http.request("POST", path, { headers: { ...headers, "content-type": "application/json" }, body: JSON.stringify(body) });
  const command = async (/** @type {object} */ body) => {
    const { status, json } = await post("/api/commands", body);
    return status === 200 && json.type === "error" ? json.code : status;
  };
  /** @type {Record<string, number | string>} */
  const answers = {
    publish: (await post("/api/messages", { channel, data: 1 })).status,
    command: await command({ type: "message", channel, data: 1 }),
    history: await get(`/api/messages?channel=${channel}`),
    poll: await get(`/api/messages?channel=${channel}&after=0:0`),
    long_poll: await get(`/api/messages/subscribe?channel=${channel}&timeout=0`),
  };
  const events = await server.http.request("HEAD", `/api/events?channel=${channel}`, { headers });
  answers.events = events.status;
  const socket = new CommandSocket(server.url, { headers });
  context.after(() => socket.cut());
  answers.upgrade = await soon(upgrade_status(server, headers), { what: "the upgrade" });
  if (answers.upgrade !== 101) return answers;
  await until(() => socket.frames.length > 0, { what: "the welcome" });
  for (const type of ["subscribe", "message", "ephemeral", "history"]) {
    const reply = await socket.ask({ type, channel, data: 1 });
    answers[`socket ${type}`] = reply.type === "ok" ? "ok" : reply.code;
  }
  return answers;
}

/** The status of an upgrade. @param {Server} server @param {Record<string, string>} headers @returns {Promise<number>} */
export function upgrade_status(server, headers) {
  const socket = new WebSocket(`${server.url.replace("http", "ws")}/ws`, { headers });
  socket.on("error", () => {});
  return new Promise((resolve) => {
    socket.once("open", () => (socket.terminate(), resolve(101)));
    socket.once("unexpected-response", (_, response) => (response.resume(), resolve(response.statusCode ?? 0)));
  });
}
