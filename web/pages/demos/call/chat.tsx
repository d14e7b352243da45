// The call's chat: a channel, so that it reaches also those whom no direct path reaches.
import { useEffect, useRef, useState } from "preact/hooks";
import { useChannel } from "../kit/connection.ts";
import { me } from "../kit/identity.ts";

const kept_count = 100;

interface Line {
  position: string;
  name: string;
  text: string;
}

export function Chat({ room }: { room: string }) {
  const [lines, set_lines] = useState<Line[]>([]);
  const [trouble, set_trouble] = useState("");
  const list = useRef<HTMLDivElement>(null);
  const channel = useChannel<{ name: string; text: string }>(`demo-call:${room}`, { history: 20 }, () => ({
    on_message: ({ data, position }) => {
      if (typeof data?.text !== "string") return;
      set_lines((before) => [...before, { position, name: String(data.name), text: data.text }].slice(-kept_count));
    },
  }));
  useEffect(() => {
    list.current?.scrollTo({ top: list.current.scrollHeight });
  }, [lines.length]);

  function send(event: SubmitEvent) {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const text = String(new FormData(form).get("text")).trim();
    if (text === "") return;
    form.reset();
    channel.publish({ name: me.name, text }).then(() => set_trouble(""), (error) => set_trouble(`Not sent: ${error.message}`));
  }

  return (
    <section class="card panel chat" aria-label="Chat">
      <h2>Chat</h2>
      <div class="lines" ref={list} tabIndex={0} role="log" aria-label="Messages">
        {lines.map(({ position, name, text }) => <p key={position}><strong>{name}</strong> {text}</p>)}
      </div>
      {trouble !== "" && <p class="notice failed" role="alert">{trouble}</p>}
      <form class="row" onSubmit={send}>
        <label class="unseen" for="text">Message</label>
        <input id="text" name="text" placeholder="Message to all" autocomplete="off" maxLength={500} />
        <button type="submit" class="primary">Send</button>
      </form>
    </section>
  );
}
