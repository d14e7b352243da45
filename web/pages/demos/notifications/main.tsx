// Notifications: a channel for each user. With tokens, a user may listen to its own alone.
import { useState } from "preact/hooks";
import { client, useChannel } from "../kit/connection.ts";
import { Nothing, show_demo } from "../kit/shell.tsx";

const users = ["ann", "bob", "cleo"];
const shown_count = 12;
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });

interface Notification {
  title: string;
  from: string;
}

interface Heard extends Notification {
  position: string;
  timestamp: number;
  is_new: boolean;
}

function Inbox({ user }: { user: string }) {
  const [items, set_items] = useState<Heard[]>([]);
  const opened_ms = useState(() => Date.now())[0];
  useChannel<Notification>(`demo-notifications:${user}`, { history: shown_count }, () => ({
    on_message: ({ data, position, timestamp }) => {
      const item = { title: data.title, from: data.from, position, timestamp, is_new: timestamp > opened_ms };
      set_items((before) => [item, ...before].slice(0, shown_count));
    },
  }));
  const new_count = items.filter(({ is_new }) => is_new).length;
  const read_all = () => set_items((before) => before.map((item) => ({ ...item, is_new: false })));
  return (
    <section class="card panel inbox" aria-label={`Inbox of ${user}`}>
      <header>
        <h2>{user} {new_count > 0 && <span class="badge" aria-label={`${new_count} new`}>{new_count}</span>}</h2>
        <button type="button" class="small" disabled={new_count === 0} onClick={read_all}>Mark as read</button>
      </header>
      {items.length === 0 && <Nothing>Nothing yet. Send {user} something.</Nothing>}
      <ul aria-live="polite">
        {items.map((item) => (
          <li key={item.position} class={item.is_new ? "new" : undefined}>
            <p>{item.title}</p>
            <p class="soft">{item.from} · {clock.format(item.timestamp)}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Notifications() {
  const [outcome, set_outcome] = useState("");
  async function send(event: SubmitEvent) {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const data = new FormData(form);
    const to = String(data.get("to"));
    try {
      await client.channel(`demo-notifications:${to}`).publish({ title: String(data.get("title")), from: "you" });
      set_outcome(`Sent to ${to}, and to nobody else.`);
    } catch (error) {
      set_outcome(`Not sent: ${(error as Error).message}`);
    }
  }
  return (
    <>
      <form class="card panel row sender" onSubmit={(event) => void send(event)}>
        <label>To <select name="to">{users.map((user) => <option key={user}>{user}</option>)}</select></label>
        <label class="unseen" for="title">Text</label>
        <input id="title" name="title" defaultValue="Your table is ready" required maxLength={120} />
        <button type="submit" class="primary">Notify</button>
        <output>{outcome}</output>
      </form>
      <div class="columns">{users.map((user) => <Inbox key={user} user={user} />)}</div>
    </>
  );
}

show_demo({ demo: "notifications", title: "Notifications", lead: "Each user has a channel of their own: three of them over one connection here." }, <Notifications />);
