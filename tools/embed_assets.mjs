// Writes assets.S and assets.cpp, which carry a folder's files inside a program.
// Usage: node tools/embed_assets.mjs FOLDER OUTPUT-FOLDER
// The bytes go through the assembler's .incbin: a compiler would take seconds per megabyte.
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { extname, join, resolve } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

/** @type {Record<string, string>} */
const media_types = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".map": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".webmanifest": "application/manifest+json",
  ".woff2": "font/woff2",
};

/**
 * @typedef {{ path: string, media_type: string, etag: string, forms: Record<string, Buffer> }} Asset
 */

/** The compressed form, or nothing where it would not save a tenth. @param {Buffer} compressed @param {Buffer} bytes */
function worthwhile(compressed, bytes) {
  return compressed.length < bytes.length * 0.9 ? compressed : Buffer.alloc(0);
}

/** @param {string} folder @param {string} path @returns {Asset} */
function read_asset(folder, path) {
  const media_type = media_types[extname(path)];
  if (!media_type) throw new Error(`no media type is known for ${path}: add it to embed_assets.mjs`);
  const bytes = readFileSync(join(folder, path));
  const brotli_options = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
  return {
    path,
    media_type,
    etag: createHash("sha256").update(bytes).digest("hex").slice(0, 20),
    forms: {
      bytes,
      gzip: worthwhile(gzipSync(bytes, { level: 9 }), bytes),
      brotli: worthwhile(brotliCompressSync(bytes, brotli_options), bytes),
    },
  };
}

/**
 * Writes each form beside the sources and returns the assembler text that includes them all.
 * @param {Asset[]} assets @param {string} output
 */
function assemble(assets, output) {
  const lines = ['  .section .rodata'];
  assets.forEach((asset, index) => {
    for (const [form, content] of Object.entries(asset.forms)) {
      const file = join(output, `${index}.${form}`);
      writeFileSync(file, content);
      lines.push(`  .global carillon_asset_${index}_${form}`, `carillon_asset_${index}_${form}:`);
      lines.push(`  .incbin ${JSON.stringify(file)}`, "  .byte 0");
    }
  });
  return lines.join("\n") + "\n";
}

/** The C++ text of the table. @param {Asset[]} assets */
function declare(assets) {
  /** @type {string[]} */
  const externs = [];
  /** @type {string[]} */
  const rows = [];
  assets.forEach((asset, index) => {
    const views = Object.entries(asset.forms).map(([form, content]) => {
      externs.push(`extern const char carillon_asset_${index}_${form}[];`);
      return `{carillon_asset_${index}_${form}, ${content.length}}`;
    });
    const text = [asset.path, asset.media_type, `"${asset.etag}"`].map((each) => JSON.stringify(each));
    rows.push(`    {${[...text, ...views].join(", ")}},`);
  });
  return `// Written by tools/embed_assets.mjs.
#include "web/assets.hpp"

extern "C" {
${externs.join("\n")}
}

namespace carillon::web {

std::span<const Asset> assets() noexcept {
  static const Asset table[] = {
${rows.join("\n")}
  };
  return table;
}

}  // namespace carillon::web
`;
}

const [folder, output] = process.argv.slice(2).map((path) => resolve(path));
mkdirSync(output, { recursive: true });
const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
  .sort();
const assets = paths.map((path) => read_asset(folder, path));
writeFileSync(join(output, "assets.S"), assemble(assets, output));
writeFileSync(join(output, "assets.cpp"), declare(assets));
