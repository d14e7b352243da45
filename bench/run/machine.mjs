// What the figures were measured on.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import os from "node:os";
import { build, root } from "./process.mjs";

/** @typedef {ReturnType<typeof machine>} Machine */

/** @param {string} program @param {string[]} words */
function said(program, words) {
  try {
    return execFileSync(program, words, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return "unknown";
  }
}

/** @param {string} path */
const line = (path) => (existsSync(path) ? readFileSync(path, "utf8").trim() : "unknown");

export function machine() {
  return {
    cpu: `${os.cpus().length} × ${os.cpus()[0]?.model ?? "unknown"}`,
    memory_gib: Math.round(os.totalmem() / 2 ** 30),
    virtual: said("systemd-detect-virt", []),
    kernel: os.release(),
    system: line("/etc/os-release").match(/PRETTY_NAME="(.*)"/)?.[1] ?? "unknown",
    congestion_control: line("/proc/sys/net/ipv4/tcp_congestion_control"),
    system_call_us: said(`${build}/bench_floor`, ["--calibrate"]),
    compiler: said("c++", ["--version"]).split("\n")[0],
    revision: said("git", ["rev-parse", "--short", "HEAD"]),
  };
}
