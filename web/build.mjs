// Builds the site: node web/build.mjs OUTPUT-FOLDER. Types are checked first, for Vite only drops them.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { parts } from "./parts.mjs";

const web = dirname(fileURLToPath(import.meta.url));
const pages = join(web, "pages");
const [output] = process.argv.slice(2).map((path) => resolve(path));

const types = spawnSync(join(web, "node_modules/.bin/tsc"), ["--project", web], { stdio: "inherit" });
if (types.status !== 0) process.exit(1);

const entries = readdirSync(pages, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith("index.html"));
await build({
  configFile: false,
  root: pages,
  // Relative: the server may live under any prefix.
  base: "./",
  logLevel: "warn",
  plugins: [parts(pages)],
  resolve: {
    alias: [
      { find: /^@carillon\/client$/, replacement: join(web, "../sdk/js/src/index.ts") },
      { find: /^@carillon\/client\/call$/, replacement: join(web, "../sdk/js/src/call/index.ts") },
    ],
  },
  build: {
    outDir: output,
    emptyOutDir: true,
    target: ["chrome111", "firefox111", "safari16.4"],
    // The Content-Security-Policy allows neither data: URLs nor scripts in the page.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: entries.map((path) => join(pages, path)),
      checks: { bundlerTimings: false },
    },
  },
});
