// All transports behind one door.
import { open_long_polling, open_polling } from "./http_polling.mjs";
import { open_socketio } from "./socketio.mjs";
import { open_sse } from "./sse.mjs";
import { open_websocket } from "./websocket.mjs";

const openers = {
  polling: open_polling,
  "long polling": open_long_polling,
  sse: open_sse,
  websocket: open_websocket,
  socketio: open_socketio,
};

/** @typedef {keyof typeof openers} Transport */

export const every_transport = /** @type {Transport[]} */ (Object.keys(openers));
/** Those of our own protocol. */
export const transports = every_transport.filter((transport) => transport !== "socketio");

/**
 * @param {Transport} transport
 * @param {import("./client.mjs").ClientOptions} options
 * @returns {import("./client.mjs").Client}
 */
export function open_client(transport, options) {
  return openers[transport](options);
}
