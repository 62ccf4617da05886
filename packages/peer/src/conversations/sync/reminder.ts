import type { Clock, Random, Timer } from "@papo/link";
import { REOFFER_FIRST_MS, REOFFER_LAST_MS } from "@papo/protocol";

export type ReminderPorts = {
  readonly clock: Clock;
  readonly random: Random;
  readonly isNeeded: () => boolean;
  readonly remind: () => void;
};

/**
 * Does something again as long as it is needed: first after REOFFER_FIRST_MS without progress, then at intervals that double up to REOFFER_LAST_MS. Nothing
 * runs while nothing is needed. docs/protocol/room-log.md §7.6
 */
export class Reminder {
  readonly #ports: ReminderPorts;
  #timer: Timer | undefined;
  #waitMs = REOFFER_FIRST_MS;
  #hasProgressed = false;

  constructor(ports: ReminderPorts) {
    this.#ports = ports;
  }

  /** It may be needed from now on. */
  watch(): void {
    if (this.#timer !== undefined) return;
    // Spread out, so that not everybody reminds the same one at the same moment.
    const delayMs = this.#waitMs * (1 + this.#ports.random.fraction() / 4);
    this.#timer = this.#ports.clock.after(delayMs, () => this.#look());
  }

  /** It is on its way: no need to remind yet. */
  progressed(): void {
    this.#hasProgressed = true;
    if (this.#waitMs === REOFFER_FIRST_MS) return;
    this.#waitMs = REOFFER_FIRST_MS;
    if (this.#timer === undefined) return;
    this.stop();
    this.watch();
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #look(): void {
    this.#timer = undefined;
    if (!this.#ports.isNeeded()) {
      this.#waitMs = REOFFER_FIRST_MS;
      return;
    }
    if (this.#hasProgressed) this.#waitMs = REOFFER_FIRST_MS;
    else {
      this.#ports.remind();
      this.#waitMs = Math.min(this.#waitMs * 2, REOFFER_LAST_MS);
    }
    this.#hasProgressed = false;
    this.watch();
  }
}
