// Builds the package as it is published: node sdk/js/build.mjs OUTPUT-FOLDER. Modules for import and
// require, each with its types; one file for a script tag; source maps for all.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

const sdk = dirname(fileURLToPath(import.meta.url));
const [output] = process.argv.slice(2).map((path) => resolve(path));
const dist = join(output, "dist");

/** Declarations for one kind of modules. */
function make_types(folder) {
  const words = ["--project", join(sdk, "tsconfig.types.json"), "--outDir", folder];
  const types = spawnSync(join(sdk, "node_modules/.bin/tsc"), words, { stdio: "inherit" });
  if (types.status !== 0) process.exit(1);
  // TypeScript leaves the imports as they are in the sources.
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (!name.endsWith(".d.ts")) continue;
    const path = join(folder, name);
    writeFileSync(path, readFileSync(path, "utf8").replace(/(from "\.[^"]*)\.ts"/g, '$1.js"'));
  }
}

function make_bundle(entry, options) {
  buildSync({
    entryPoints: [join(sdk, "src", entry)],
    bundle: true,
    sourcemap: true,
    target: ["es2022"],
    legalComments: "none",
    logLevel: "warning",
    ...options,
  });
}

rmSync(output, { recursive: true, force: true });
for (const [folder, format, type] of [["esm", "esm", "module"], ["cjs", "cjs", "commonjs"]]) {
  mkdirSync(join(dist, folder), { recursive: true });
  make_bundle("index.ts", { outfile: join(dist, folder, "index.js"), format });
  writeFileSync(join(dist, folder, "package.json"), `${JSON.stringify({ type })}\n`);
  make_types(join(dist, folder));
}
// Names by which only the client's own parts know each other; no platform or protocol has them.
const mangleProps = new RegExp(`^(${[
  "on[A-Z].*", "(feeds|listeners|wanted)Changed", "was(Silent|Uncertain)",
  "is(Degraded|Extended|Gone|Heard|Long|Mine|Polled|Public|Serial|Shown|Uncertain|Useful|Wanted)",
  "activate", "canRenew", "climbed", "descend", "explain", "factories", "forgive", "hasGap", "hasListeners",
  "mendToken", "mostBytes", "newKey", "nextUpgradeMs", "notContiguous", "progressed", "publishedCount", "pump",
  "repeatedCount", "settled", "surroundings", "timeoutMs", "tokenRenewed", "urlOf", "usefulMs",
].join("|")})$`);
make_bundle("global.ts", { outfile: join(dist, "carillon.min.js"), format: "iife", minify: true, mangleProps });

const manifest = JSON.parse(readFileSync(join(sdk, "package.json"), "utf8"));
// What builds and tests it is nobody else's: the package depends on nothing.
for (const own of ["scripts", "devDependencies", "optionalDependencies"]) delete manifest[own];
writeFileSync(join(output, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
cpSync(join(sdk, "README.md"), join(output, "README.md"));
