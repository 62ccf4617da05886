import type { PeerEvent } from "./api.ts";

/**
 * The one stream of what happens, in order. An event that a listener's own call causes is told after the one it is
 * looking at, to everybody.
 */
export class EventStream {
  readonly #listeners = new Set<(event: PeerEvent) => void>();
  readonly #waiting: PeerEvent[] = [];
  #telling = false;

  subscribe(listener: (event: PeerEvent) => void): () => void {
    // One function may listen twice: each subscription is its own.
    const own = (event: PeerEvent): void => listener(event);
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  emit(event: PeerEvent): void {
    this.#waiting.push(event);
    if (this.#telling) return;
    this.#telling = true;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) this.#tell(next);
    this.#telling = false;
  }

  #tell(event: PeerEvent): void {
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (mistake) {
        // A front end's mistake is not the engine's: its own state stays whole, and the mistake stays loud.
        queueMicrotask(() => {
          throw mistake;
        });
      }
    }
  }
}
