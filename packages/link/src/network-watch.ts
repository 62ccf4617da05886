import { type IpLiteral, NETWORK_LOOK_INTERVAL_MS, WAKE_GRACE_MS } from "@papo/protocol";
import type { Clock, Timer } from "./clock.ts";
import { localAddresses } from "./local-addresses.ts";

export type NetworkWatchOptions = {
  readonly clock: Clock;
  /** Told when this machine has another set of addresses than before; not of their order. */
  readonly changed: (addresses: readonly IpLiteral[]) => void;
  /** Told when this machine stood still and goes on: every connection may be dead without having said so. */
  readonly woke: () => void;
  /** How the addresses are read; the system's own unless a test says otherwise. */
  readonly read?: () => readonly IpLiteral[];
};

/** Looks every `NETWORK_LOOK_INTERVAL_MS` whether this machine is where it was, and awake. Costs one system call each time. */
export class NetworkWatch {
  readonly #options: NetworkWatchOptions;
  readonly #read: () => readonly IpLiteral[];
  #addresses: readonly IpLiteral[];
  #lookedMs: number;
  #lookedWallMs: number;
  #timer: Timer | undefined;

  constructor(options: NetworkWatchOptions) {
    const { clock, read = localAddresses } = options;
    this.#options = options;
    this.#read = read;
    this.#addresses = read();
    this.#lookedMs = clock.monotonicMs();
    this.#lookedWallMs = clock.wallMs();
    this.#lookLater();
  }

  /** As of the last look. */
  get addresses(): readonly IpLiteral[] {
    return this.#addresses;
  }

  /** Idempotent; nothing is told afterwards. */
  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #lookLater(): void {
    this.#timer = this.#options.clock.after(NETWORK_LOOK_INTERVAL_MS, () => this.#look());
  }

  #look(): void {
    this.#lookLater();
    const { changed, woke } = this.#options;
    if (this.#stoodStill()) woke();
    const addresses = this.#read();
    const isSame = setOf(addresses) === setOf(this.#addresses);
    this.#addresses = addresses;
    // `woke` may have stopped the watch.
    if (!isSame && this.#timer !== undefined) changed(addresses);
  }

  /** The look came late, or the wall clock ran on while the other one stood. */
  #stoodStill(): boolean {
    const { clock } = this.#options;
    const passedMs = clock.monotonicMs() - this.#lookedMs;
    const wallPassedMs = clock.wallMs() - this.#lookedWallMs;
    this.#lookedMs += passedMs;
    this.#lookedWallMs += wallPassedMs;
    return passedMs - NETWORK_LOOK_INTERVAL_MS >= WAKE_GRACE_MS || wallPassedMs - passedMs >= WAKE_GRACE_MS;
  }
}

function setOf(addresses: readonly IpLiteral[]): string {
  return [...new Set(addresses)].toSorted().join(" ");
}
