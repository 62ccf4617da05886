import type { Clock } from "@papo/link";
import { CALLS_OF_STRANGERS_PER_MINUTE_MAX, CALLS_PER_DEVICE_PER_MINUTE_MAX, PEER_LINKS_MAX } from "@papo/protocol";

const MINUTE_MS = 60_000;

/** How many calls of others are answered, so that nobody keeps us busy with them. */
export class CallAllowances {
  readonly #clock: Clock;
  readonly #strangers: Allowance;
  /** Heard longest ago first. */
  readonly #byKey = new Map<string, Allowance>();

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#strangers = new Allowance(clock, CALLS_OF_STRANGERS_PER_MINUTE_MAX);
  }

  /** `key`: of the device. False: not this one. */
  admit(key: string, who: "known" | "stranger"): boolean {
    const own = this.#byKey.get(key) ?? new Allowance(this.#clock, CALLS_PER_DEVICE_PER_MINUTE_MAX);
    this.#byKey.delete(key);
    this.#byKey.set(key, own);
    const [oldest] = this.#byKey.keys();
    if (this.#byKey.size > PEER_LINKS_MAX && oldest !== undefined) this.#byKey.delete(oldest);
    return own.take() && (who === "known" || this.#strangers.take());
  }
}

/** So many a minute, and so many at once after a quiet minute. */
class Allowance {
  readonly #clock: Clock;
  readonly #perMinute: number;
  #left: number;
  #countedMs: number;

  constructor(clock: Clock, perMinute: number) {
    this.#clock = clock;
    this.#perMinute = perMinute;
    this.#left = perMinute;
    this.#countedMs = clock.monotonicMs();
  }

  take(): boolean {
    const nowMs = this.#clock.monotonicMs();
    this.#left = Math.min(this.#perMinute, this.#left + ((nowMs - this.#countedMs) * this.#perMinute) / MINUTE_MS);
    this.#countedMs = nowMs;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
