// Whatever a client does, over whichever transport, the same rule answers it with the same code.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { temporary_folder } from "../support/folder.mjs";
import { Server } from "../support/server.mjs";
import { now_s, secret, token_of } from "../support/tokens.mjs";
import { ways_in } from "../support/ways_in.mjs";

/** @typedef {import("../support/ways_in.mjs").Action} Action */

const key = "the key of a back end, 32 characters or more";
const publishing = /** @type {Action[]} */ (["publish", "ephemeral"]);
const every = /** @type {Action[]} */ ([...publishing, "subscribe", "history"]);
const fine = { text: "hi" };

/**
 * @typedef {object} Case
 * @property {string} code       what it is answered
 * @property {Action[]} actions  that it means anything to
 * @property {(user: string) => string | undefined} [token]
 * @property {string} [channel]
 * @property {unknown} [data]
 * @property {boolean} [again]   done again and again, until it is refused
 */
const may_chat = { "chat:*": ["subscribe", "publish", "history"] };
const good = (/** @type {string} */ sub) => token_of({ sub, exp: now_s() + 3600, channels: may_chat });

/** @type {Record<string, Case>} */
const cases = {
  "allowed": { code: "ok", actions: every },
  "no token": { code: "unauthenticated", actions: every, token: () => undefined },
  "expired": { code: "unauthenticated", actions: every, token: (sub) => token_of({ sub, exp: now_s() - 60, channels: may_chat }) },
  "wrong channel": { code: "forbidden", actions: every, channel: "news" },
  "wrong user": { code: "forbidden", actions: every, channel: "user:somebody-else" },
  "only for back ends": { code: "forbidden", actions: every, channel: "chat-admin:a" },
  "no channel's name": { code: "bad_request", actions: every, channel: "no channel" },
  "over the rate": { code: "rate_limited", actions: every, again: true },
  "too large": { code: "too_large", actions: publishing, data: { text: "x".repeat(200) } },
  "bad schema": { code: "invalid", actions: publishing, data: { text: 7 } },
};

const server_only = ["subscribe", "publish", "history", "ephemeral"].map((action) => `allow_${action} = "server"`).join("\n");
const config = (/** @type {string} */ schema) => `[access]
anonymous = []
token_secret = "${secret}"
token_leeway_s = 0
[namespace.chat]
schema = "${schema}"
publication_bytes = 128
[namespace.chat-admin]
${server_only}
[channels]
subscriptions_per_session = 2
[limits]
exempt = []
burst_s = 1
messages_per_s = 8
subscribes_per_s = 4
history_reads_per_s = 4
address_requests_per_s = 20
breaches = 0
[api_key.back_end]
secret = "${key}"
`;

/** @param {() => Promise<string>} act */
async function until_refused(act) {
  for (let i = 0; i < 100; ++i) {
    const code = await act();
    if (code !== "ok") return code;
  }
  return "never refused";
}

describe("the same answer on every transport:", { concurrency: 4 }, () => {
  const folder = temporary_folder();
  const schema = join(folder, "chat.json");
  writeFileSync(schema, JSON.stringify({ type: "object", required: ["text"], properties: { text: { type: "string" } } }));
  const server = new Server({ config: config(schema) });
  let position = "";
  before(async () => {
    await server.listening();
    const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
    const reply = await server.http.request("POST", "/api/messages", { headers, body: JSON.stringify({ channel: "chat:a", data: fine }) });
    position = `${reply.json.epoch}:${reply.json.offset}`;
  });
  after(() => server.stop());

  let number = 0;
  for (const way of ways_in) {
    for (const action of way.actions) {
      for (const [name, { code, actions, token = good, channel = "chat:a", data = fine, again }] of Object.entries(cases)) {
        if (!actions.includes(action)) continue;
        // Each is another user from another address, so that none uses up what is another's.
        const cell = ++number;
        test(`${way.name}: ${action}: ${name}`, async (context) => {
          const who = { token: token(`user-${cell}`), address: `127.1.${cell >> 8}.${(cell & 255) || 255}` };
          const act = (await way.enter(context, server, who))(action);
          const what = { channel, position, data };
          assert.equal(again ? await until_refused(() => act(what)) : await act(what), code);
        });
      }
    }
  }
});
