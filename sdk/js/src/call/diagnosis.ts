// Why two members do not reach each other, from what was seen while looking for a path. Pure.
import { CarillonError } from "../errors.ts";

/** What an attempt to connect has seen on our side. */
export interface Sighting {
  /** Whether a TURN server is named to us. */
  hasRelay: boolean;
  /** Kinds of our own candidates: `host`, `srflx`, `prflx`, `relay`. */
  candidates: ReadonlySet<string>;
  /** `icecandidateerror`: STUN's codes, 701 where a server is not reached. */
  errors: ReadonlySet<number>;
}

export function diagnose({ hasRelay, candidates, errors }: Sighting): CarillonError {
  if (candidates.size === 0) {
    return problem("no path to the other side: this browser has found no address of its own",
      "See whether there is a network, and whether an extension or a policy forbids WebRTC.");
  }
  if (!hasRelay) {
    return problem("no direct path to the other side, and no relay to go over",
      "Let the server relay: [turn] listen in its configuration (docs/turn.md). Or try another network.");
  }
  if (errors.has(401) || errors.has(486)) {
    return problem(`no direct path to the other side, and the relay refuses us (${[...errors].join(", ")})`,
      "401: see that the clocks agree, and reload. 486: the server's [turn] limits are reached.");
  }
  if (!candidates.has("relay")) {
    return problem("no direct path to the other side, and the relay does not answer",
      "UDP seems to be blocked here, and TCP to the relay too: open port 3478, or let [turn] tls_listen be port 443.");
  }
  return problem("no path to the other side, not even over the relay",
    "The other side may have lost its network, or its firewall lets nothing to the relay.");
}

function problem(message: string, hint: string): CarillonError {
  return new CarillonError("no_path", message, { hint, retryable: true });
}
