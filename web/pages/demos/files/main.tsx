// Files between those in a room: offered to one, accepted or not, and on their way without the server.
import { asError } from "@carillon/client";
import type { FileReceiving, FileSending, Peer } from "@carillon/client/call";
import { useEffect, useState } from "preact/hooks";
import { my_entry, name_of, useCall } from "../kit/call.ts";
import { me } from "../kit/identity.ts";
import { describe_connection, Quality } from "../kit/quality.tsx";
import { room_of } from "../kit/room.ts";
import { Nothing, show_demo } from "../kit/shell.tsx";
import { Troubles } from "../kit/troubles.tsx";
import { Receiving, Sending } from "./transfer.tsx";

const room = room_of(location.hash);
const shown_count = 50;

type Transfer = { name: string; sending: FileSending } | { name: string; receiving: FileReceiving };

function Person({ peer, send }: { peer: Peer; send(files: Iterable<File>): void }) {
  const [is_over, set_over] = useState(false);
  function drop(event: DragEvent) {
    event.preventDefault();
    set_over(false);
    send(event.dataTransfer?.files ?? []);
  }
  function choose(event: Event) {
    const input = event.currentTarget as HTMLInputElement;
    send([...(input.files ?? [])]);
    input.value = "";
  }
  const name = name_of(peer);
  return (
    <li
      class={is_over ? "card person over" : "card person"} onDrop={drop} onDragLeave={() => set_over(false)}
      onDragOver={(event) => { event.preventDefault(); set_over(true); }}
    >
      <span class="avatar" aria-hidden="true">{name.slice(0, 2)}</span>
      <div>
        <h3>{name}</h3>
        <p class="soft"><Quality peer={peer} /> {peer.state === "connecting" ? "connecting" : describe_connection(peer)}</p>
        {peer.state === "failed" && peer.error && (
          <p class="notice failed" role="alert"><strong>{peer.error.message}.</strong> {peer.error.hint} It is tried again by itself.</p>
        )}
      </div>
      <label class="button primary">Send {name} files…<input class="unseen" type="file" multiple onChange={choose} /></label>
    </li>
  );
}

function Demo() {
  const [transfers, set_transfers] = useState<Transfer[]>([]);
  const add = (transfer: Transfer) => set_transfers((before) => [transfer, ...before].slice(0, shown_count));
  const room_call = useCall(`${room}-files`, (peer) => {
    peer.on("file", (receiving) => add({ name: name_of(peer), receiving }));
  });
  const { call, add_trouble } = room_call;
  useEffect(() => {
    call.join({ data: my_entry() }).catch((thrown) => add_trouble(asError(thrown)));
  }, [call]);

  function send(peer: Peer, files: Iterable<File>) {
    for (const file of files) {
      try {
        add({ name: name_of(peer), sending: peer.sendFile(file) });
      } catch (thrown) {
        add_trouble(asError(thrown));
      }
    }
  }

  return (
    <>
      <Troubles {...room_call} />
      <div class="columns">
        <section class="panel card" aria-label="Who is here">
          <h2>Room {room}</h2>
          {call.peers.size === 0 && <Nothing>You are {me.name}, and alone. Open a second window, or send somebody the address of this page.</Nothing>}
          <ul class="people">
            {[...call.peers.values()].map((peer) => <Person key={peer.id} peer={peer} send={(files) => send(peer, files)} />)}
          </ul>
        </section>
        <section class="panel card" aria-label="Files">
          <h2>Files</h2>
          {transfers.length === 0 && <Nothing>Nothing is on its way. Drop a file on somebody.</Nothing>}
          <ul class="transfers" aria-live="polite">
            {transfers.map((each) => "sending" in each
              ? <Sending key={each.sending.id} name={each.name} file={each.sending} />
              : <Receiving key={each.receiving.id} name={each.name} file={each.receiving} />)}
          </ul>
        </section>
      </div>
    </>
  );
}

show_demo({ demo: "files", title: "Files", lead: "From browser to browser, checked at the end, and resumed where the line broke. The server never sees them." }, <Demo />);
