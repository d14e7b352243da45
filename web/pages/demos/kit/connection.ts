// The one client of a demo's page, and its channels as Preact likes them.
import { Carillon, type Channel, type ChannelOptions, type Member, type Message, type State } from "@carillon/client";
import { useEffect, useState } from "preact/hooks";
import { server_root } from "../../transports/endpoint.ts";

export const client = new Carillon(server_root());
client.connect();

/** What the connection is like now. */
export function useConnection(): State {
  const [state, set_state] = useState(client.state);
  useEffect(() => client.on("state", set_state), []);
  return state;
}

export interface Hearing<Data> {
  on_message(message: Message<Data>): void;
  on_ephemeral?(data: unknown): void;
  /** It is heard now, and what was kept has been told. */
  on_subscribed?(): void;
  on_gap?(): void;
}

/** Hears a channel for as long as the component is there, or the name the same. */
export function useChannel<Data>(name: string, options: ChannelOptions, make_hearing: () => Hearing<Data>): Channel {
  const channel = client.channel(name, options);
  useEffect(() => {
    const hearing = make_hearing();
    const ends = [
      channel.on("message", (message) => hearing.on_message(message as Message<Data>)),
      channel.on("ephemeral", (ephemeral) => hearing.on_ephemeral?.(ephemeral.data)),
      channel.on("subscribed", () => hearing.on_subscribed?.()),
      channel.on("gap", () => hearing.on_gap?.()),
    ];
    return () => ends.forEach((end) => end());
  }, [channel]);
  return channel;
}

/** Who is there and what each shows, me with `mine`; nobody where the server does not know. */
export function useMembers<Data>({ presence }: Channel, mine: Data): Member<Data>[] {
  const [members, set_members] = useState<Member<Data>[]>([]);
  useEffect(() => presence.on("change", (roster) => set_members([...roster.values()])), [presence]);
  useEffect(() => void presence.enter(mine).catch(() => {}), [presence, JSON.stringify(mine)]);
  useEffect(() => () => presence.leave(), [presence]);
  return members;
}
