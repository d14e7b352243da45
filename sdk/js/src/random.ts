// Names that nobody else has.

export function randomText(): string {
  // Node 18 has no global `crypto`. The keys need not be secret, only different.
  const octets = globalThis.crypto?.getRandomValues(new Uint8Array(12))
    ?? Uint8Array.from({ length: 12 }, () => Math.random() * 256);
  return Array.from(octets, (octet) => octet.toString(16).padStart(2, "0")).join("");
}
