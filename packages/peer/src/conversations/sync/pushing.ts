import {
  type EntryBatch,
  FULL_MESH_MEMBERS_MAX,
  PARTIAL_MESH_LINKS,
  SYNC_PUSH_QUEUE_BYTES_MAX,
  type DeviceKey,
} from "@papo/protocol";
import type { StoredEntry } from "../../storage/history/history.ts";
import type { RoomReplica } from "../log/room-replica.ts";
import { batchesOf } from "./batches.ts";
import type { Holdings } from "./holdings.ts";
import type { LinkTalk } from "./link-talk.ts";
import type { SharedRoom } from "./shared-room.ts";

export type PushingPorts = {
  readonly replica: RoomReplica;
  readonly shared: () => Iterable<SharedRoom>;
  readonly holdings: Holdings;
  /** Whom we chose to be linked with in a large room. */
  readonly neighbours: () => ReadonlySet<DeviceKey>;
};

/** Links beyond our own choice that a large room's entries are pushed to: those who chose us. */
const FED_LINKS_MAX = 2 * PARTIAL_MESH_LINKS;

/**
 * New entries of one room go out at once, one batch for each turn of the loop. In a small room the author's device sends to everybody it is linked with; others
 * pass on only to whoever said that it has no link with the author. In a large one everybody passes on to their neighbours. What is not pushed, or is lost, is
 * offered (`Offering`). docs/protocol/room-log.md §7.5
 */
export class Pushing {
  readonly #ports: PushingPorts;
  #own: StoredEntry[] = [];

  constructor(ports: PushingPorts) {
    this.#ports = ports;
  }

  /** Of this device, just stored. */
  written(entries: readonly StoredEntry[]): void {
    this.#own.push(...entries);
    if (this.#own.length === entries.length) queueMicrotask(() => this.#flush());
  }

  /** Of others, just stored. */
  passOn(entries: readonly StoredEntry[], from: readonly LinkTalk[]): void {
    if (this.#isSmall()) {
      for (const shared of this.#ports.shared()) {
        if (shared.carriesFor.size === 0 || from.includes(shared.talk)) continue;
        const carried = entries.filter(({ author }) => shared.carriesFor.has(author) && author !== shared.link.device);
        this.#push(shared, carried, undefined);
      }
      return;
    }
    const whole = this.#batches(entries);
    for (const shared of this.#targets()) {
      if (!from.includes(shared.talk)) this.#push(shared, entries, whole);
    }
  }

  #flush(): void {
    const entries = this.#own;
    this.#own = [];
    const whole = this.#batches(entries);
    for (const shared of this.#targets()) this.#push(shared, entries, whole);
  }

  #targets(): readonly SharedRoom[] {
    const members = [...this.#ports.shared()].filter((shared) => shared.standing === "member");
    if (this.#isSmall()) return members;
    const chosen = this.#ports.neighbours();
    const own = members.filter(({ link }) => chosen.has(link.device));
    const others = members.filter((shared) => !chosen.has(shared.link.device));
    const fed = others.toSorted((a, b) => Number(b.feedsUs) - Number(a.feedsUs));
    return [...own, ...fed.slice(0, FED_LINKS_MAX - own.length)];
  }

  /** `whole`: all of them in frames, the same ones for everybody who may have all. */
  #push(shared: SharedRoom, entries: readonly StoredEntry[], whole: readonly EntryBatch[] | undefined): void {
    // To a link that is behind with reading it is offered when it has caught up.
    if (entries.length === 0 || shared.link.queuedBytes > SYNC_PUSH_QUEUE_BYTES_MAX) return;
    const wanted = this.#wantedBy(shared, entries);
    const batches = whole !== undefined && wanted.length === entries.length ? whole : this.#batches(wanted);
    for (const batch of batches) if (shared.link.sayEntries(batch) !== "sent") break;
  }

  /** Within its history, and not what it has shown to have. A run keeps its end, where its signature is. */
  #wantedBy({ link }: SharedRoom, entries: readonly StoredEntry[]): readonly StoredEntry[] {
    const { replica, holdings } = this.#ports;
    const right = replica.readingRight(link.account);
    if (right.kind !== "from") return [];
    return entries.filter(({ author, chain, seq, isVoid }) => {
      if (isVoid) return false;
      if (chain === "content" && seq <= (right.base.get(author) ?? 0)) return false;
      return seq > holdings.of(link, author)[chain];
    });
  }

  #batches(entries: readonly StoredEntry[]): readonly EntryBatch[] {
    return batchesOf(this.#ports.replica.id, entries);
  }

  #isSmall(): boolean {
    return this.#ports.replica.state.memberByAccount.size <= FULL_MESH_MEMBERS_MAX;
  }
}
