// Real reverse proxies in front of a server: nginx and HAProxy, each in a folder of its own.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { userInfo } from "node:os";
import { join } from "node:path";
import { temporary_folder } from "./folder.mjs";
import { soon, until } from "./wait.mjs";

const most_attempts = 5;

/**
 * nginx with these locations.
 * @param {import("node:test").TestContext} context
 * @param {string} locations
 * @param {string} [user]   whom its workers run as, where the test is root
 * @returns {Promise<string>} its URL
 */
export function start_nginx(context, locations, user = userInfo().username) {
  const folder = temporary_folder();
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  const config = (/** @type {number} */ port) => `
    ${process.getuid?.() === 0 ? `user ${user};` : ""}
    daemon off;
    pid ${folder}/pid;
    error_log stderr;
    events {}
    http {
      access_log off;
      ${temporary.map((each) => `${each}_temp_path ${folder}/${each};`).join("\n")}
      server {
        listen 127.0.0.1:${port};
        ${locations}
      }
    }`;
  const file = join(folder, "nginx.conf");
  return start(context, "nginx", ["-e", "stderr", "-p", folder, "-c", file], file, config);
}

/**
 * HAProxy with this configuration, which listens on `:80`.
 * @param {import("node:test").TestContext} context
 * @param {string} text
 * @returns {Promise<string>} its URL
 */
export function start_haproxy(context, text) {
  const file = join(temporary_folder(), "haproxy.cfg");
  const config = (/** @type {number} */ port) => text.replace("bind :80", `bind 127.0.0.1:${port}`);
  return start(context, "haproxy", ["-db", "-f", file], file, config);
}

/**
 * The port is free when it is chosen; should somebody else take it first, another is tried.
 * @param {import("node:test").TestContext} context
 * @param {string} program
 * @param {string[]} words
 * @param {string} file
 * @param {(port: number) => string} config
 */
async function start(context, program, words, file, config) {
  let log = "";
  for (let attempt = 0; attempt < most_attempts; attempt++) {
    const port = await free_port();
    writeFileSync(file, config(port));
    const child = spawn(program, words, { stdio: ["ignore", "ignore", "pipe"] });
    child.stderr.setEncoding("utf8").on("data", (text) => (log += text));
    let over = false;
    const ended = new Promise((resolve, reject) => {
      child.once("close", resolve);
      child.once("error", reject);
    }).finally(() => (over = true));
    ended.catch((error) => (log += String(error)));
    context.after(async () => {
      child.kill("SIGTERM");
      await soon(ended, { what: () => `${program} to end; it said:\n${log}` }).finally(() => child.kill("SIGKILL"));
    });
    await until(
      async () => over || (await accepts(port)), { what: () => `${program} to listen; it said:\n${log}` }
    );
    if (!over) return `http://127.0.0.1:${port}`;
  }
  return assert.fail(`${program} did not start: is it installed? It said:\n${log}`);
}

/** @returns {Promise<number>} */
function free_port() {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
      server.close(() => resolve(port));
    });
  });
}

/** @param {number} port @returns {Promise<boolean>} */
function accepts(port) {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}
