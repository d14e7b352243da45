// A room's call as Preact likes it: whatever changes in it draws the page anew.
import type { CarillonError } from "@carillon/client";
import type { Call, Peer } from "@carillon/client/call";
import "@carillon/client/call";
import { useEffect, useReducer, useState } from "preact/hooks";
import { client } from "./connection.ts";
import { me } from "./identity.ts";

const most_troubles = 3;

export function name_of(peer: Peer): string {
  const { name } = (peer.data ?? {}) as { name?: unknown };
  return typeof name === "string" && name !== "" ? name.slice(0, 24) : "Somebody";
}

export interface RoomCall {
  call: Call;
  /** What failed lately, each with what to try. */
  troubles: CarillonError[];
  add_trouble(error: CarillonError): void;
  forget_troubles(): void;
}

export function useCall(room: string, on_peer: (peer: Peer) => void = () => {}): RoomCall {
  const [call] = useState(() => client.call(`call:demo-${room}`, { mostMembers: 6 }));
  const [troubles, set_troubles] = useState<CarillonError[]>([]);
  const [, draw] = useReducer((count: number) => count + 1, 0);
  const changed = () => draw(undefined);
  const add_trouble = (error: CarillonError) => {
    set_troubles((before) => [...before.filter(({ message }) => message !== error.message), error].slice(-most_troubles));
  };
  useEffect(() => {
    const watch = (peer: Peer) => {
      for (const event of ["state", "stream", "muted", "update", "path", "stats"] as const) peer.on(event, changed);
      on_peer(peer);
      changed();
    };
    const ends = [
      call.on("peer", watch), call.on("leave", changed), call.on("state", changed), call.on("local", changed),
      call.on("error", add_trouble),
    ];
    return () => {
      for (const end of ends) end();
      call.leave();
    };
  }, [call]);
  return { call, troubles, add_trouble, forget_troubles: () => set_troubles([]) };
}

/** What others see of this window in a roster. */
export function my_entry(): { name: string } {
  return { name: me.name };
}
