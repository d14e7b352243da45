// Events with types. A listener that throws harms nobody else: its error goes to the platform.

type Listener<Event> = (event: Event) => void;

export class Emitter<Events extends object> {
  readonly #listeners = new Map<keyof Events, Set<Listener<never>>>();

  /** Calls `listener` for each such event until the returned function is called. */
  on<Name extends keyof Events>(name: Name, listener: Listener<Events[Name]>): () => void {
    let listeners = this.#listeners.get(name);
    if (!listeners) this.#listeners.set(name, (listeners = new Set()));
    listeners.add(listener);
    this.listenersChanged();
    return () => this.off(name, listener);
  }

  off<Name extends keyof Events>(name: Name, listener: Listener<Events[Name]>): void {
    if (this.#listeners.get(name)?.delete(listener)) this.listenersChanged();
  }

  /** @internal */
  hasListeners(...names: (keyof Events)[]): boolean {
    return names.some((name) => (this.#listeners.get(name)?.size ?? 0) > 0);
  }

  /** @internal */
  emit<Name extends keyof Events>(name: Name, event: Events[Name]): void {
    for (const listener of [...(this.#listeners.get(name) ?? [])]) {
      try {
        (listener as Listener<Events[Name]>)(event);
      } catch (thrown) {
        report(thrown);
      }
    }
  }

  /** @internal */
  protected listenersChanged(): void {}
}

function report(thrown: unknown): void {
  if (typeof reportError === "function") reportError(thrown);
  else queueMicrotask(() => { throw thrown; });
}
