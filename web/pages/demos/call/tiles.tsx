// Those who are in the call, and what they show.
import type { Call, Peer } from "@carillon/client/call";
import { useEffect, useRef } from "preact/hooks";
import { name_of } from "../kit/call.ts";
import { me } from "../kit/identity.ts";
import { describe_connection, Quality } from "../kit/quality.tsx";

function Video({ stream, label, is_silent }: { stream: MediaStream; label: string; is_silent: boolean }) {
  const element = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const video = element.current!;
    if (video.srcObject !== stream) video.srcObject = stream;
    // It also waits for pictures that come later.
    video.play().catch(() => {});
  });
  return <video ref={element} aria-label={label} muted={is_silent} autoplay playsInline />;
}

function has_picture(stream: MediaStream | undefined): boolean {
  return (stream?.getVideoTracks().length ?? 0) > 0;
}

function Name({ name, no_sound, no_picture }: { name: string; no_sound: boolean; no_picture: boolean }) {
  const off = [no_sound && "microphone off", no_picture && "camera off"].filter(Boolean).join(", ");
  return <span class="name"><strong>{name}</strong>{off !== "" && <span class="off"> {off}</span>}</span>;
}

export function MyTile({ call }: { call: Call }) {
  const { streams, muted } = call;
  const camera = streams.get("camera");
  const no_sound = muted.audio || (camera?.getAudioTracks().length ?? 0) === 0;
  const no_picture = muted.video || !has_picture(camera);
  return (
    <figure class="tile mine">
      {has_picture(camera) && !muted.video
        ? <Video stream={camera!} label="Your own picture" is_silent />
        : <span class="avatar large" aria-hidden="true">{me.name.slice(0, 2)}</span>}
      <figcaption>
        <Name name={`${me.name} (you)`} no_sound={no_sound} no_picture={no_picture} />
        {streams.has("screen") && <span class="soft">Your screen is shown to the others.</span>}
      </figcaption>
    </figure>
  );
}

function PeerTile({ peer }: { peer: Peer }) {
  const name = name_of(peer);
  const camera = peer.streams.get("camera");
  const screen = peer.streams.get("screen");
  const shows = has_picture(camera) && !peer.muted.video;
  const no_sound = peer.muted.audio || (camera?.getAudioTracks().length ?? 0) === 0;
  return (
    <>
      {screen && (
        <figure class="tile screen">
          <Video stream={screen} label={`Screen of ${name}`} is_silent={false} />
          <figcaption><strong>{name}: screen</strong></figcaption>
        </figure>
      )}
      <figure class="tile" data-peer={peer.state}>
        {camera && <Video stream={camera} label={`Picture of ${name}`} is_silent={false} />}
        {!shows && <span class="avatar large" aria-hidden="true">{name.slice(0, 2)}</span>}
        {peer.state === "failed" && peer.error && (
          <p class="problem" role="alert"><strong>{peer.error.message}.</strong> {peer.error.hint} It is tried again by itself.</p>
        )}
        <figcaption>
          <Name name={name} no_sound={no_sound} no_picture={!shows} />
          <span class="path"><Quality peer={peer} /> {peer.state === "connecting" ? "connecting" : describe_connection(peer)}</span>
        </figcaption>
      </figure>
    </>
  );
}

export function PeerTiles({ call }: { call: Call }) {
  return <>{[...call.peers.values()].map((peer) => <PeerTile key={peer.id} peer={peer} />)}</>;
}
