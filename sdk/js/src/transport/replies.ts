// Who waits for which reply: commands carry an `id`, which comes back in exactly one.
import { CarillonError } from "../errors.ts";
import { readProblem } from "../http.ts";
import type { Wire } from "../message.ts";

/** Called at once as the frame comes, before the next one is looked at. */
export interface Waiter {
  onOk(reply: Wire): void;
  onError(error: CarillonError): void;
}

export class Replies {
  readonly #waiters = new Map<number, Waiter>();
  #lastId = 0;

  /** The command, with the id that `waiter` is known by. */
  expect(command: Wire, waiter: Waiter): Wire {
    const id = ++this.#lastId;
    this.#waiters.set(id, waiter);
    return { ...command, id };
  }

  /** Whether the frame was a reply that somebody waited for. */
  take(frame: Wire): boolean {
    const waiter = this.#waiters.get(frame.id as number);
    if (!waiter) return false;
    this.#waiters.delete(frame.id as number);
    if (frame.type === "error") waiter.onError(readProblem(frame));
    else waiter.onOk(frame);
    return true;
  }

  /** The connection is over. */
  fail(error: CarillonError): void {
    const waiters = [...this.#waiters.values()];
    this.#waiters.clear();
    for (const waiter of waiters) waiter.onError(error);
  }
}
