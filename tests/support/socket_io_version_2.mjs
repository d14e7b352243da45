// Socket.IO's own client of version 2 (Engine.IO 3), unmodified.
import { createRequire } from "node:module";
import { soon } from "./wait.mjs";

const io = createRequire(import.meta.url)("socket.io-client-2");

/**
 * @typedef {{ id: string, connected: boolean, io: any, emit: Function, on: Function, once: Function, disconnect: Function }} OldSocket
 */

/** @param {import("node:test").TestContext} context @param {string} url @param {object} [options] @returns {OldSocket} */
export function dial(context, url, options = {}) {
  const socket = io(url, { forceNew: true, reconnection: false, ...options });
  context.after(() => void socket.disconnect());
  return socket;
}

/** @param {OldSocket} socket @param {string} event @returns {Promise<any[]>} */
export const next = (socket, event) =>
  soon(new Promise((resolve) => void socket.once(event, (/** @type {any[]} */ ...values) => resolve(values))), {
    what: `the event ${event}`,
  });

/** @param {import("node:test").TestContext} context @param {string} url @param {object} [options] */
export async function connect(context, url, options) {
  const socket = dial(context, url, options);
  await next(socket, "connect");
  return socket;
}

/** What an acknowledgement says. @param {OldSocket} socket @param {any[]} words @returns {Promise<any[]>} */
export const ask = (socket, ...words) =>
  soon(new Promise((resolve) => void socket.emit(...words, (/** @type {any[]} */ ...values) => resolve(values))), {
    what: `the answer to ${words[0]}`,
  });
