import type { Username } from "@papo/protocol";
import { compareText } from "../../repositories/name-order.ts";
import type { StoredPeer } from "../../repositories/peer-repository.ts";
import type { PeerTable } from "../tables.ts";
import { SortedList } from "./sorted-list.ts";

export class MemoryPeers implements PeerTable {
  readonly #peerByName = new Map<Username, StoredPeer>();
  readonly #order = new SortedList<Username>(compareText);

  save(peer: StoredPeer): void {
    if (!this.#peerByName.has(peer.username)) this.#order.add(peer.username);
    this.#peerByName.set(peer.username, peer);
  }

  find(username: Username): StoredPeer | undefined {
    return this.#peerByName.get(username);
  }

  page(after: Username | undefined, limit: number): readonly StoredPeer[] {
    return this.#order.page(after, limit).flatMap((username) => this.#peerByName.get(username) ?? []);
  }

  disconnectAll(): void {
    for (const [username, peer] of this.#peerByName) {
      if (peer.connected) this.#peerByName.set(username, { ...peer, connected: false });
    }
  }

  all(): Iterable<StoredPeer> {
    return this.#peerByName.values();
  }
}
