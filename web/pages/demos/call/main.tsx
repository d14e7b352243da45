// A call in a room: everybody sends pictures and sound to everybody else, without the server in between.
import { useState } from "preact/hooks";
import { my_entry, useCall } from "../kit/call.ts";
import { me, rename } from "../kit/identity.ts";
import { room_of } from "../kit/room.ts";
import { show_demo } from "../kit/shell.tsx";
import { Troubles } from "../kit/troubles.tsx";
import { Chat } from "./chat.tsx";
import { Controls } from "./controls.tsx";
import { MyTile, PeerTiles } from "./tiles.tsx";

const room = room_of(location.hash);

function Door({ join }: { join(media: { audio: boolean; video: boolean }): void }) {
  function enter(event: SubmitEvent) {
    event.preventDefault();
    const data = new FormData(event.currentTarget as HTMLFormElement);
    rename(String(data.get("name")));
    join({ audio: data.has("audio"), video: data.has("video") });
  }
  return (
    <form class="card panel door" onSubmit={enter} aria-label="Join the call">
      <h2>Room {room}</h2>
      <label class="field">You are <input name="name" defaultValue={me.name} maxLength={24} required /></label>
      <label class="field"><input type="checkbox" name="video" defaultChecked /> with camera</label>
      <label class="field"><input type="checkbox" name="audio" defaultChecked /> with microphone</label>
      <button type="submit" class="primary">Join</button>
      <p class="soft">Your browser will ask whether it may use them. Without either you see and hear the others.</p>
    </form>
  );
}

function Demo() {
  const room_call = useCall(room);
  const { call, add_trouble, forget_troubles } = room_call;
  const [is_ready, set_ready] = useState(false);

  async function join(media: { audio: boolean; video: boolean }) {
    forget_troubles();
    set_ready(true);
    try {
      await call.join({ ...media, data: my_entry() });
    } catch (error) {
      add_trouble(error as Parameters<typeof add_trouble>[0]);
      set_ready(false);
    }
  }

  function leave() {
    call.leave();
    set_ready(false);
  }

  return (
    <>
      <Troubles {...room_call} />
      {!is_ready && <Door join={(media) => void join(media)} />}
      {is_ready && (
        <div class="call">
          <section class="stage" aria-label="Who is here">
            <div class="tiles">
              <PeerTiles call={call} />
              <MyTile call={call} />
            </div>
            <p class="soft state" role="status">{describe(call.state, call.peers.size)}</p>
            <Controls call={call} add_trouble={add_trouble} leave={leave} />
          </section>
          <Chat room={room} />
        </div>
      )}
    </>
  );
}

function describe(state: string, count: number): string {
  if (state === "joining") return "Joining…";
  if (state === "full") return "The room is full. You are in as soon as somebody leaves.";
  if (count === 0) return "Nobody else is here yet. Open a second window, or send somebody the address of this page.";
  return count === 1 ? "You and one other." : `You and ${count} others.`;
}

show_demo({ demo: "call", title: "Call", lead: "Pictures and sound go from browser to browser; the server introduces them, and relays only where it must." }, <Demo />);
