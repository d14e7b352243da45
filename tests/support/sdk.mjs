// The built @carillon/client, with times that suit tests: a fault is noticed in a second, not in a minute.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** The folder of the package, as it is published. */
export function sdk_folder() {
  const folder = process.env.CARILLON_SDK;
  assert.ok(folder && existsSync(folder), "CARILLON_SDK is the built package: ninja carillon_sdk");
  return folder;
}

export const sdk = await import(pathToFileURL(join(sdk_folder(), "dist/esm/index.js")).href);

/** What a test can wait for. */
export const quick_timings = {
  proofMs: 2_000,
  provenMs: 1_000,
  pingMs: 400,
  pongMs: 800,
  silenceMs: 1_500,
  holdMs: 1_000,
  pollMs: 20,
  rosterMs: 50,
  requestMs: 2_000,
  backoffFirstMs: 20,
  backoffLongestMs: 300,
  upgradeFirstMs: 400,
  upgradeLongestMs: 1_000,
};

/**
 * A client that is closed after the test.
 * @param {import("node:test").TestContext} context @param {string} url @param {Record<string, any>} [options]
 */
export function open_sdk(context, url, options = {}) {
  const { timings, ...rest } = options;
  const client = new sdk.Carillon(url, { timings: { ...quick_timings, ...timings }, ...rest });
  context.after(() => client.close());
  return client;
}

/** Everything that a channel tells, in the order in which it does. @param {any} channel */
export function record(channel) {
  /** @type {{ messages: any[], gaps: any[], ephemerals: any[], errors: any[], told: any[] }} */
  const heard = { messages: [], gaps: [], ephemerals: [], errors: [], told: [] };
  const lists = { message: heard.messages, gap: heard.gaps, ephemeral: heard.ephemerals, error: heard.errors };
  for (const [name, list] of Object.entries(lists)) {
    channel.on(name, (/** @type {any} */ event) => {
      list.push(event);
      heard.told.push({ name, event });
    });
  }
  return heard;
}

/** Resolves when the channel is heard. @param {any} channel */
export function subscribed(channel) {
  return new Promise((resolve, reject) => {
    channel.on("subscribed", resolve);
    channel.on("error", reject);
  });
}

/** Everything that a channel's presence tells. @param {any} presence */
export function record_presence(presence) {
  /** @type {{ told: any[], errors: any[] }} */
  const heard = { told: [], errors: [] };
  for (const event of ["join", "leave", "update"]) {
    presence.on(event, (/** @type {any} */ member) => heard.told.push({ event, ...member }));
  }
  presence.on("error", (/** @type {any} */ error) => heard.errors.push(error));
  return heard;
}
