// What all pages share, written once: a page says `<!-- head TITLE -->` and `<!-- top CURRENT -->`, and
// gets design/head.html and design/top.html with their links made right for where the page lies.
import { readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

/** @param {string} pages the folder of all pages @returns {import("vite").Plugin} */
export function parts(pages) {
  /** @param {string} name @param {string} page @param {string} word */
  function part(name, page, word) {
    const root = relative(dirname(page), pages);
    return readFileSync(join(pages, "design", `${name}.html`), "utf8")
      .replaceAll("{root}", root === "" ? "./" : `${root}/`)
      .replaceAll("{title}", word)
      .replaceAll(`data-page="${word}"`, `data-page="${word}" aria-current="page"`);
  }
  return {
    name: "parts",
    transformIndexHtml: {
      order: "pre",
      handler: (html, { filename }) =>
        html.replaceAll(/<!-- (head|top) (.+?) -->/g, (_, name, word) => part(name, filename, word)),
    },
  };
}
