// Fenced blocks of the project's own documents, so that what they show is what is tested.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

const root = new URL("../../", import.meta.url);

/**
 * The texts of the blocks that begin with exactly this fence line, in their order; at least one.
 * @param {string} document  from the project's root
 * @param {string} fence     what stands after the backquotes
 */
export function fenced_blocks(document, fence) {
  const text = readFileSync(new URL(document, root), "utf8");
  const blocks = [...text.matchAll(/^```([^\n]*)\n([\s\S]*?)^```$/gm)]
    .filter(([, info]) => info === fence)
    .map(([, , body]) => body);
  assert.ok(blocks.length > 0, `${document} has no block that begins with \`\`\`${fence}`);
  return blocks;
}
