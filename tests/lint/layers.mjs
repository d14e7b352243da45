// Holds every include line, and every link between CMake targets, against the picture in
// docs/ARCHITECTURE.md. There is no list of exceptions.
import path from "node:path";
import { files, finish, read } from "./files.mjs";

/** What a folder below src/ may include besides itself and core. @type {Record<string, string[]>} */
const allowed = {
  core: [],
  "protocol/http1": [],
  "protocol/http2": [],
  "protocol/websocket": [],
  "protocol/json": [],
  "protocol/json_schema": ["protocol/json"],
  "protocol/cbor": [],
  "protocol/native": ["protocol/json", "protocol/cbor"],
  "protocol/engineio": [],
  "protocol/sse": [],
  "protocol/proxy": [],
  "protocol/stun": [],
  "protocol/turn": ["protocol/stun"],
  "protocol/socketio": ["protocol/json"],
  net: [],
  hub: [],
  access: [],
  cluster: ["hub", "net", "protocol/"],
  outgoing: ["net", "protocol/"],
  backend: ["net", "protocol/", "outgoing"],
  client: ["net", "protocol/", "outgoing"],
  "cluster/durable": ["hub", "net", "cluster"],
  "transport/common": ["hub", "net", "access", "protocol/", "outgoing", "backend"],
  "transport/socketio": ["hub", "net", "access", "protocol/", "transport/common", "transport/websocket"],
  transport: ["hub", "net", "access", "protocol/", "transport/common"],
  server: ["hub", "net", "access", "protocol/", "outgoing", "backend", "cluster", "cluster/", "transport/", "web"],
  facade: ["carillon", "facade", "facade/socket_io", "hub", "net", "access", "protocol/", "cluster", "cluster/", "transport/", "server"],
};

const modules = Object.keys(allowed).sort((left, right) => right.length - left.length);

/** `transport/sse` is a module of its own with the rules of `transport`. @param {string} folder */
function rulesOf(folder) {
  return modules.find((module) => folder === module || folder.startsWith(`${module}/`));
}

/** @param {string} from @param {string} to */
function isAllowed(from, to) {
  if (to === from || to === "core") return true;
  return allowed[rulesOf(from) ?? ""].some((entry) =>
    entry.endsWith("/") ? to.startsWith(entry) : to === entry);
}

const problems = [];
for (const file of files(/^src\/.*\.(cpp|hpp)$/)) {
  const folder = path.dirname(file).slice("src/".length);
  if (rulesOf(folder) === undefined) {
    problems.push(`${file}: the folder is in no layer; add it to tests/lint/layers.mjs`);
    continue;
  }
  read(file).split("\n").forEach((line, index) => {
    const target = line.match(/^#include "(.+)\/[^/]+"/)?.[1];
    if (line.startsWith('#include "') && target === undefined) {
      problems.push(`${file}:${index + 1}: includes are written from src/`);
    } else if (target !== undefined && !isAllowed(folder, target)) {
      problems.push(`${file}:${index + 1}: ${folder} may not include ${target}`);
    }
  });
}

// The public headers know each other alone; what uses them knows nothing else of the project.
for (const file of files(/^(include|examples|tests\/programs)\/.*\.(cpp|hpp)$/)) {
  for (const [, name] of read(file).matchAll(/^#include ["<]([^">]+\/[^">]+)[">]/gm)) {
    if (!name.startsWith("carillon/")) problems.push(`${file}: includes ${name}`);
  }
}

/** Targets that are not named after their folder. @type {Record<string, string>} */
const special = { carillon_config: "server", carillon_web_assets: "web" };

/** The folder of a target: carillon_transport_sse → transport/sse. @param {string} target */
function folderOf(target) {
  if (special[target]) return special[target];
  const name = target.slice("carillon_".length);
  return name.replace(/^(transport|protocol|cluster)_/, "$1/");
}

for (const file of files(/^src\/.*CMakeLists\.txt$/)) {
  for (const [, name, body] of read(file).matchAll(/carillon_module\((\w+)([^)]*)\)/g)) {
    const from = folderOf(`carillon_${name}`);
    const depends = body.split("DEPENDS")[1] ?? "";
    for (const [target] of depends.matchAll(/carillon_\w+/g)) {
      if (!isAllowed(from, folderOf(target))) {
        problems.push(`${file}: carillon_${name} may not depend on ${target}`);
      }
    }
  }
}

finish(problems, "every include and every link goes downwards");
