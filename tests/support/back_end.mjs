// A back end of the application: what it sends with its API key, and clients with tokens.
import { soon, until } from "./wait.mjs";
import { CommandSocket } from "./command_socket.mjs";
import { read_events } from "./event_reader.mjs";
import { now_s, secret, token_of } from "./tokens.mjs";

export const api_key = "the key of a back end, 32 characters or more";
/** One that may do less: in other channels. */
export const small_key = "the key of a smaller back end, 32 characters";

export const config = `[access]
anonymous = []
token_secret = "${secret}"
token_leeway_s = 0
[api_key.back_end]
secret = "${api_key}"
scopes = ["*"]
channels = ["*"]
[api_key.small]
secret = "${small_key}"
scopes = ["publish", "channels", "clients", "delete"]
channels = ["news:*"]
`;

export const bearer = (/** @type {string} */ token) => ({ authorization: `Bearer ${token}` });

/** @param {object} claims */
export const token_for = (claims) =>
  token_of({ exp: now_s() + 3600, iat: now_s() - 10, channels: { "*": ["*"] }, ...claims });

/**
 * A call with an API key.
 * @param {import("./server.mjs").Server} server @param {string} path @param {unknown} [body]
 * @param {{ key?: string, method?: string }} [options]
 */
export function call(server, path, body, options = {}) {
  return server.http.request(options.method ?? (body === undefined ? "GET" : "POST"), path, {
    headers: { ...bearer(options.key ?? api_key), "content-type": "application/json" },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
}

/** Waits until it has happened. @param {import("./server.mjs").Server} server @param {string} user @param {number} count */
export async function connected(server, user, count) {
  await until(async () => (await call(server, `/api/clients?user=${user}`)).json.clients.length === count, {
    what: `${count} clients of ${user}`,
  });
}

/**
 * What the holder of a token opens over every transport, all in the channel `chat`.
 * @param {import("node:test").TestContext} context @param {import("./server.mjs").Server} server
 * @param {string} token
 */
export async function open_all(context, server, token) {
  const socket = new CommandSocket(server.url, { headers: bearer(token) });
  context.after(() => socket.cut());
  await soon(socket.opened, { what: "a WebSocket" });
  await socket.must({ type: "subscribe", channel: "chat" });
  const events = read_events(context, `${server.url}/api/events?channel=chat`, bearer(token));
  await events.up_to("position", 1);
  const poll = server.http.get("/api/messages/subscribe?channel=chat&timeout=60", bearer(token));
  poll.catch(() => {});  // it may be parked when the test ends
  return { socket, events, poll };
}
