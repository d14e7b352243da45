// Addresses are relative to the page, so that the server may live under any prefix.

export type Query = Record<string, string | undefined>;

/** Where the server's paths begin, with a slash at the end: pages say how far up that is. */
export function server_root(): string {
  const meta = document.querySelector<HTMLMetaElement>('meta[name="root"]');
  return new URL(meta?.content ?? "./", document.baseURI).href;
}

/** The address of `path` with those members of `query` that are there. */
export function endpoint(path: string, query: Query = {}): string {
  const url = new URL(path, server_root());
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(name, value);
  }
  return url.href;
}

export function websocket_endpoint(query: Query = {}): string {
  return endpoint("ws", query).replace(/^http/, "ws");
}
