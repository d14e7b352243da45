// What a room shows, made of what its channel tells.
import type { Message } from "@carillon/client";
import { isReaction, type Reaction } from "../kit/reactions.ts";

const kept_count = 200;

export interface Entry {
  offset: number;
  timestamp: number;
  from: string;
  name: string;
  text: string;
  reactions: Partial<Record<Reaction, number>>;
}

export interface RoomState {
  entries: Entry[];
}

/** Somebody has written, or reacted to what has the offset `to`. */
type Said = { text: string; name: string; from: string } | { to: number; reaction: Reaction };

export const empty_room: RoomState = { entries: [] };

export function hear(room: RoomState, message: Pick<Message, "offset" | "timestamp" | "data">): RoomState {
  const said = message.data as Said;
  if (typeof said !== "object" || said === null) return room;
  if ("reaction" in said) {
    if (!isReaction(said.reaction)) return room;
    const entries = room.entries.map((entry) => {
      if (entry.offset !== said.to) return entry;
      const count = (entry.reactions[said.reaction] ?? 0) + 1;
      return { ...entry, reactions: { ...entry.reactions, [said.reaction]: count } };
    });
    return { entries };
  }
  if (typeof said.text !== "string") return room;
  const { offset, timestamp } = message;
  const [name, from] = [text_of(said.name), text_of(said.from)];
  const entry = { offset, timestamp, from, name: name || "Somebody", text: said.text, reactions: {} };
  return { entries: [...room.entries, entry].slice(-kept_count) };
}

/** Others may publish anything. */
export function text_of(value: unknown): string {
  return typeof value === "string" ? value.slice(0, 40) : "";
}
