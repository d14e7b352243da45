// Which room a page is in.

/** The room that the address names behind its `#`: everybody with the same address meets there. */
export function room_of(hash: string): string {
  const name = hash.replace(/^#/, "").toLowerCase();
  return /^[a-z0-9-]{1,32}$/.test(name) ? name : "lobby";
}
