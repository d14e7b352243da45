// Every length of time of the client, with its unit and its reason. `timings` in the options replaces
// single ones: for odd networks, and for tests.

export interface Timings {
  /** A transport that has shown no useful traffic for so long does not work. */
  proofMs: number;
  /** One that has lived so long works: earlier failures are forgiven. */
  provenMs: number;
  /** After so much silence a WebSocket is asked whether it lives … */
  pingMs: number;
  /** … and has so long to answer. */
  pongMs: number;
  /** Event streams have a heartbeat every 15 s: three of them missed is the end. */
  silenceMs: number;
  /** How long a long poll is held: below what proxies cut at (30 s and more). */
  holdMs: number;
  /** Between two short polls. */
  pollMs: number;
  /** Where joins and leaves are not told: so long until it is asked again who is there. Elsewhere 12 times that. */
  rosterMs: number;
  /** For an answer to a request that nobody holds. */
  requestMs: number;
  /** The first wait before another try is drawn from nothing to this, and each bound is twice the last … */
  backoffFirstMs: number;
  /** … up to this: a server that comes back is found within it. */
  backoffLongestMs: number;
  /** On a lesser transport, so long until a better one is tried again; twice as long after each failure … */
  upgradeFirstMs: number;
  /** … up to this. */
  upgradeLongestMs: number;
  /** A publication that may have arrived is repeated for so long: the server knows it again for 5 minutes. */
  repeatMs: number;
}

export const defaultTimings: Timings = {
  proofMs: 10_000,
  provenMs: 10_000,
  pingMs: 20_000,
  pongMs: 10_000,
  silenceMs: 45_000,
  holdMs: 25_000,
  pollMs: 3_000,
  rosterMs: 5_000,
  requestMs: 20_000,
  backoffFirstMs: 250,
  backoffLongestMs: 15_000,
  upgradeFirstMs: 30_000,
  upgradeLongestMs: 600_000,
  repeatMs: 240_000,
};

/** What setTimeout can count to. */
export const longestTimerMs = 2 ** 31 - 1;
