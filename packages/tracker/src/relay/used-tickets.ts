import { RELAY_TICKETS_REMEMBERED_MAX } from "@papo/protocol";

/** Which tickets have been used. Each is remembered until nobody could use it any more. */
export class UsedTickets {
  /** Time of forgetting by ticket. All live alike long, so they go about in the order in which they came. */
  readonly #forgottenAtMs = new Map<string, number>();

  /** False when it was used before, or when so many are remembered that nobody could tell. */
  use(ticket: string, untilMs: number, nowMs: number): boolean {
    this.#forget(nowMs);
    if (this.#forgottenAtMs.has(ticket) || this.#forgottenAtMs.size >= RELAY_TICKETS_REMEMBERED_MAX) return false;
    this.#forgottenAtMs.set(ticket, untilMs);
    return true;
  }

  #forget(nowMs: number): void {
    for (const [ticket, untilMs] of this.#forgottenAtMs) {
      if (untilMs > nowMs) return;
      this.#forgottenAtMs.delete(ticket);
    }
  }
}
