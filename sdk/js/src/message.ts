// What applications hear, and how it is read from the wire's objects.
import { formatPosition } from "./position.ts";

export interface Publisher {
  user?: string;
  client?: string;
}

export interface Message<Data = any> {
  channel: string;
  epoch: string;
  offset: number;
  /** Right behind this message: `after` for somebody who has it. */
  position: string;
  /** Milliseconds since 1970, with three decimals; strictly rising in a channel. */
  timestamp: number;
  /** Any JSON, or a Uint8Array where the data is binary. */
  data: Data;
  from?: Publisher;
  /** The conflation key. */
  key?: string;
}

export interface Ephemeral<Data = any> {
  channel: string;
  data: Data;
  from?: Publisher;
}

/** Messages are missing here; what follows `position` is contiguous again. */
export interface Gap {
  channel: string;
  /** The last position before it, where there was one. */
  from: string | undefined;
  position: string;
  /** How many are missing, where that can be known: in one epoch. */
  missedCount: number | undefined;
}

/** An object of the protocol. Whatever else it holds, members are checked where they are used. */
export interface Wire {
  type?: string;
  id?: unknown;
  channel?: unknown;
  [member: string]: unknown;
}

export function parseWire(text: string): Wire | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function isObject(value: unknown): value is Wire {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function readMessage(wire: Wire): Message | undefined {
  const { channel, epoch, offset, timestamp, from, key } = wire;
  if (typeof channel !== "string" || typeof epoch !== "string") return undefined;
  if (typeof offset !== "number" || typeof timestamp !== "number") return undefined;
  const message: Message = {
    channel, epoch, offset, position: formatPosition({ epoch, offset }), timestamp, data: readData(wire),
  };
  if (isObject(from)) message.from = from as Publisher;
  if (typeof key === "string") message.key = key;
  return message;
}

export function readEphemeral(wire: Wire): Ephemeral | undefined {
  const { channel, from } = wire;
  if (typeof channel !== "string") return undefined;
  const ephemeral: Ephemeral = { channel, data: readData(wire) };
  if (isObject(from)) ephemeral.from = from as Publisher;
  return ephemeral;
}

function readData({ data, encoding }: Wire): unknown {
  if (encoding !== "base64" || typeof data !== "string") return data;
  return Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
}
