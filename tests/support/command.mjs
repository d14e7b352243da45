// The program under test as a command that somebody runs: its lines, its end, its signals.
import { spawn } from "node:child_process";
import { server_binary } from "./server.mjs";
import { soon, until } from "./wait.mjs";

const sanitizer_report = /(ERROR|WARNING|SUMMARY): \w*Sanitizer|runtime error:/;

/**
 * Starts the program; it is killed after the test if it still runs.
 * @param {import("node:test").TestContext} context
 * @param {string[]} words
 * @param {{ server?: string, input?: string, environment?: Record<string, string> }} [options] `input`
 *     is all of standard input; without it, the test writes and ends `stdin` itself
 */
export function start_command(context, words, options = {}) {
  const command = new RunningCommand(words, options);
  context.after(() => command.kill("SIGKILL"));
  if (options.input !== undefined) command.stdin.end(options.input);
  return command;
}

/**
 * Runs the program to its end.
 * @param {import("node:test").TestContext} context @param {string[]} words
 * @param {{ server?: string, input?: string, environment?: Record<string, string> }} [options]
 */
export async function run_command(context, words, options = {}) {
  const command = start_command(context, words, { input: "", ...options });
  return { code: await command.ended(), output: command.output, errors: command.errors };
}

export class RunningCommand {
  output = "";
  errors = "";
  #process;
  /** @type {Promise<{ code: number | null, signal: string | null }>} */
  #exited;
  #words;

  /** @param {string[]} words @param {{ server?: string, environment?: Record<string, string> }} options */
  constructor(words, { server, environment }) {
    this.#words = words;
    this.#process = spawn(server_binary(), words, {
      env: { ...process.env, ...(server ? { CARILLON_URL: server } : {}), ...environment },
      stdio: ["pipe", "pipe", "pipe"],
    });
    this.#process.stdin.on("error", () => {});
    this.#process.stdout.setEncoding("utf8").on("data", (text) => (this.output += text));
    this.#process.stderr.setEncoding("utf8").on("data", (text) => (this.errors += text));
    this.#exited = new Promise((resolve) => {
      this.#process.once("exit", (code, signal) => resolve({ code, signal }));
    });
  }

  get stdin() {
    return this.#process.stdin;
  }
  get stdout() {
    return this.#process.stdout;
  }

  /** Whole lines of standard output so far. */
  get lines() {
    return this.output.split("\n").slice(0, -1);
  }
  /** Whole lines of standard error so far, each a JSON object. @returns {any[]} */
  get notices() {
    return this.errors.split("\n").slice(0, -1).map((line) => JSON.parse(line));
  }

  /** @param {NodeJS.Signals} signal */
  kill(signal) {
    this.#process.kill(signal);
  }

  /** Waits until so many lines are there. @param {number} count @param {number} [within_ms] */
  async printed(count, within_ms) {
    await until(() => this.lines.length >= count, {
      what: () => `${count} lines of ${this.#words.join(" ")}; ${this.lines.length} came, and:\n${this.errors}`,
      within_ms,
    });
  }

  /** Waits for its end and returns the exit code. */
  async ended() {
    const end = await soon(this.#exited, {
      what: () => `${this.#words.join(" ")} to end; it said:\n${this.output}${this.errors}`,
    });
    if (end.signal) throw new Error(`${this.#words.join(" ")} was killed by ${end.signal}:\n${this.errors}`);
    if (sanitizer_report.test(this.errors)) throw new Error(`a sanitizer reported:\n${this.errors}`);
    return end.code;
  }
}
