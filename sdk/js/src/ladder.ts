// Which transport next: down when one shows no useful traffic, up again later. Pure: no timer, no I/O.
import { Backoff } from "./backoff.ts";
import type { Timings } from "./timings.ts";

export interface Ending {
  /** How long it gave useful traffic; undefined: it never did. */
  usefulMs: number | undefined;
  /** It went silent, rather than end. */
  wasSilent: boolean;
}

export type Step = "same" | "down" | "bottom";

/** Short lives in a row after which a transport counts as broken by something in between. */
const shortLivesCount = 2;

export class Ladder {
  readonly #timings: Timings;
  readonly #upgrade: Backoff;
  #rungs: string[] = [];
  #at = 0;
  #shortLives = 0;

  constructor(timings: Timings) {
    this.#timings = timings;
    // Drawn from the upper half, so that it is no sooner than somebody would want.
    this.#upgrade = new Backoff(timings.upgradeFirstMs, timings.upgradeLongestMs, () => 0.75 + Math.random() / 4);
  }

  /** Best first, which is where one stands then. */
  set(rungs: string[]): void {
    this.#at = 0;
    this.#shortLives = 0;
    this.#rungs = rungs;
  }

  get current(): string {
    return this.#rungs[this.#at]!;
  }
  get isDegraded(): boolean {
    return this.#at > 0;
  }
  /** What to try instead of the current one, best first. */
  get better(): string[] {
    return this.#rungs.slice(0, this.#at);
  }

  /** The current transport ended by itself: what to do, which is not done yet. */
  failed({ usefulMs, wasSilent }: Ending): Step {
    if (usefulMs !== undefined) {
      // A long life that ended in silence is suspect too: something may hold back what is sent.
      const isShort = wasSilent || usefulMs < this.#timings.provenMs;
      this.#shortLives = isShort ? this.#shortLives + 1 : 0;
      if (this.#shortLives < shortLivesCount) return "same";
    }
    this.#shortLives = 0;
    return this.#at + 1 < this.#rungs.length ? "down" : "bottom";
  }

  /** To be called once it is sure that the server answers: then the transport is at fault. */
  descend(): void {
    this.#at++;
  }

  /** How long to wait before something better is tried; longer each time. */
  nextUpgradeMs(): number {
    return this.#upgrade.next();
  }

  climbed(name: string): void {
    this.#at = Math.max(this.#rungs.indexOf(name), 0);
    this.#shortLives = 0;
  }

  /** The best transport has lived for long: climbing need not be feared any more. */
  settled(): void {
    this.#upgrade.reset();
  }
}
