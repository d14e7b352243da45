// Nothing lost, nothing twice, where tokens end under way: five readers over four transports, behind a
// network that fails, each with tokens that end again and again and are renewed.
// It takes long.
import assert from "node:assert/strict";
import { test } from "node:test";
import { judge } from "../support/checker.mjs";
import { transports } from "../support/clients/index.mjs";
import { FaultProxy, random_plan } from "../support/fault_proxy.mjs";
import { HttpClient } from "../support/http.mjs";
import { metric } from "../support/metrics.mjs";
import { Random, run_seed } from "../support/random.mjs";
import { start_server } from "../support/server.mjs";
import { secret, token_of } from "../support/tokens.mjs";
import { TravellingReader } from "../support/travelling_reader.mjs";
import { until } from "../support/wait.mjs";

/** @typedef {import("../support/server.mjs").Server} Server */

const key = "the key of a back end, 32 characters or more";
const config = `[access]
anonymous = []
token_secret = "${secret}"
token_leeway_s = 0
[api_key.back_end]
secret = "${key}"
scopes = ["publish", "history"]
`;
const channel = "chat:numbers";
const life_s = 0.8;
const renewal_count = 5;
/** Readers are at most so far behind what is published: all of it stays in the history. */
const longest_lag_count = 100;

/** Tokens of one user: each ends soon, and then there is another. */
class ShortPassport {
  /** How many have ended, or were about to. */
  renewals = -1;
  #token = "";
  #ends_ms = 0;

  /** @param {string} user */
  constructor(user) {
    this.user = user;
  }

  valid() {
    return Date.now() < this.#ends_ms ? this.#token : this.renewed();
  }

  is_worn() {
    return Date.now() > this.#ends_ms - life_s * 500;
  }

  renewed() {
    const now_s = Date.now() / 1000;
    this.renewals++;
    this.#ends_ms = (now_s + life_s) * 1000;
    this.#token = token_of({ sub: this.user, exp: now_s + life_s, channels: { "chat:*": ["subscribe"] } });
    return this.#token;
  }
}

/** The same, but on a connection that stays it is not renewed in time. */
class CarelessPassport extends ShortPassport {
  is_worn() {
    return false;
  }
}

/**
 * Publishes as fast as the slowest reader reads, until all have had their renewals.
 * @param {Server} server @param {Random} random @param {TravellingReader[]} readers @param {ShortPassport[]} passports
 */
async function publish_until_renewed(server, random, readers, passports) {
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  const published = [];
  while (passports.some(({ renewals }) => renewals < renewal_count)) {
    const items = Array.from({ length: random.between(1, 12) }, (_, index) => ({ channel, data: { number: published.length + index } }));
    const reply = await server.http.request("POST", "/api/messages", { headers, body: JSON.stringify(items) });
    assert.equal(reply.status, 200, reply.text);
    published.push(...items.map(({ data }, index) => ({ ...reply.json[index], data })));
    await until(() => readers.every(({ messages }) => messages.length > published.length - longest_lag_count), {
      what: () => `readers to follow: ${readers.map(({ name, messages }) => `${name} ${messages.length}`)} of ${published.length}`,
    });
  }
  return published;
}

test("tokens end and are renewed, and everyone hears everything once and in order", { timeout: 200_000 }, async (context) => {
  const seed = run_seed();
  context.diagnostic(`CARILLON_TEST_SEED=${seed}`);
  const random = new Random(seed);
  const server = await start_server(context, { config });
  const proxy = await FaultProxy.start(context, server.url, () => random_plan(random));
  const goal = { count: Infinity };
  const start = await position_now(context, server);
  const passports = [...transports, "the one that changes"].map((name) =>
    name === "websocket" ? new ShortPassport(name) : new CarelessPassport(name));
  const readers = passports.map((passport) => {
    const choices = transports.filter((each) => each === passport.user);
    return new TravellingReader(passport.user, {
      choices: choices.length > 0 ? choices : transports, channel, start, random, goal, passport, silence_limit_ms: 400 });
  });

  const over = new AbortController();
  const publishing = publish_until_renewed(server, random, readers, passports).then((published) => {
    goal.count = published.length;
    return published;
  });
  const [published] = await Promise.all([publishing, ...readers.map((reader) => reader.read_all(proxy.url, over.signal))])
    .finally(() => over.abort());
  for (const [index, reader] of readers.entries()) {
    const verdict = judge(published, reader.messages);
    assert.ok(verdict.ok, `${reader.name}: ${verdict.text}`);
    context.diagnostic(`${reader.name}: ${verdict.text}, ${passports[index].renewals} renewals, ${reader.resume_count} connections`);
  }
  assert.ok(await metric(server.http, "carillon_http_refusals_total", { rule: "token" }) > 0, "some came with what had ended");
});

/** @param {import("node:test").TestContext} context @param {Server} server */
async function position_now(context, server) {
  const http = new HttpClient(server.url);
  context.after(() => http.close());
  const reply = await http.get(`/api/messages?channel=${channel}&limit=1`, { authorization: `Bearer ${key}` });
  assert.equal(reply.status, 200, reply.text);
  return String(reply.headers["carillon-position"]);
}
