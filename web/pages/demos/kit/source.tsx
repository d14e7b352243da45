// A demo's source, one click away: its README and its files as they were built.
import { useEffect, useRef, useState } from "preact/hooks";

const files = import.meta.glob<string>("../*/*.{md,ts,tsx}", { query: "?raw", import: "default" });

/** README first, then the page, then the rest. */
function paths_of(demo: string): string[] {
  const rank = (path: string) => (path.endsWith(".md") ? 0 : path.endsWith("main.tsx") ? 1 : 2);
  return Object.keys(files)
    .filter((path) => path.startsWith(`../${demo}/`))
    .sort((first, second) => rank(first) - rank(second) || first.localeCompare(second));
}

export function SourceButton({ demo }: { demo: string }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const paths = paths_of(demo);
  const [path, set_path] = useState<string>();
  const [text, set_text] = useState("");
  useEffect(() => {
    if (path) files[path]!().then(set_text, () => set_text("The file could not be loaded."));
  }, [path]);

  function open() {
    set_path(path ?? paths[0]);
    dialog.current?.showModal();
  }

  return (
    <>
      <button type="button" onClick={open}>Source</button>
      <dialog ref={dialog} class="source" aria-label="Source of this demo" onClick={(event) => event.target === dialog.current && dialog.current?.close()}>
        <header>
          <div class="files" role="group" aria-label="Files">
            {paths.map((each) => (
              <button key={each} type="button" class="small" aria-pressed={each === path} onClick={() => set_path(each)}>
                {each.split("/").at(-1)}
              </button>
            ))}
          </div>
          <button type="button" class="small" onClick={() => dialog.current?.close()}>Close</button>
        </header>
        <pre tabIndex={0} aria-label="Text of the file"><code>{text}</code></pre>
      </dialog>
    </>
  );
}
