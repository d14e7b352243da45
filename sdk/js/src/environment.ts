// What a browser or worker knows about the network and the page; in Node there is nothing to hear.

export interface NetworkWatcher {
  /** The network is back, changed, or the page is seen again. */
  onChange(): void;
  onOffline(): void;
}

/** Returns what ends it. */
export function watchNetwork(watcher: NetworkWatcher): () => void {
  const changed = () => watcher.onChange();
  const offline = () => watcher.onOffline();
  const visible = () => {
    if (globalThis.document?.visibilityState === "visible") watcher.onChange();
  };
  const connection = (globalThis.navigator as { connection?: EventTarget } | undefined)?.connection;
  const heard: [EventTarget | undefined, string, () => void][] = [
    [globalThis as unknown as EventTarget, "online", changed],
    [globalThis as unknown as EventTarget, "offline", offline],
    // A page that comes back out of the browser's cache has lost its connections.
    [globalThis as unknown as EventTarget, "pageshow", visible],
    [globalThis.document, "visibilitychange", visible],
    [connection, "change", changed],
  ];
  const there = heard.filter(([target]) => typeof target?.addEventListener === "function");
  for (const [target, name, listener] of there) target!.addEventListener(name, listener);
  return () => {
    for (const [target, name, listener] of there) target!.removeEventListener(name, listener);
  };
}
