import type { Clock, Timer } from "@papo/link";
import { HAPPY_EYEBALLS_DELAY_MS } from "@papo/protocol";
import { placeKey } from "../../addresses/place.ts";
import type { Address } from "../contacts.ts";

/** Addresses of one device that one attempt dials, at most. */
const ADDRESSES_TRIED_MAX = 16;

export type AddressRacePorts = {
  readonly clock: Clock;
  /** Never fails by throwing. A failure only lets the next one begin. */
  readonly dial: (address: Address) => Promise<void>;
};

/**
 * Dials addresses one after the other without waiting for each to fail: the next begins HAPPY_EYEBALLS_DELAY_MS after the one before, or when that has
 * failed (RFC 8305 §5). More may be added on the way; none is dialled twice.
 */
export class AddressRace {
  readonly #ports: AddressRacePorts;
  readonly #known = new Set<string>();
  readonly #waiting: Address[] = [];
  #running = 0;
  #isHeld = false;
  #timer: Timer | undefined;
  #onIdle: (() => void)[] = [];

  constructor(ports: AddressRacePorts) {
    this.#ports = ports;
  }

  /** Whether any was ever dialled here. */
  get hasBegun(): boolean {
    return this.#known.size > 0;
  }

  add(addresses: readonly Address[]): void {
    for (const address of addresses) {
      const key = placeKey(address);
      if (this.#isHeld || this.#known.has(key) || this.#known.size >= ADDRESSES_TRIED_MAX) continue;
      this.#known.add(key);
      this.#waiting.push(address);
    }
    if (this.#timer === undefined) this.#next();
  }

  /** No other is begun any more. */
  hold(): void {
    this.#isHeld = true;
    this.#waiting.length = 0;
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#tellIdle();
  }

  /** Resolves when none is being dialled and none waits; at once if that is so now. */
  idle(): Promise<void> {
    if (this.#running === 0 && this.#waiting.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.#onIdle.push(resolve));
  }

  #next(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    const address = this.#waiting.shift();
    if (address === undefined) return this.#tellIdle();
    this.#running += 1;
    this.#timer = this.#ports.clock.after(HAPPY_EYEBALLS_DELAY_MS, () => this.#next());
    void this.#ports.dial(address).finally(() => {
      this.#running -= 1;
      if (this.#isHeld) this.#tellIdle();
      else this.#next();
    });
  }

  #tellIdle(): void {
    if (this.#running > 0 || this.#waiting.length > 0) return;
    const waiting = this.#onIdle;
    this.#onIdle = [];
    for (const resolve of waiting) resolve();
  }
}
