// What an application can show of its connection.
import type { CarillonError } from "./errors.ts";

export type State =
  /** Nothing is asked of it yet, or it was closed. */
  | { name: "idle" }
  | { name: "connecting" }
  /** On the transport that fits best. */
  | { name: "online"; transport: string }
  /** On a lesser one; better ones are tried again later. */
  | { name: "degraded"; transport: string; error: CarillonError | undefined }
  /** Nothing works now; the next try is in `retryMs`, or when the network is back. */
  | { name: "offline"; error: CarillonError; retryMs: number | undefined }
  /** Trying again would not help; `connect()` does it all the same. */
  | { name: "denied"; error: CarillonError }
  | { name: "closed" };

/** One line for people. */
export function describeState(state: State): string {
  switch (state.name) {
    case "online": return `online on ${state.transport}`;
    case "degraded": return `degraded to ${state.transport}`;
    case "offline":
    case "denied": return `${state.name}: ${state.error.message}`;
    default: return state.name;
  }
}
