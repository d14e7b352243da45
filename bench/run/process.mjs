// Programs that run during a measurement, each on its own cpu.
import { spawn } from "node:child_process";
import { createServer, connect } from "node:net";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";

export const root = resolve(fileURLToPath(import.meta.url), "../../..");
export const build = join(root, "build/bench");

const patience_ms = 20_000;
const look_every_ms = 10;

/**
 * Where a server runs.
 * @typedef {object} Place
 * @property {number | undefined} cpu   undefined: wherever the kernel likes
 * @property {string} folder            its own, empty, removed afterwards
 * @property {string[]} words           more of its command line
 * @property {import("./certificate.mjs").Certificate} [tls]   speak TLS with it
 *
 * @typedef {object} Running
 * @property {number} port
 * @property {number} pid
 * @property {() => string} output
 * @property {() => Promise<void>} stop
 */

/** @type {Set<import("node:child_process").ChildProcess>} */
const running = new Set();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) process.once(signal, () => process.exit(130));

/** @param {number | undefined} cpu @param {string} program @param {string[]} words */
function pinned(cpu, program, words) {
  return cpu === undefined ? { program, words } : { program: "taskset", words: ["-c", String(cpu), program, ...words] };
}

/** @param {number | undefined} cpu @param {string} program @param {string[]} words @param {string} cwd */
function launch(cpu, program, words, cwd) {
  const command = pinned(cpu, program, words);
  const child = spawn(command.program, command.words, { cwd, stdio: ["ignore", "pipe", "pipe"] });
  running.add(child);
  const texts = { output: "", errors: "" };
  child.stdout.setEncoding("utf8").on("data", (text) => (texts.output += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (texts.errors = (texts.errors + text).slice(-20_000)));
  /** @type {Promise<number | null>} */
  const ended = new Promise((done) => {
    child.once("error", (error) => {
      texts.errors += String(error);
      done(null);
    });
    child.once("close", (code) => done(code));
  }).then((code) => {
    running.delete(child);
    return /** @type {number | null} */ (code);
  });
  return { child, texts, ended };
}

/**
 * Starts a server and waits until it listens: on `port`, or where it says `listening on http(s)://…`.
 * @param {Place} place @param {string} program @param {string[]} words @param {number} [port]
 * @returns {Promise<Running>}
 */
export async function serve(place, program, words, port) {
  const { child, texts, ended } = launch(place.cpu, program, words, place.folder);
  const said = () => texts.output + texts.errors;
  let over = false;
  void ended.then(() => (over = true));
  const deadline = performance.now() + patience_ms;
  for (;;) {
    const announced = port ?? (Number(said().match(/listening on https?:\/\/[^\s"]*:(\d+)/)?.[1]) || undefined);
    if (announced !== undefined && (await accepts(announced))) {
      return { port: announced, pid: child.pid ?? 0, output: said, stop: () => stop(child, ended) };
    }
    if (over || performance.now() > deadline) {
      await stop(child, ended);
      throw new Error(`${program} did not start; it said:\n${said()}`);
    }
    await pause(look_every_ms);
  }
}

/** @param {import("node:child_process").ChildProcess} child @param {Promise<unknown>} ended */
async function stop(child, ended) {
  child.kill("SIGTERM");
  const alarm = setTimeout(() => child.kill("SIGKILL"), 2_000);
  await ended;
  clearTimeout(alarm);
}

/**
 * Runs a program to its end.
 * @param {number | undefined} cpu @param {string} program @param {string[]} words
 */
export async function run(cpu, program, words) {
  const { texts, ended } = launch(cpu, program, words, root);
  return { code: await ended, ...texts };
}

/** @returns {Promise<number>} */
export function free_port() {
  return new Promise((done, fail) => {
    const server = createServer().once("error", fail);
    server.listen(0, "127.0.0.1", () => {
      const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
      server.close(() => done(port));
    });
  });
}

/** @param {number} port @returns {Promise<boolean>} */
function accepts(port) {
  return new Promise((done) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("error", () => done(false)).once("connect", () => {
      socket.destroy();
      done(true);
    });
  });
}
