// Relative links in the documents must lead somewhere.
import { existsSync } from "node:fs";
import path from "node:path";
import { files, finish, read, root } from "./files.mjs";

/** The anchor of a heading as forges make it. @param {string} heading */
function anchor(heading) {
  return heading.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, "").trim().replaceAll(" ", "-");
}

/** @param {string} text */
function anchorsOf(text) {
  return new Set([...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchor(heading)));
}

const problems = [];
for (const file of files(/\.md$/)) {
  const text = read(file).replace(/```[\s\S]*?```/g, "");
  for (const [, target] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
    if (/^[a-z]+:/.test(target)) continue;
    const [link, fragment] = target.split("#");
    const aim = link === "" ? file : path.join(path.dirname(file), link);
    if (!existsSync(path.join(root, aim))) {
      problems.push(`${file}: ${target} leads nowhere`);
    } else if (fragment && !anchorsOf(read(aim)).has(fragment)) {
      problems.push(`${file}: ${target}: no such heading`);
    }
  }
}
finish(problems, "every link leads somewhere");
