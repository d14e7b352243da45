// Every way to a channel, behind one interface: what a client may do there, and how each is answered.
// A new transport is one more entry in `ways_in`.
import { cbor_codec } from "./cbor_codec.mjs";
import { CommandSocket, json_codec } from "./command_socket.mjs";
import { HttpClient } from "./http.mjs";
import { until } from "./wait.mjs";

/**
 * @typedef {import("./server.mjs").Server} Server
 * @typedef {import("node:test").TestContext} Context
 * @typedef {"subscribe" | "publish" | "ephemeral" | "history"} Action
 * @typedef {object} Who
 * @property {string} [token]
 * @property {string} address  of this machine, to come from
 * @typedef {object} What
 * @property {string} channel
 * @property {string} position where the channel stands
 * @property {unknown} data
 *
 * Does it once more, and returns "ok" or the code of the error.
 * @typedef {(what: What) => Promise<string>} Act
 *
 * @typedef {object} WayIn
 * @property {string} name
 * @property {Action[]} actions
 * @property {(context: Context, server: Server, who: Who) => Promise<(action: Action) => Act>} enter
 */

/** The status of each code in an answer over HTTP (docs/protocol.md). */
const statuses = {
  bad_request: 400, unauthenticated: 401, forbidden: 403, not_found: 404, conflict: 409, gone: 410,
  too_large: 413, invalid: 422, rate_limited: 429, unavailable: 503, too_many_connections: 503,
};

/** @param {string | undefined} token @returns {Record<string, string>} */
const bearer = (token) => (token === undefined ? {} : { authorization: `Bearer ${token}` });

/** @param {import("./http.mjs").Reply} reply */
function code_of(reply) {
  if (reply.status < 300) return "ok";
  const code = reply.json?.code;
  const agrees = /** @type {Record<string, number>} */ (statuses)[code] === reply.status;
  return agrees ? code : `${code} with the status ${reply.status}`;
}

/**
 * @param {string} name
 * @param {Partial<Record<Action, (ask: Asker, what: What) => Promise<string>>>} acts
 * @typedef {(method: string, path: string, body?: unknown) => Promise<import("./http.mjs").Reply>} Asker
 * @returns {WayIn}
 */
function by_http(name, acts) {
  return {
    name,
    actions: /** @type {Action[]} */ (Object.keys(acts)),
    async enter(context, server, { token, address }) {
      const http = new HttpClient(server.url, { address });
      context.after(() => http.close());
      /** @type {Asker} */
      const ask = (method, path, body) => {
        const headers = bearer(token);
        if (body !== undefined) headers["content-type"] = "application/json";
        const text = body === undefined ? undefined : JSON.stringify(body);
        return http.request(method, path, { headers, body: text, endless: path.startsWith("/api/events") });
      };
      return (action) => (what) => /** @type {NonNullable<typeof acts[Action]>} */ (acts[action])(ask, what);
    },
  };
}

/** What a client without a WebSocket asks for by commands. @param {Asker} ask @param {object} command */
async function command(ask, command) {
  const reply = await ask("POST", "/api/commands", command);
  return reply.status === 200 && reply.json.type === "error" ? reply.json.code : code_of(reply);
}

/** @param {Asker} ask @param {What} what */
async function publish_in_array(ask, { channel, data }) {
  const reply = await ask("POST", "/api/messages", [{ channel, data }]);
  if (reply.status !== 200) return code_of(reply);
  const [{ code, status }] = reply.json;
  return code === undefined ? "ok" : code_of({ ...reply, status, json: { code } });
}

/**
 * @param {string} name @param {import("./command_socket.mjs").Codec} codec
 * @param {"header" | "connect"} carrier how the token comes
 * @param {(data: unknown) => unknown} [data_of] how JSON travels in it
 * @returns {WayIn}
 */
function by_socket(name, codec, carrier, data_of = (data) => data) {
  return {
    name,
    actions: ["subscribe", "publish", "ephemeral", "history"],
    async enter(context, server, { token, address }) {
      const headers = carrier === "header" ? bearer(token) : {};
      const socket = new CommandSocket(server.url, { headers, localAddress: address }, codec);
      context.after(() => socket.cut());
      const refused = await socket.opened.then(() => undefined, (error) => refusal_of(error));
      if (refused) return () => async () => refused;
      await until(() => socket.frames.length > 0, { what: "the welcome" });
      if (carrier === "connect" && token !== undefined) {
        const reply = await socket.ask({ type: "connect", token });
        if (reply.type === "error") return () => async () => reply.code;
      }
      return (action) => (what) => by_command(socket, action, { ...what, data: data_of(what.data) });
    },
  };
}

/** @param {CommandSocket} socket @param {Action} action @param {What} what */
async function by_command(socket, action, { channel, data }) {
  const type = action === "publish" ? "message" : action;
  const reply = await socket.ask({ type, channel, ...(action === "publish" || action === "ephemeral" ? { data } : {}) });
  if (reply.type === "error") return reply.code;
  if (action !== "subscribe") return "ok";
  const undone = await socket.ask({ type: "unsubscribe", channel });
  return undone.type === "error" ? undone.code : "ok";
}

/** `ws` tells of a refused upgrade no more than its status. @param {Error} error */
function refusal_of(error) {
  const status = Number(/Unexpected server response: (\d+)/.exec(error.message)?.[1]);
  const found = Object.entries(statuses).find(([, each]) => each === status);
  return found ? found[0] : error.message;
}

const escaped = encodeURIComponent;

/** @type {WayIn[]} */
export const ways_in = [
  by_socket("WebSocket, JSON", json_codec, "header"),
  by_socket("WebSocket, JSON, token by connect", json_codec, "connect"),
  by_socket("WebSocket, CBOR", cbor_codec, "header", JSON.stringify),
  by_http("event stream", {
    subscribe: async (ask, { channel }) => code_of(await ask("GET", `/api/events?channel=${escaped(channel)}`)),
  }),
  by_http("long poll", {
    subscribe: async (ask, { channel, position }) =>
      code_of(await ask("GET", `/api/messages/subscribe?channel=${escaped(channel)}&after=${position}&timeout=0`)),
  }),
  by_http("polling", {
    subscribe: async (ask, { channel, position }) =>
      code_of(await ask("GET", `/api/messages?channel=${escaped(channel)}&after=${position}`)),
    history: async (ask, { channel }) => code_of(await ask("GET", `/api/messages?channel=${escaped(channel)}`)),
  }),
  by_http("HTTP API", {
    publish: async (ask, { channel, data }) => code_of(await ask("POST", "/api/messages", { channel, data })),
  }),
  by_http("HTTP API, the channel in the query", {
    publish: async (ask, { channel, data }) => code_of(await ask("POST", `/api/messages?channel=${escaped(channel)}`, data)),
  }),
  by_http("HTTP API, an array", { publish: publish_in_array }),
  by_http("commands over HTTP", {
    publish: (ask, { channel, data }) => command(ask, { type: "message", channel, data }),
    ephemeral: (ask, { channel, data }) => command(ask, { type: "ephemeral", channel, data }),
    history: (ask, { channel }) => command(ask, { type: "history", channel }),
  }),
];
