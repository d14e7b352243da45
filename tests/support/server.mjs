// Starts the real server for a test, and fails the test when it ends badly.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HttpClient } from "./http.mjs";
import { patience_ms, soon, until } from "./wait.mjs";

const kept_log_bytes = 256 * 1024;
const announcement = /listening on (https?:\/\/[^\s"]+|unix:[^\s"]+)/g;
const sanitizer_report = /(ERROR|WARNING|SUMMARY): \w*Sanitizer|runtime error:/;

/** Servers that still run: they must not outlive the tests. @type {Set<Server>} */
const running = new Set();
process.on("exit", () => {
  for (const server of running) server.kill();
});

/**
 * @typedef {object} ServerOptions
 * @property {string[]} [listen]       in the order of `addresses`; `unix` stands for a socket in the
 *                                     test's own folder. Port 0 lets the system choose
 * @property {string} [config]         text of carillon.toml
 * @property {number} [reactors]
 * @property {string[]} [args]         more of the command line
 * @property {Record<string, string>} [environment]
 * @property {string[]} [under]        a command that runs the server, put in front of it
 * @property {string} [program]        one that uses the library, instead of the server: its settings
 *                                     travel in the environment
 */

/**
 * Starts a server and stops it after the test.
 * @param {import("node:test").TestContext} context
 * @param {ServerOptions} [options]
 */
export async function start_server(context, options = {}) {
  const server = new Server(options);
  context.after(() => server.stop());
  await server.listening();
  return server;
}

export class Server {
  /** What the process wrote to standard error; of a long log only the end. */
  log = "";
  /** `http://…`, `https://…` and `unix:…`, in the order in which they were announced. @type {string[]} */
  addresses = [];
  /** @type {Promise<{ code: number | null, signal: NodeJS.Signals | null }>} */
  exited;
  #process;
  #folder = mkdtempSync(join(tmpdir(), "carillon-test-"));
  #wanted_count;
  #stopped = false;
  /** @type {HttpClient | undefined} */
  #http;

  /** @param {ServerOptions} options */
  constructor(options) {
    const listen = options.listen ?? ["127.0.0.1:0"];
    this.#wanted_count = listen.length;
    const command = options.program ? [options.program] : [server_binary(), ...this.#arguments(listen, options)];
    const [program, ...words] = [...(options.under ?? []), ...command];
    this.#process = spawn(program, words, {
      cwd: this.#folder,
      env: { ...process.env, ...(options.program ? library_settings(listen, options) : {}), ...options.environment },
      stdio: ["ignore", "inherit", "pipe"],
    });
    running.add(this);
    this.#process.stderr.setEncoding("utf8").on("data", (text) => this.#on_log(text));
    this.exited = new Promise((resolve) => {
      this.#process.once("close", (code, signal) => {
        running.delete(this);
        resolve({ code, signal });
      });
      this.#process.once("error", (error) => {
        this.log += String(error);
        resolve({ code: null, signal: null });
      });
    });
  }

  get pid() {
    return /** @type {number} */ (this.#process.pid);
  }

  /** The first TCP address, without a slash at the end. */
  get url() {
    const url = this.addresses.find((address) => address.startsWith("http"));
    assert.ok(url, "this server listens on no TCP address");
    return url;
  }

  /** The first Unix socket's path. */
  get unix_path() {
    const address = this.addresses.find((each) => each.startsWith("unix:"));
    assert.ok(address, "this server listens on no Unix socket");
    return address.slice("unix:".length);
  }

  /** A folder of this server's own, removed after the test. */
  get folder() {
    return this.#folder;
  }

  /** Requests to the first TCP address. */
  get http() {
    return (this.#http ??= new HttpClient(this.url));
  }

  /**
   * Ends the server as an operator would and checks how it went. A second call does nothing.
   * @param {{ expect_signal?: NodeJS.Signals, expect_code?: number }} [options] where the test itself
   *     killed the server, or made it exit in another way
   */
  async stop(options = {}) {
    if (this.#stopped) return;
    this.#stopped = true;
    try {
      await this.#http?.close();
      this.#process.kill("SIGTERM");
      const end = await soon(this.exited, { what: () => `the server to stop; it said:\n${this.log}` });
      assert.doesNotMatch(this.log, sanitizer_report, "a sanitizer reported");
      const expected = options.expect_signal
        ? { code: null, signal: options.expect_signal }
        : { code: options.expect_code ?? 0, signal: null };
      assert.deepEqual(end, expected, `the server ended badly; it said:\n${this.log}`);
    } finally {
      this.kill();
      rmSync(this.#folder, { recursive: true, force: true });
    }
  }

  /** Sends a signal and returns at once. @param {NodeJS.Signals} [signal] */
  kill(signal = "SIGKILL") {
    this.#process.kill(signal);
  }

  /** Waits until the log shows `pattern`. @param {RegExp} pattern */
  async logged(pattern) {
    return until(() => this.log.match(pattern), { what: () => `${pattern} in the log:\n${this.log}` });
  }

  /** Waits until all addresses are announced. */
  async listening() {
    let over = false;
    void this.exited.then(() => (over = true));
    await until(() => over || this.addresses.length >= this.#wanted_count, {
      what: () => `the server to listen; it said:\n${this.log}`,
      within_ms: patience_ms,
    });
    assert.ok(!over, `the server did not start; it said:\n${this.log}`);
  }

  /** @param {string[]} listen @param {ServerOptions} options */
  #arguments(listen, options) {
    const reactors = options.reactors ?? Number(process.env.CARILLON_TEST_REACTORS ?? 1);
    const words = ["serve", "--reactors", String(reactors)];
    for (const address of listen) {
      words.push("--listen", address === "unix" ? `unix:${join(this.#folder, "socket")}` : address);
    }
    if (options.config !== undefined) {
      const path = join(this.#folder, "carillon.toml");
      writeFileSync(path, options.config);
      words.push("--config", path);
    }
    return [...words, ...(options.args ?? [])];
  }

  /** @param {string} text */
  #on_log(text) {
    this.log = (this.log + text).slice(-kept_log_bytes);
    if (this.addresses.length < this.#wanted_count) {
      this.addresses = [...this.log.matchAll(announcement)].map(([, address]) => address.replace(/\/$/, ""));
    }
  }
}

/** @param {string[]} listen @param {ServerOptions} options @returns {Record<string, string>} */
function library_settings(listen, options) {
  return {
    CARILLON_SERVER_LISTEN: listen.join(","),
    PROBE_REACTORS: String(options.reactors ?? process.env.CARILLON_TEST_REACTORS ?? 1),
  };
}

/** The program that uses the library in every way. */
export function library_probe() {
  const path = process.env.CARILLON_LIBRARY_PROBE;
  assert.ok(path, "set CARILLON_LIBRARY_PROBE to the program, e.g. build/dev/library_probe");
  return path;
}

/** The program that says itself who its clients are. */
export function access_probe() {
  const path = process.env.CARILLON_LIBRARY_ACCESS_PROBE;
  assert.ok(path, "set CARILLON_LIBRARY_ACCESS_PROBE to the program, e.g. build/dev/access_probe");
  return path;
}

/** The program that serves Socket.IO with handlers of its own. */
export function socket_io_probe() {
  const path = process.env.CARILLON_SOCKET_IO_PROBE;
  assert.ok(path, "set CARILLON_SOCKET_IO_PROBE to the program, e.g. build/dev/socket_io_probe");
  return path;
}

/** The program under test. */
export function server_binary() {
  const path = process.env.CARILLON_BINARY;
  assert.ok(path, "set CARILLON_BINARY to the program under test, e.g. build/dev/carillon");
  return path;
}
