import { type Fault, fault } from "@papo/protocol";
import { isLoopback } from "../mesh/dialable.ts";
import type { PeerLink } from "../mesh/peer-link.ts";
import type { TrackerLine } from "../tracker-session/tracker-line.ts";

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
  readonly line: () => TrackerLine | undefined;
  /** Gives a session up that does not answer, and opens the next at once; without one, does not wait any longer. */
  readonly renewSession: (reason: Fault) => void;
  readonly links: () => readonly PeerLink[];
  /** Whoever is not linked is dialled now, those anew whose dials are under way. */
  readonly redial: () => void;
  /** Before anything else: what was known of the network before may hold no more. */
  readonly moved: (news: NetworkNews) => void;
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
    const { moved, links, redial } = this.#ports;
    moved(news);
    // Without any network nothing answers, and links may live on when it is back.
    if (this.#watching.addresses.every(isLoopback)) return;
    for (const link of links()) void this.#examine(link);
    void this.#examineLine();
    redial();
  }

  async #examine(link: PeerLink): Promise<void> {
    const isGone = !this.isOurs(link.ends.localAddress);
    if (isGone) return link.destroy(fault("lost", "the address of ours is gone"));
    if (!(await link.answers()) && link.isOpen) link.destroy(fault("dead", "no answer after the network changed"));
  }

  async #examineLine(): Promise<void> {
    const { line, renewSession } = this.#ports;
    const asked = line();
    if (asked === undefined) return renewSession(fault("lost", "the network changed"));
    if (!this.isOurs(asked.ends.localAddress)) return renewSession(fault("lost", "the address of ours is gone"));
    const answers = await asked.answers();
    if (!answers && line() === asked) renewSession(fault("dead", "no answer after the network changed"));
  }
}
