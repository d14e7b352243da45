// What the server counts, read from its /metrics.
import assert from "node:assert/strict";

/**
 * The sum of a family's samples, over all reactors, that have these labels.
 * @param {import("./http.mjs").HttpClient} http
 * @param {string} name
 * @param {Record<string, string>} [labels]
 */
export async function metric(http, name, labels = {}) {
  const reply = await http.get("/metrics");
  assert.equal(reply.status, 200, reply.text);
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  const samples = reply.text
    .split("\n")
    .filter((line) => line.startsWith(`${name}{`) && wanted.every((label) => line.includes(label)));
  assert.ok(samples.length > 0, `no sample of ${name} with ${JSON.stringify(labels)}`);
  return samples.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" ") + 1)), 0);
}
