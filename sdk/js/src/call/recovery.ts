// When a connection to a member is mended, and how: ICE anew where the path has broken, everything anew
// where that does not help.

export interface RecoveryOptions {
  /** Both sides see the break: the polite one leaves the first step to the other. */
  isPolite: boolean;
  restartIce(): void;
  rebuild(): void;
  /** It takes so long that people should know: called before each further try. */
  onLate(): void;
}

/** A path may come back by itself, as when a phone changes its cell. */
const graceMs = 2_000;
const politeMs = 1_500;
/** Until it must have connected the first time. */
const connectMs = 12_000;
const backoffFirstMs = 5_000;
const backoffLongestMs = 30_000;
/** Every so many tries everything is made anew. */
const triesOfOne = 2;

export class Recovery {
  readonly #options: RecoveryOptions;
  #tries = 0;
  #wasConnected = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: RecoveryOptions) {
    this.#options = options;
    this.#plan(connectMs);
  }

  onState(state: RTCPeerConnectionState): void {
    if (state === "connected") {
      this.#tries = 0;
      this.#wasConnected = true;
      this.stop();
    } else if (state === "disconnected") {
      this.#plan(graceMs);
    } else if (state === "failed" && this.#tries === 0) {
      this.#plan(0);
    }
  }

  /** The other side has ended the connection, and is still in the call. */
  onEnd(): void {
    this.#plan(this.#tries === 0 ? 0 : this.#backoffMs, true);
  }

  /** The other side has made everything anew, and that has its time. */
  replaced(): void {
    this.#plan(connectMs);
  }

  /** We are elsewhere in the network: the addresses that the other side knows are not ours any more. */
  networkChanged(): void {
    this.#options.restartIce();
    this.#plan(backoffFirstMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  get #backoffMs(): number {
    return Math.min(backoffFirstMs * 2 ** Math.max(this.#tries - 1, 0), backoffLongestMs);
  }

  #plan(waitMs: number, isOver = false): void {
    this.stop();
    const all = waitMs + (this.#options.isPolite ? politeMs : 0);
    this.#timer = setTimeout(() => this.#mend(isOver), all);
  }

  #mend(isOver: boolean): void {
    if (this.#tries++ > 0 || !this.#wasConnected) this.#options.onLate();
    this.#plan(this.#backoffMs);
    if (isOver || this.#tries % (triesOfOne + 1) === 0) this.#options.rebuild();
    else this.#options.restartIce();
  }
}
