// Perfect negotiation (WebRTC 1.0, §10.7): either side may offer at any time. Where two offers meet, the
// impolite side ignores the other's and the polite one takes its own back.
import type { Candidate } from "./signal.ts";

/** What it needs of an RTCPeerConnection. */
export interface NegotiatedConnection {
  readonly signalingState: RTCSignalingState;
  readonly localDescription: { type: RTCSdpType; sdp: string } | null;
  setLocalDescription(): Promise<void>;
  setRemoteDescription(description: { type: RTCSdpType; sdp: string }): Promise<void>;
  addIceCandidate(candidate?: RTCIceCandidateInit): Promise<void>;
}

export interface NegotiationOptions {
  isPolite: boolean;
  /** Whether the first offer may be ours: two of them at once would only meet. */
  mayBegin: boolean;
  send(description: { type: "offer" | "answer"; sdp: string }): void;
}

export class Negotiation {
  readonly #connection: NegotiatedConnection;
  readonly #options: NegotiationOptions;
  #mayOffer: boolean;
  #isWanted = false;
  #isOffering = false;
  #isIgnoring = false;
  #isTakingAnswer = false;
  /** Signals are taken one after the other, as they were sent. */
  #work: Promise<void> = Promise.resolve();

  constructor(connection: NegotiatedConnection, options: NegotiationOptions) {
    this.#connection = connection;
    this.#options = options;
    this.#mayOffer = options.mayBegin;
  }

  /** For `negotiationneeded`. */
  async offer(): Promise<void> {
    if (!this.#mayOffer) {
      this.#isWanted = true;
      return;
    }
    try {
      this.#isOffering = true;
      await this.#connection.setLocalDescription();
      this.#sendDescription();
    } finally {
      this.#isOffering = false;
    }
  }

  /** The other side has not begun: then we do. */
  async begin(): Promise<void> {
    if (this.#mayOffer) return;
    this.#mayOffer = true;
    if (this.#isWanted) await this.offer();
  }

  /** Rejects where the connection does not take it. */
  receive(signal: { type: "offer" | "answer"; sdp: string } | Candidate): Promise<void> {
    const taken = this.#work.then(() =>
      signal.type === "candidate" ? this.#onCandidate(signal) : this.#onDescription(signal));
    this.#work = taken.catch(() => {});
    return taken;
  }

  async #onDescription(description: { type: "offer" | "answer"; sdp: string }): Promise<void> {
    const connection = this.#connection;
    const { type, sdp } = description;
    // An answer that is being taken leaves it stable: an offer right behind it meets nothing.
    const isReady = !this.#isOffering && (connection.signalingState === "stable" || this.#isTakingAnswer);
    this.#isIgnoring = type === "offer" && !isReady && !this.#options.isPolite;
    if (this.#isIgnoring) return;
    // The offer that it answers has been taken back.
    if (type === "answer" && connection.signalingState === "stable") return;
    this.#mayOffer = true;
    try {
      this.#isTakingAnswer = type === "answer";
      await connection.setRemoteDescription({ type, sdp });
    } finally {
      this.#isTakingAnswer = false;
    }
    if (type === "answer") return;
    await connection.setLocalDescription();
    this.#sendDescription();
  }

  async #onCandidate({ candidate }: Candidate): Promise<void> {
    try {
      await this.#connection.addIceCandidate(candidate ?? undefined);
    } catch (thrown) {
      // Those of an ignored offer belong to nothing; and that there are no more need not be understood.
      if (!this.#isIgnoring && candidate !== null) throw thrown;
    }
  }

  #sendDescription(): void {
    const description = this.#connection.localDescription;
    if (description?.type !== "offer" && description?.type !== "answer") return;
    this.#options.send({ type: description.type, sdp: description.sdp });
  }
}
