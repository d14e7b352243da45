// When this device is elsewhere in the network: connections between browsers then need new addresses.

/** Returns what ends it. */
export function watchMoves(onMoved: () => void): () => void {
  const connection = (globalThis.navigator as { connection?: EventTarget & { type?: string } } | undefined)?.connection;
  let type = connection?.type;
  const changed = () => {
    // It tells of every new estimate too.
    if (connection?.type === type) return;
    type = connection?.type;
    onMoved();
  };
  globalThis.addEventListener?.("online", onMoved);
  connection?.addEventListener?.("change", changed);
  return () => {
    globalThis.removeEventListener?.("online", onMoved);
    connection?.removeEventListener?.("change", changed);
  };
}
