// @carillon/client behind a network that fails, over each transport and over whatever works.
// It takes long.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { random_plan } from "../support/fault_proxy.mjs";
import { Random, run_seed } from "../support/random.mjs";
import { publish_and_hear } from "../support/sdk_run.mjs";

const transports = ["websocket", "sse", "longpoll", "polling"];

/** A plan by chance that ends the connection sooner or later. @param {Random} random @returns {import("../support/fault_proxy.mjs").Plan} */
function mortal_plan(random) {
  const plan = random_plan(random);
  if (!plan.cut && !plan.black_hole) plan.cut = { direction: "down", after_bytes: random.between(1, 12_000) };
  return plan;
}

// They wait for most of their time, each with a server and a network of its own.
describe("behind a network that fails", { concurrency: 4 }, () => {
  test("over a slow network", { timeout: 200_000 }, async (context) => {
    await publish_and_hear(context, () => ({ delay_ms: 5 }));
  });

  test("over pieces of a few bytes", { timeout: 200_000 }, async (context) => {
    await publish_and_hear(context, () => ({ trickle: { bytes: 5, for_bytes: 2_000 } }));
  });

  for (const transport of transports) {
    test(`over ${transport}, cut in the middle of frames`, { timeout: 200_000 }, async (context) => {
      const random = new Random(run_seed());
      const { proxy } = await publish_and_hear(context, () => ({
        cut: { direction: random.chance(0.7) ? "down" : "up", after_bytes: random.between(600, 25_000) },
      }), { transports: [transport] });
      assert.ok(proxy.connection_count > 4, "they had to come back");
    });

    test(`over ${transport}, while the client's address changes`, { timeout: 200_000 }, async (context) => {
      const { proxy } = await publish_and_hear(context, () => ({}), { transports: [transport] }, (proxy, count) => {
        if (count % 400 === 0) proxy.strand();
      });
      assert.ok(proxy.connection_count > 5, "they had to come back");
    });
  }

  test("over connections that fall silent", { timeout: 200_000 }, async (context) => {
    const random = new Random(run_seed());
    await publish_and_hear(context, (index) => index % 2 === 0
      ? { black_hole: { direction: random.chance(0.5) ? "down" : "up", after_bytes: random.between(500, 40_000) } }
      : {});
  });

  test("over everything that a network can do", { timeout: 200_000 }, async (context) => {
    const seed = run_seed();
    context.diagnostic(`CARILLON_TEST_SEED=${seed}`);
    const random = new Random(seed);
    const { proxy } = await publish_and_hear(context, () => mortal_plan(random));
    assert.ok(proxy.connection_count > 10, "they had to come back");
  });
});
