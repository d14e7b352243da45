// Every C++ file is as clang-format wants it; `./dev format` makes it so.
import { execFileSync } from "node:child_process";
import { files, root } from "./files.mjs";

const sources = files(/^(src|apps|tests|fuzz|bench)\/.*\.(cpp|hpp)$/);
try {
  execFileSync("clang-format-19", ["--dry-run", "-Werror", ...sources], { cwd: root, stdio: "inherit" });
  console.log(`${sources.length} files are formatted`);
} catch {
  console.log("run ./dev format");
  process.exitCode = 1;
}
