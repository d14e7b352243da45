// The server of nghttp2 itself, with a file as small as what Carillon answers.
import { execFileSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { free_port, serve } from "../run/process.mjs";

const binary = "/usr/sbin/nghttpd";

/** @type {import("../run/peers.mjs").Peer} */
export default {
  name: "nghttpd",
  version: () => execFileSync(binary, ["--version"], { encoding: "utf8" }).trim(),
  dialects: { get: { path: "/healthz" } },

  async start(place) {
    const port = await free_port();
    writeFileSync(join(place.folder, "healthz"), '{"status":"ok"}\n');
    const tls = place.tls ? [place.tls.key, place.tls.certificate] : ["--no-tls"];
    const options = tls.filter((word) => word.startsWith("--"));
    const files = tls.filter((word) => !word.startsWith("--"));
    return serve(place, binary, ["--address", "127.0.0.1", "--htdocs", place.folder, ...options, String(port), ...files], port);
  },

  cannot: () => (existsSync(binary) ? undefined : "nghttp2-server is not installed"),
};
