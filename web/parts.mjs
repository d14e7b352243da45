// What all pages share, written once: a page says `<!-- head TITLE -->` and `<!-- top CURRENT -->`, and
// gets design/head.html and design/top.html with their links made right for where the page lies. A demo's
// page says `<!-- demo TITLE: DESCRIPTION -->` and nothing else: all of it is design/demo.html.
import { readFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";

/** @param {string} pages the folder of all pages @returns {import("vite").Plugin} */
export function parts(pages) {
  /** @param {string} name */
  const read = (name) => readFileSync(join(pages, "design", `${name}.html`), "utf8");
  /** @param {string} name @param {string} page @param {string} word */
  function part(name, page, word) {
    const root = relative(dirname(page), pages);
    return read(name)
      .replaceAll("{root}", root === "" ? "./" : `${root}/`)
      .replaceAll("{title}", word)
      .replaceAll(`data-page="${word}"`, `data-page="${word}" aria-current="page"`);
  }
  /** @param {string} page @param {string} title @param {string} description */
  function demo(page, title, description) {
    return read("demo")
      .replaceAll("{demo}", basename(dirname(page)))
      .replaceAll("{title}", title)
      .replaceAll("{description}", description);
  }
  return {
    name: "parts",
    transformIndexHtml: {
      order: "pre",
      handler: (html, { filename }) =>
        html
          .replace(/^<!-- demo (.+?): (.+) -->$/m, (_, title, description) => demo(filename, title, description))
          .replaceAll(/<!-- (head|top) (.+?) -->/g, (_, name, word) => part(name, filename, word)),
    },
  };
}
