// The library's `echo` example, which sends back every message it gets.
import { existsSync } from "node:fs";
import { listen_variables } from "../run/certificate.mjs";
import { build, root, serve } from "../run/process.mjs";

const binary = [build, `${root}/build/release`]
  .map((folder) => `${folder}/examples/echo`)
  .find((path) => existsSync(path));

/** @type {import("../run/peers.mjs").Peer} */
export default {
  name: "Carillon's echo example",
  version: () => "as built here",
  dialects: { echo: { path: "/echo" } },
  start: (place) =>
    serve(place, "env", [...listen_variables(place.tls), String(binary)]),
  cannot: () => (binary ? undefined : "examples/echo is not built"),
};
