// One file on its way, and what can be done about it.
import type { FileReceiving, FileSending } from "@carillon/client/call";
import { useEffect, useReducer, useState } from "preact/hooks";
import { size_text } from "./size.ts";

function useChanges(file: FileSending | FileReceiving): void {
  const [, draw] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    const ends = [file.on("state", () => draw(undefined)), file.on("progress", () => draw(undefined))];
    // It may have changed before it was listened to.
    draw(undefined);
    return () => ends.forEach((end) => end());
  }, [file]);
}

function Progress({ name, octets, size, state }: { name: string; octets: number; size: number; state: string }) {
  return (
    <>
      <progress aria-label={`Progress of ${name}`} max={Math.max(size, 1)} value={size === 0 && state === "done" ? 1 : octets} />
      <span class="soft numbers">{size_text(octets)} of {size_text(size)}</span>
    </>
  );
}

export function Sending({ name, file }: { name: string; file: FileSending }) {
  useChanges(file);
  const words = {
    offered: `offered to ${name}`, moving: `on its way to ${name}`, waiting: "waiting for the connection; it goes on by itself",
    done: `${name} has it, and the checksum is right`, failed: file.error?.message ?? "failed",
  };
  return (
    <li>
      <p><strong>{file.name}</strong> <span class={file.state === "failed" ? "bad" : "soft"}>{words[file.state]}</span></p>
      <Progress name={file.name} octets={file.sentBytes} size={file.size} state={file.state} />
      {!file.isOver && <button type="button" class="small" onClick={() => file.cancel()}>Take back</button>}
    </li>
  );
}

/** To be saved, never to be opened as a page of ours, whatever type its sender gave it. */
function address_of(blob: Blob): string {
  return URL.createObjectURL(new Blob([blob], { type: "application/octet-stream" }));
}

export function Receiving({ name, file }: { name: string; file: FileReceiving }) {
  useChanges(file);
  const [address, set_address] = useState<string>();
  useEffect(() => () => { if (address) URL.revokeObjectURL(address); }, [address]);
  const accept = () => file.accept().then((blob) => set_address(address_of(blob)), () => {});
  const words = {
    offered: `${name} offers it`, moving: `comes from ${name}`, waiting: "waiting for the connection; it goes on by itself",
    done: "it is all here, and the checksum is right", failed: file.error?.message ?? "failed",
  };
  return (
    <li>
      <p><strong>{file.name}</strong> <span class={file.state === "failed" ? "bad" : "soft"}>{words[file.state]}</span></p>
      <Progress name={file.name} octets={file.receivedBytes} size={file.size} state={file.state} />
      <div class="row">
        {file.state === "offered" && <button type="button" class="small primary" onClick={() => void accept()}>Accept {file.name}</button>}
        {!file.isOver && <button type="button" class="small" onClick={() => file.refuse()}>{file.state === "offered" ? "Refuse" : "Break off"}</button>}
        {address && <a class="button small" href={address} download={file.name}>Save {file.name}</a>}
      </div>
    </li>
  );
}
