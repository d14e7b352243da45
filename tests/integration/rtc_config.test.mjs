// What clients are told for their calls: for whom, for how long, and that the relay takes it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { bearer, config as access, token_for } from "../support/back_end.mjs";
import { metric } from "../support/metrics.mjs";
import { start_server } from "../support/server.mjs";
import { StunClient } from "../support/stun.mjs";
import { now_s, token_of } from "../support/tokens.mjs";

const secret = "0123456789abcdef0123456789abcdef";
const turn = `[turn]
listen = ["127.0.0.1:0"]
secret = "${secret}"
allowed_peers = ["127.0.0.0/8"]
`;

/** @param {import("../support/server.mjs").Server} server @param {object} [headers] */
const ask = (server, headers = {}) => server.http.get("/api/rtc/config", /** @type {any} */ (headers));

test("the credential opens the relay that the URLs name, and belongs to the user", async (context) => {
  const server = await start_server(context, { config: access + turn });
  const [, port] = await server.logged(/listening on turn:127\.0\.0\.1:(\d+)/);
  const reply = await ask(server, bearer(token_for({ sub: "ann:b" })));
  assert.equal(reply.status, 200);
  assert.equal(reply.headers["cache-control"], "no-store");
  const { iceServers, ...rest } = reply.json;
  assert.equal(rest.iceTransportPolicy, "all");
  const [stun, relay] = iceServers;
  assert.deepEqual(stun, { urls: [`stun:127.0.0.1:${port}`] });
  const place = `turn:127.0.0.1:${port}`;
  assert.deepEqual(relay.urls, [`${place}?transport=udp`, `${place}?transport=tcp`]);
  const [, expiry, name] = /^(\d+):(.*)$/.exec(relay.username) ?? [];
  assert.equal(name, "ann:b");
  assert.ok(Number(expiry) <= now_s() + 3600 && Number(expiry) > now_s() + 3000, expiry);
  assert.ok(rest.ttl_s > 3000 && rest.ttl_s <= 3600, "no longer than the token");

  const user = { name: relay.username, password: relay.credential };
  const client = await new StunClient({ ip: "127.0.0.1", port: Number(port) }, user).open(context);
  assert.equal((await client.allocate()).error, 0);
  assert.equal(await metric(server.http, "carillon_turn_allocations"), 1);
  const forger = { name: `${now_s() + 9}:eve`, password: relay.credential };
  const other = await new StunClient({ ip: "127.0.0.1", port: Number(port) }, forger).open(context);
  assert.equal((await other.allocate()).error, 401);
});

test("it is for those who may come in", async (context) => {
  const closed = await start_server(context, { config: access + turn });
  assert.equal((await ask(closed)).status, 401);
  assert.equal((await ask(closed, bearer(token_of({ sub: "ann", exp: now_s() - 60 })))).status, 401);
  assert.equal((await ask(closed, bearer(token_for({ sub: "ann", channels: {} })))).status, 200);

  const open = await start_server(context, {
    config: `${turn}[rtc]\ncredential_s = 600\n[access]\nanonymous = ["subscribe"]\norigins = ["https://a.example"]\n`,
  });
  const reply = await ask(open, { origin: "https://a.example" });
  assert.equal(reply.headers["access-control-allow-origin"], "https://a.example");
  assert.equal(reply.json.ttl_s, 600);
  assert.match(reply.json.iceServers[1].username, /^\d+:127\.0\.0\.1$/);

  const alone = await start_server(context);
  assert.deepEqual((await ask(alone)).json, { iceServers: [], iceTransportPolicy: "all", ttl_s: 86_400 });
  assert.equal((await ask(alone, { "x-forwarded-for": "192.0.2.1" })).status, 403);
});

test("how often one address asks is bounded as for any call", async (context) => {
  const limits = "[limits]\nexempt = []\naddress_requests_per_s = 1\nburst_s = 1\n";
  const server = await start_server(context, { config: limits });
  const statuses = [];
  for (let i = 0; i < 5; ++i) statuses.push((await ask(server)).status);
  assert.equal(statuses[0], 200);
  assert.ok(statuses.includes(429), String(statuses));
});

test("relays elsewhere are named in place of ours", async (context) => {
  const environment = {
    CARILLON_RTC_TURN_URLS: "turn:x.example:3478?transport=udp,turns:x.example:443?transport=tcp",
    CARILLON_RTC_STUN_URLS: "stun:y.example",
    CARILLON_RTC_TURN_SECRET: "short",
    CARILLON_RTC_ICE_TRANSPORT_POLICY: "relay",
  };
  const server = await start_server(context, { environment });
  const { iceServers, iceTransportPolicy } = (await ask(server)).json;
  assert.equal(iceTransportPolicy, "relay");
  assert.deepEqual(iceServers[0], { urls: ["stun:y.example"] });
  assert.deepEqual(iceServers[1].urls, environment.CARILLON_RTC_TURN_URLS.split(","));
});
