// One server after the other over one data directory, as an operator's restarts are.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporary_folder } from "./folder.mjs";
import { Server, start_server } from "./server.mjs";

export class Restarts {
  /** The data directory. */
  data_dir;
  #context;

  /** @param {import("node:test").TestContext} context */
  constructor(context) {
    this.#context = context;
    this.data_dir = join(temporary_folder(), "data");
  }

  /** Where the history is. */
  get history() {
    return join(this.data_dir, "history");
  }

  /**
   * @param {string} history   lines of `[history]`
   * @param {import("./server.mjs").ServerOptions} [options]
   */
  start(history, options = {}) {
    return start_server(this.#context, this.#options(history, options));
  }

  /** A start that must fail: what it said. @param {string} history @param {import("./server.mjs").ServerOptions} [options] */
  async refused(history, options = {}) {
    const server = new Server(this.#options(history, options));
    const { code } = await server.exited;
    await server.stop({ expect_code: 1 });
    return { code, log: server.log };
  }

  /** @param {string} history @param {import("./server.mjs").ServerOptions} options */
  #options(history, options) {
    return {
      ...options,
      config: `[history]\n${history}\n${options.config ?? ""}`,
      args: ["--data-dir", this.data_dir, ...(options.args ?? [])],
    };
  }
}

/** Ends a server as a power switch would, but for the machine. @param {Server} server */
export async function kill(server) {
  server.kill("SIGKILL");
  await server.exited;
  await server.stop({ expect_signal: "SIGKILL" });
}

/** Writes another configuration and asks the server to read it. @param {Server} server @param {string} config */
export function reload(server, config) {
  writeFileSync(join(server.folder, "carillon.toml"), config);
  server.kill("SIGHUP");
}
