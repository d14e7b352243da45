// Waiting with a bound: for a condition or a promise, never for a length of time.
import { setTimeout as pause } from "node:timers/promises";

const look_every_ms = 5;
/** What nothing on this machine should ever take, sanitizers and two busy cores included. */
export const patience_ms = 30_000;

/**
 * Waits until `condition` gives something true, and returns that.
 * @template Value
 * @param {() => Value | Promise<Value>} condition
 * @param {{ what: string | (() => string), within_ms?: number }} options `what` ends the error's sentence
 * @returns {Promise<Exclude<Value, false | undefined | null | 0 | "">>}
 */
export async function until(condition, { what, within_ms = patience_ms }) {
  const deadline = performance.now() + within_ms;
  for (;;) {
    const value = await condition();
    if (value) return /** @type {any} */ (value);
    if (performance.now() > deadline) throw too_late(what, within_ms);
    await pause(look_every_ms);
  }
}

/**
 * The promise's value, or an error when it takes too long.
 * @template Value
 * @param {Promise<Value>} promise
 * @param {{ what: string | (() => string), within_ms?: number }} options
 * @returns {Promise<Value>}
 */
export async function soon(promise, { what, within_ms = patience_ms }) {
  const alarm = new AbortController();
  const late = pause(within_ms, undefined, { signal: alarm.signal }).then(() => {
    throw too_late(what, within_ms);
  });
  late.catch(() => {});
  try {
    return await Promise.race([promise, late]);
  } finally {
    alarm.abort();
  }
}

/** @param {string | (() => string)} what @param {number} within_ms */
function too_late(what, within_ms) {
  return new Error(`waited ${within_ms} ms for ${typeof what === "function" ? what() : what}`);
}
