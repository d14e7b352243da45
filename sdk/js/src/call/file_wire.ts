// What is said in the data channel of one file: texts with JSON, and between `accept` and `end` its octets.
//
//   sender    {"type":"offer","id","name","size","mediaType"}   again in a new channel after a cut
//   receiver  {"type":"accept","offset"} or {"type":"cancel"}   from where it is missing
//   sender    octets …, {"type":"end","sha256"}
//   receiver  {"type":"done"} or {"type":"mismatch"}
//   either    {"type":"cancel"}
import { isObject, parseWire } from "../message.ts";

/** Of one message: what every browser's SCTP takes, and what others can slip in between. */
export const chunkBytes = 16 * 1024;
/** Read from the file at once. */
export const sliceBytes = 16 * chunkBytes;
/** Sending stops with so much in the browser's buffer … */
export const highWaterBytes = 1024 * 1024;
/** … and goes on when it has sunk to this. */
export const lowWaterBytes = 256 * 1024;
/** Largest file. */
export const mostFileBytes = 4 * 1024 ** 3;
export const mostNameCharacters = 255;
/** Offered by one member and not over: more are refused. */
export const mostIncoming = 16;
/** Of received chunks in memory, before they become part of a Blob, which browsers keep on disk. */
export const heldBytes = 4 * 1024 * 1024;

/** What is used of an RTCDataChannel. */
export type FileChannel = Pick<RTCDataChannel,
  "readyState" | "bufferedAmount" | "bufferedAmountLowThreshold" | "binaryType" | "close" |
  "addEventListener" | "removeEventListener"> & {
    send(data: string | Uint8Array<ArrayBuffer>): void;
  };

export interface FileOffer {
  type: "offer";
  /** Of the transfer, the same after a cut. */
  id: string;
  name: string;
  size: number;
  mediaType: string;
}

export type FileWord =
  | FileOffer
  | { type: "accept"; offset: number }
  | { type: "end"; sha256: string }
  | { type: "done" | "mismatch" | "cancel" };

/** Undefined where it is nothing that is known here, or not within the limits. */
export function readFileWord(text: string): FileWord | undefined {
  const word = parseWire(text);
  if (!isObject(word)) return undefined;
  const { type, offset, sha256 } = word;
  switch (type) {
    case "offer": return readOffer(word);
    case "accept": return isCount(offset) ? { type, offset } : undefined;
    case "end": return typeof sha256 === "string" ? { type, sha256 } : undefined;
    case "done":
    case "mismatch":
    case "cancel": return { type };
    default: return undefined;
  }
}

function readOffer({ id, name, size, mediaType }: Record<string, unknown>): FileOffer | undefined {
  if (typeof id !== "string" || id.length > 64 || typeof name !== "string") return undefined;
  if (!isCount(size) || size > mostFileBytes) return undefined;
  // A name, and no place to put it; nothing in it that is not seen, or turns what is seen.
  const last = name.split(/[/\\]/).at(-1)!.replace(/\p{C}/gu, "").slice(-mostNameCharacters);
  const isName = !/^\.*$/.test(last);
  return { type: "offer", id, name: isName ? last : "file", size, mediaType: typeof mediaType === "string" ? mediaType : "" };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

export function say(channel: FileChannel, word: FileWord): void {
  if (channel.readyState === "open") channel.send(JSON.stringify(word));
}
