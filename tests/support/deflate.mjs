// permessage-deflate (RFC 7692) of one message, each with a context of its own.
import { constants, deflateRawSync, inflateRawSync } from "node:zlib";

const tail = Buffer.from([0, 0, 0xff, 0xff]);

/** A payload as a client compresses it. @param {string | Uint8Array} payload @param {number} [window_bits] */
export function deflate(payload, window_bits = 15) {
  const options = { finishFlush: constants.Z_SYNC_FLUSH, windowBits: window_bits };
  return deflateRawSync(/** @type {any} */ (payload), options).subarray(0, -tail.length);
}

/** Fails where the sender looked back further than its window. @param {Uint8Array} payload @param {number} [window_bits] */
export function inflate(payload, window_bits = 15) {
  const options = { finishFlush: constants.Z_SYNC_FLUSH, windowBits: window_bits };
  return inflateRawSync(Buffer.concat([payload, tail]), options);
}

/** Text that compresses about as JSON does. @param {number} size */
export function sample(size, seed = 1) {
  let written = "";
  for (let id = seed; written.length < size; id = (id * 48_271) % 2_147_483_647) written += `item ${id}, `;
  return written.slice(0, size);
}
