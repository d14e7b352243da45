// A feed of posts: one channel for the posts, one for what people think of them.
import { useState } from "preact/hooks";
import { useChannel } from "../kit/connection.ts";
import { me } from "../kit/identity.ts";
import { Picture } from "../kit/picture.tsx";
import { isReaction, type Reaction, reactions } from "../kit/reactions.ts";
import { Nothing, show_demo } from "../kit/shell.tsx";

const shown_count = 15;
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });

interface Post {
  id: string;
  author: string;
  text: string;
}

interface Reacted {
  post: string;
  reaction: Reaction;
}

type Counts = Partial<Record<Reaction, number>>;

function Card({ post, timestamp, counts, react }: { post: Post; timestamp: number; counts: Counts; react(reaction: Reaction): void }) {
  return (
    <article class="card post" aria-label={`Post of ${post.author}`}>
      <header>
        <span class="avatar" aria-hidden="true">{post.author.slice(0, 2)}</span>
        <p><strong>{post.author}</strong> <time class="soft">{clock.format(timestamp)}</time></p>
      </header>
      <p>{post.text}</p>
      <p class="row">
        {reactions.map((reaction) => {
          const count = counts[reaction] ?? 0;
          return (
            <button key={reaction} type="button" class={count > 0 ? "small given" : "small"} aria-label={`${reaction}, ${count} so far`} onClick={() => react(reaction)}>
              {/* A new key is a new element, which is how it leaps. */}
              <span key={count} class={count > 0 ? "leap" : undefined}><Picture of={reaction} /></span> {count}
            </button>
          );
        })}
      </p>
    </article>
  );
}

function Social() {
  const [posts, set_posts] = useState<{ post: Post; timestamp: number }[]>([]);
  const [counts, set_counts] = useState<Record<string, Counts>>({});
  const [trouble, set_trouble] = useState("");
  const channel = useChannel<Post>("demo-social:posts", { history: shown_count }, () => ({
    on_message: ({ data, timestamp }) => set_posts((before) => [{ post: data, timestamp }, ...before].slice(0, shown_count)),
  }));
  const opinions = useChannel<Reacted>("demo-social:reactions", { history: 500 }, () => ({
    on_message: ({ data: { post, reaction } }) => {
      if (!isReaction(reaction)) return;
      set_counts((before) => ({ ...before, [post]: { ...before[post], [reaction]: (before[post]?.[reaction] ?? 0) + 1 } }));
    },
  }));

  async function send(event: SubmitEvent) {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const text = String(new FormData(form).get("text")).trim();
    if (text === "") return;
    form.reset();
    try {
      await channel.publish({ id: `${me.id}-${Date.now()}`, author: me.name, text });
      set_trouble("");
    } catch (error) {
      set_trouble(`Not posted: ${(error as Error).message}`);
    }
  }

  return (
    <div class="feed">
      <form class="row" onSubmit={(event) => void send(event)}>
        <label class="unseen" for="text">Post</label>
        <input id="text" name="text" placeholder={`What do you hear, ${me.name}?`} maxLength={280} autocomplete="off" />
        <button type="submit" class="primary">Post</button>
      </form>
      {trouble !== "" && <p class="notice failed" role="alert">{trouble}</p>}
      {posts.length === 0 && <Nothing>No posts yet. Write the first one.</Nothing>}
      {posts.map(({ post, timestamp }) => (
        <Card
          key={post.id} post={post} timestamp={timestamp} counts={counts[post.id] ?? {}}
          react={(reaction) => void opinions.publish({ post: post.id, reaction }).catch((error: Error) => set_trouble(error.message))}
        />
      ))}
    </div>
  );
}

show_demo({ demo: "social", title: "Social feed", lead: "Posts, and what everybody thinks of them while they think it." }, <Social />);
