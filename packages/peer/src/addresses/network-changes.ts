import { isLoopback } from "../mesh/dialable.ts";

/** What becomes of this machine's networks. `woke`: it slept, and the others may have given up meanwhile. */
export type NetworkNews = "changed" | "woke";

/** Notices it, until it is stopped: `NetworkWatch` of the link package in production, a twin in tests. */
export interface NetworkWatching {
  /** IP addresses of this machine now. */
  readonly addresses: readonly string[];
  stop(): void;
}

/** Begins to notice. */
export type NetworkWatcher = (told: { readonly changed: () => void; readonly woke: () => void }) => NetworkWatching;

export type NetworkChangesPorts = {
  readonly watch: NetworkWatcher;
  /** Before anything else: what was known of the network before may hold no more. */
  readonly moved: (news: NetworkNews) => void;
  /** Whatever does not answer any more is to be made anew. */
  readonly examine: () => void;
};

/** Another network, or a long sleep: within seconds whatever does not answer any more is made anew. docs/protocol/peer.md §7.2 */
export class NetworkChanges {
  readonly #ports: NetworkChangesPorts;
  readonly #watching: NetworkWatching;

  constructor(ports: NetworkChangesPorts) {
    this.#ports = ports;
    this.#watching = ports.watch({ changed: () => this.#told("changed"), woke: () => this.#told("woke") });
  }

  /** Whether an address is one of this machine's now. */
  isOurs(address: string): boolean {
    return isLoopback(address) || this.#watching.addresses.includes(address);
  }

  stop(): void {
    this.#watching.stop();
  }

  #told(news: NetworkNews): void {
    this.#ports.moved(news);
    // Without any network nothing answers, and links may live on when it is back.
    if (this.#watching.addresses.every(isLoopback)) return;
    this.#ports.examine();
  }
}
