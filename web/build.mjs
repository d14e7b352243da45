// Builds the site: node web/build.mjs OUTPUT-FOLDER. Types are checked first, for esbuild only drops them.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { dirname, extname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

const web = dirname(fileURLToPath(import.meta.url));
const pages = join(web, "pages");
const [output] = process.argv.slice(2).map((path) => resolve(path));

const types = spawnSync(join(web, "node_modules/.bin/tsc"), ["--project", web], { stdio: "inherit" });
if (types.status !== 0) process.exit(1);
rmSync(output, { recursive: true, force: true });
mkdirSync(output, { recursive: true });

buildSync({
  entryPoints: [join(pages, "live.ts"), join(pages, "live.css")],
  outdir: output,
  bundle: true,
  minify: true,
  format: "esm",
  target: ["chrome111", "firefox111", "safari16.4"],
  legalComments: "none",
  logLevel: "warning",
});
for (const name of readdirSync(pages)) {
  if ([".html", ".svg", ".webmanifest"].includes(extname(name))) cpSync(join(pages, name), join(output, name));
}
