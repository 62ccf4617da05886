import { RELAY_TICKETS_REMEMBERED_MAX } from "@papo/protocol";

/**
 * Which tickets have been used. Each is remembered until nobody could use it any more, or until so many more have been that it is the oldest of too
 * many: somebody who overheard it may then take its place once more, which hurts less than a relay that takes nobody.
 */
export class UsedTickets {
  /** Time of forgetting by ticket. All live alike long, so they go about in the order in which they came. */
  readonly #forgottenAtMs = new Map<string, number>();

  has(ticket: string, nowMs: number): boolean {
    this.#forget(nowMs);
    return this.#forgottenAtMs.has(ticket);
  }

  add(ticket: string, untilMs: number): void {
    this.#forgottenAtMs.set(ticket, untilMs);
    const [oldest] = this.#forgottenAtMs.keys();
    if (this.#forgottenAtMs.size > RELAY_TICKETS_REMEMBERED_MAX && oldest !== undefined)
      this.#forgottenAtMs.delete(oldest);
  }

  #forget(nowMs: number): void {
    for (const [ticket, untilMs] of this.#forgottenAtMs) {
      if (untilMs > nowMs) return;
      this.#forgottenAtMs.delete(ticket);
    }
  }
}
