// Chat: a channel for each room. Messages and reactions are kept and numbered by the server; who is
// typing is ephemeral, for those who look now; who is here is the channel's presence.
import type { Channel } from "@carillon/client";
import { useEffect, useRef, useState } from "preact/hooks";
import { client, useChannel, useMembers } from "../kit/connection.ts";
import { me, rename } from "../kit/identity.ts";
import { Picture } from "../kit/picture.tsx";
import { type Reaction, reactions } from "../kit/reactions.ts";
import { Nothing, show_demo } from "../kit/shell.tsx";
import { empty_room, type Entry, hear, type RoomState, text_of } from "./room.ts";

const rooms = ["lobby", "bells", "kitchen"];
const typing_ms = 3000;
const shown_count = 12;
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });

function Message({ entry, react }: { entry: Entry; react(reaction: Reaction): void }) {
  const is_mine = entry.from === me.id;
  return (
    <li class={is_mine ? "message mine" : "message"}>
      <span class="avatar" aria-hidden="true">{entry.name.slice(0, 2)}</span>
      <div class="bubble">
        <p class="who"><strong>{entry.name}</strong> <time>{clock.format(entry.timestamp)}</time></p>
        <p class="text">{entry.text}</p>
        <p class="reactions">
          {reactions.map((reaction) => {
            const count = entry.reactions[reaction] ?? 0;
            return (
              <button
                key={reaction} type="button" class={count > 0 ? "reaction given" : "reaction"}
                aria-label={`${reaction}, ${count} so far, for ${entry.name}: ${entry.text}`} onClick={() => react(reaction)}
              >
                <Picture of={reaction} />{count > 0 && <span>{count}</span>}
              </button>
            );
          })}
        </p>
      </div>
    </li>
  );
}

function Here({ channel, my_name }: { channel: Channel; my_name: string }) {
  const members = useMembers(channel, { name: my_name });
  if (members.length === 0) return null;
  return (
    <ul class="here" aria-label="Who is here">
      {members.slice(0, shown_count).map(({ client: id, data }) => (
        <li key={id}>{data?.name ?? "Somebody"}{id === client.id && " (you)"}</li>
      ))}
      {members.length > shown_count && <li>and {members.length - shown_count} more</li>}
    </ul>
  );
}

function Room({ name, my_name }: { name: string; my_name: string }) {
  const [room, set_room] = useState<RoomState>(empty_room);
  const [typing, set_typing] = useState<Record<string, number>>({});
  const list = useRef<HTMLDivElement>(null);
  const told_ms = useRef(0);
  const [trouble, set_trouble] = useState("");
  const channel = useChannel(`demo-chat:${name}`, { history: 50 }, () => ({
    on_message: (message) => set_room((before) => hear(before, message)),
    on_ephemeral: (data) => {
      const { typing, from } = (data ?? {}) as { typing?: unknown; from?: unknown };
      const who = text_of(typing);
      if (who && from !== me.id) set_typing((before) => ({ ...before, [who]: Date.now() }));
    },
    on_gap: () => set_room(empty_room),
  }));
  useEffect(() => {
    list.current?.scrollTo({ top: list.current.scrollHeight });
  }, [room.entries.length]);
  useEffect(() => {
    const timer = setInterval(() => {
      set_typing((before) => Object.fromEntries(Object.entries(before).filter(([, since]) => Date.now() - since < typing_ms)));
    }, 1000);
    return () => clearInterval(timer);
  }, []);

  async function publish(data: object) {
    try {
      await channel.publish(data);
      set_trouble("");
    } catch (error) {
      set_trouble(`Not sent: ${(error as Error).message}`);
    }
  }

  function send(event: SubmitEvent) {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const text = String(new FormData(form).get("text")).trim();
    if (text === "") return;
    form.reset();
    void publish({ text, name: me.name, from: me.id });
  }

  function tell_typing() {
    if (Date.now() - told_ms.current < typing_ms / 2) return;
    told_ms.current = Date.now();
    channel.ephemeral({ typing: me.name, from: me.id });
  }

  const writers = Object.keys(typing);
  return (
    <section class="card room" aria-label={`Room ${name}`}>
      <div><Here channel={channel} my_name={my_name} /></div>
      {room.entries.length === 0 && <Nothing>It is quiet in here. Say something, or open a second window and talk to yourself.</Nothing>}
      <div class="messages" ref={list} tabIndex={0} role="log" aria-label="Messages" hidden={room.entries.length === 0}>
        <ol>
          {room.entries.map((entry) => (
            <Message key={entry.offset} entry={entry} react={(reaction) => void publish({ to: entry.offset, reaction })} />
          ))}
        </ol>
      </div>
      <p class="typing" aria-live="polite">{writers.length > 0 && `${writers.join(" and ")} ${writers.length > 1 ? "are" : "is"} typing…`}</p>
      {trouble !== "" && <p class="notice failed" role="alert">{trouble}</p>}
      <form class="row composer" onSubmit={send}>
        <label class="unseen" for="text">Message</label>
        <input id="text" name="text" placeholder={`Message to ${name}`} autocomplete="off" maxLength={500} onInput={tell_typing} />
        <button type="submit" class="primary">Send</button>
      </form>
    </section>
  );
}

function Chat() {
  const [room, set_room] = useState(rooms[0]!);
  const [my_name, set_my_name] = useState(me.name);
  function take_name(name: string) {
    rename(name);
    set_my_name(me.name);
  }
  return (
    <>
      <div class="row bar">
        <div class="tabs" role="group" aria-label="Rooms">
          {rooms.map((each) => (
            <button key={each} type="button" aria-pressed={each === room} onClick={() => set_room(each)}># {each}</button>
          ))}
        </div>
        <label class="name">You are <input defaultValue={me.name} maxLength={24} onChange={(event) => take_name(event.currentTarget.value)} /></label>
      </div>
      <Room key={room} name={room} my_name={my_name} />
    </>
  );
}

show_demo({ demo: "chat", title: "Chat", lead: "Three rooms with history. What you write is kept; that you write is not." }, <Chat />);
