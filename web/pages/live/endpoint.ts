// Addresses are relative to the page, so that the server may live under any prefix.

/** The address of `path` with those members of `query` that are there. */
export function endpoint(path: string, query: Record<string, string | undefined> = {}): string {
  const url = new URL(path, document.baseURI);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(name, value);
  }
  return url.href;
}

export function websocket_endpoint(): string {
  return endpoint("ws").replace(/^http/, "ws");
}
