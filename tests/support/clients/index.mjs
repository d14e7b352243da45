// All transports behind one door.
import { open_long_polling, open_polling } from "./http_polling.mjs";
import { open_sse } from "./sse.mjs";
import { open_websocket } from "./websocket.mjs";

const openers = {
  polling: open_polling,
  "long polling": open_long_polling,
  sse: open_sse,
  websocket: open_websocket,
};

/** @typedef {keyof typeof openers} Transport */

export const transports = /** @type {Transport[]} */ (Object.keys(openers));

/**
 * @param {Transport} transport
 * @param {import("./client.mjs").ClientOptions} options
 * @returns {import("./client.mjs").Client}
 */
export function open_client(transport, options) {
  return openers[transport](options);
}
