// A position, `epoch:offset`, is right behind a message; a position list has one per channel.

export interface Position {
  epoch: string;
  offset: number;
}

const form = /^([a-z0-9]{1,16}):(\d{1,16})$/;

export function parsePosition(text: unknown): Position | undefined {
  const match = typeof text === "string" ? form.exec(text) : null;
  return match ? { epoch: match[1]!, offset: Number(match[2]) } : undefined;
}

export function formatPosition(position: Position): string {
  return `${position.epoch}:${position.offset}`;
}

/** `-` stands for none. */
export function formatPositions(positions: readonly (string | undefined)[]): string {
  return positions.map((position) => position ?? "-").join(",");
}

/** One for each channel, or none at all where it is no such list. */
export function parsePositions(text: string | null | undefined, count: number): (string | undefined)[] | undefined {
  const parts = text?.split(",") ?? [];
  if (parts.length !== count || parts.some((part) => part !== "-" && !form.test(part))) return undefined;
  return parts.map((part) => (part === "-" ? undefined : part));
}
