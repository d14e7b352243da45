// The same smoke test over every kind of address and through real proxies, with exactly the
// configuration that docs/deploy.md shows.
import assert from "node:assert/strict";
import { chmodSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { open_client, transports } from "../support/clients/index.mjs";
import { fenced_blocks } from "../support/documents.mjs";
import { temporary_folder } from "../support/folder.mjs";
import { run_program } from "../support/program.mjs";
import { start_haproxy, start_nginx } from "../support/proxy_program.mjs";
import { start_server } from "../support/server.mjs";
import { soon, until } from "../support/wait.mjs";

const [server_config, unix_config, forwarded_config] = fenced_blocks("docs/deploy.md", "toml");
const [nginx_locations, nginx_locations_below_prefix, nginx_locations_unix] = fenced_blocks("docs/deploy.md", "nginx");
const [unit_settings] = fenced_blocks("docs/deploy.md", "ini");
const haproxy_config =
  fenced_blocks("docs/deploy.md", "text").find((block) => block.startsWith("defaults\n")) ?? "";
const forwarding_config =
  haproxy_config.slice(0, haproxy_config.indexOf("frontend")) +
  fenced_blocks("docs/deploy.md", "text").find((block) => block.includes("send-proxy-v2"));

/**
 * @typedef {object} Way
 * @property {string} url
 * @property {string} [socket_path]
 */

/** Publishes as people do, by curl. @param {Way} way @param {unknown} data */
async function publish({ url, socket_path }, data) {
  const over = socket_path ? ["--unix-socket", socket_path] : [];
  const words = ["-sS", "--fail-with-body", "--max-time", "20", ...over, "-d", JSON.stringify(data)];
  const { code, output, errors } = await run_program("curl", [...words, `${url}/api/messages?channel=smoke`]);
  assert.equal(code, 0, errors + output);
  return JSON.parse(output);
}

/** @param {Way} way */
async function smoke(way) {
  const { epoch } = await publish(way, { number: 1 });
  await publish(way, { number: 2 });
  const options = { ...way, channel: "smoke", after: `${epoch}:1` };
  const clients = transports.map((transport) => open_client(transport, options));
  /** @type {string[]} */
  const ends = [];
  for (const [index, client] of clients.entries()) {
    void client.ended.then((reason) => ends.push(`${transports[index]} has ended: ${reason}`));
  }
  const heard = (/** @type {number} */ index, /** @type {number} */ count) =>
    until(() => clients[index].messages.length === count, {
      what: () => [`message ${count} over ${transports[index]}`, ...ends].join("; "),
    });
  try {
    for (const [index, client] of clients.entries()) {
      await soon(client.ready, { what: `${transports[index]} to be ready` });
      await heard(index, 1);
    }
    for (const number of [3, 4]) {
      await publish(way, { number });
      for (const index of clients.keys()) await heard(index, number - 1);
    }
    for (const client of clients) {
      assert.deepEqual(client.messages.map((message) => message.data.number), [2, 3, 4]);
      assert.deepEqual(client.gaps, []);
    }
  } finally {
    await Promise.all(clients.map((client) => client.close()));
  }
}

/** The configuration with the server's port in the place of 8000. @param {string} text @param {string} url */
function pointed_at(text, url) {
  assert.ok(text.includes("127.0.0.1:8000"));
  return text.replaceAll("127.0.0.1:8000", new URL(url).host);
}

test("directly over IPv4", async (context) => {
  const { url } = await start_server(context);
  await smoke({ url });
});

test("directly over IPv6", async (context) => {
  const { url } = await start_server(context, { listen: ["[::1]:0"] });
  await smoke({ url });
});

test("over a Unix socket", async (context) => {
  const { unix_path } = await start_server(context, { listen: ["unix"] });
  await smoke({ url: "http://localhost", socket_path: unix_path });
});

test("over all of them at once", async (context) => {
  const server = await start_server(context, { listen: ["127.0.0.1:0", "[::1]:0", "unix"] });
  const [first, second] = server.addresses;
  await smoke({ url: first });
  assert.equal((await publish({ url: second }, { number: 5 })).offset, 5);
  assert.equal(
    (await publish({ url: "http://localhost", socket_path: server.unix_path }, { number: 6 })).offset, 6
  );
});

test("through nginx", async (context) => {
  const server = await start_server(context, { config: server_config });
  await smoke({ url: await start_nginx(context, pointed_at(nginx_locations, server.url)) });
});

test("through nginx below a prefix", async (context) => {
  const config = `${server_config}\n[http]\nbase_path = "/live"\n`;
  const server = await start_server(context, { config });
  const url = await start_nginx(context, pointed_at(nginx_locations_below_prefix, server.url));
  await smoke({ url: `${url}/live` });
});

/** The service's words in front of a server's. @param {string} umask @param {string} group */
function as_service(umask, group) {
  const in_group = process.getuid?.() === 0 ? ["setpriv", `--regid=${group}`, "--clear-groups"] : [];
  return [...in_group, "sh", "-c", `umask ${umask}; exec "$@"`, "sh"];
}

test("through nginx over a Unix socket that its group may use", async (context) => {
  const said = (/** @type {string} */ key) => new RegExp(`^${key}=(.*)$`, "m").exec(unit_settings)?.[1] ?? "";
  const packaged_umask = /^UMask=(.*)$/m.exec(readFileSync("packaging/carillon.service", "utf8"))?.[1] ?? "";
  for (const [umask, reachable] of /** @type {[string, boolean][]} */ ([[packaged_umask, false], [said("UMask"), true]])) {
    const folder = temporary_folder();
    chmodSync(folder, 0o755);
    const path = join(folder, "socket");
    await start_server(context, { config: unix_config, listen: [`unix:${path}`], under: as_service(umask, said("Group")) });
    assert.equal(statSync(path).mode & 0o777, 0o777 & ~Number.parseInt(umask, 8));
    const locations = nginx_locations_unix.replace("/run/carillon/socket", path);
    const url = await start_nginx(context, locations, said("Group"));
    if (reachable) await smoke({ url });
    // Whoever is not root can be no other user than the server.
    else if (process.getuid?.() === 0) assert.equal((await fetch(`${url}/healthz`)).status, 502);
  }
});

test("through HAProxy", async (context) => {
  const server = await start_server(context, { config: server_config });
  await smoke({ url: await start_haproxy(context, pointed_at(haproxy_config, server.url)) });
});

test("through HAProxy with the PROXY protocol", async (context) => {
  const config = forwarded_config.replace(/^listen = .*$/m, "").replace(/127\.0\.0\.1:8000/, "127.0.0.1:0");
  const server = await start_server(context, { config });
  await smoke({ url: await start_haproxy(context, pointed_at(forwarding_config, server.url)) });
});

test("HAProxy finds its configurations valid", async () => {
  for (const config of [haproxy_config, forwarding_config]) {
    const file = join(temporary_folder(), "haproxy.cfg");
    writeFileSync(file, config);
    const { code, output, errors } = await run_program("haproxy", ["-c", "-f", file]);
    assert.equal(code, 0, output + errors);
    assert.doesNotMatch(output + errors, /WARNING/);
  }
});
