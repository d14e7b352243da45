// A network with nothing but loopback in it: WebRTC then finds these addresses alone, and finds them always.
import { execFileSync, spawnSync } from "node:child_process";

const mark = "CARILLON_OWN_NETWORK";
const set_up = 'ip link set lo up && exec "$@"';

/** Runs the whole test file again inside such a network, and ends this process with what comes of it. */
export function enter_own_network() {
  if (process.env[mark]) return;
  const [, file = ""] = process.argv;
  const again = [process.execPath, ...process.execArgv, file];
  const run = spawnSync("unshare", ["-rn", "sh", "-c", set_up, "sh", ...again], {
    stdio: "inherit", env: { ...process.env, [mark]: "1" },
  });
  if (run.error) throw new Error(`unshare (util-linux) and ip (iproute2) are needed: ${run.error.message}`);
  process.exit(run.status ?? 1);
}

/** The command ip(8), inside. @param {...string} words */
export function ip(...words) {
  execFileSync("ip", words, { stdio: ["ignore", "ignore", "inherit"] });
}
