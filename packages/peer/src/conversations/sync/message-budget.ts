import type { Clock } from "@papo/link";
import { SYNC_MESSAGES_BURST, SYNC_MESSAGES_PER_SECOND } from "@papo/protocol";

/** What one link may say about logs. Chat messages have nothing to do with it: chatter does not keep them waiting. */
export class MessageBudget {
  readonly #clock: Clock;
  #left = SYNC_MESSAGES_BURST;
  #countedMs: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#countedMs = clock.monotonicMs();
  }

  /** False: passed over. Everything that is said there is said again if it matters. */
  take(): boolean {
    const nowMs = this.#clock.monotonicMs();
    const regained = ((nowMs - this.#countedMs) * SYNC_MESSAGES_PER_SECOND) / 1_000;
    this.#left = Math.min(SYNC_MESSAGES_BURST, this.#left + regained);
    this.#countedMs = nowMs;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
