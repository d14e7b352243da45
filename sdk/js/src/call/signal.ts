// What two members of a call tell each other over the server: docs/webrtc.md, and docs/calls.md for what is
// added to it. Who adds nothing is understood as well.
import { isObject } from "../message.ts";

/** What a stream shows. */
export type StreamKind = "camera" | "screen";
/** Which is which: kinds by the streams' ids. */
export type StreamKinds = Record<string, StreamKind>;

export interface Description {
  type: "offer" | "answer";
  sdp: string;
  streams: StreamKinds;
}

export interface Candidate {
  type: "candidate";
  /** `null`: there are no more. */
  candidate: RTCIceCandidateInit | null;
}

export interface Bye {
  type: "bye";
}

export type SignalBody = Description | Candidate | Bye;

export type CallSignal = SignalBody & {
  /** The call; without one, whichever the sender is in with us. */
  channel?: string;
  /** The sender's connection: another one is another `RTCPeerConnection`. */
  connection: string;
  /** The receiver's, where the sender knows it. What is for an earlier one is late. */
  to?: string;
};

/** As it came from somebody: undefined where it is nothing that is known here. */
export function readSignal(data: unknown): CallSignal | undefined {
  if (!isObject(data)) return undefined;
  const { channel, connection = "", to, candidate } = data;
  if (typeof connection !== "string") return undefined;
  const head = {
    connection, ...(typeof channel === "string" && { channel }), ...(typeof to === "string" && { to }),
  };
  switch (data.type) {
    case "offer":
    case "answer": {
      const { type, sdp, streams } = data;
      return typeof sdp === "string" ? { ...head, type, sdp, streams: readKinds(streams) } : undefined;
    }
    case "candidate":
      if (candidate !== null && !isObject(candidate)) return undefined;
      return { ...head, type: "candidate", candidate: candidate as RTCIceCandidateInit | null };
    case "bye":
      return { ...head, type: "bye" };
    default:
      return undefined;
  }
}

function readKinds(streams: unknown): StreamKinds {
  if (!isObject(streams)) return {};
  const known = Object.entries(streams).filter(([, kind]) => kind === "camera" || kind === "screen");
  return Object.fromEntries(known) as StreamKinds;
}
