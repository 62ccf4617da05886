import {
  type Chain,
  type EntryBatch,
  FULL_MESH_MEMBERS_MAX,
  SYNC_PUSH_BACKLOG_ENTRIES_MAX,
  PARTIAL_MESH_LINKS,
  SYNC_PUSH_QUEUE_BYTES_MAX,
  type DeviceKey,
  batchBytesOf,
} from "@papo/protocol";
import type { StoredEntry } from "../../storage/history/history.ts";
import type { RoomReplica } from "../log/room-replica.ts";
import { batchesOf } from "./batches.ts";
import type { Holdings } from "./holdings.ts";
import type { LinkTalk } from "./link-talk.ts";
import type { SharedRoom } from "./shared-room.ts";

export type PushingPorts = {
  readonly replica: RoomReplica;
  /** This device. */
  readonly self: DeviceKey;
  readonly shared: () => Iterable<SharedRoom>;
  readonly holdings: Holdings;
  /** Whom we chose to be linked with in a large room. */
  readonly neighbours: () => ReadonlySet<DeviceKey>;
};

const CHAINS = ["control", "content"] as const;

/** Links beyond our own choice that a large room's entries are pushed to: those who chose us. */
const FED_LINKS_MAX = 2 * PARTIAL_MESH_LINKS;

/**
 * New entries of one room go out at once, one batch for each turn of the loop. In a small room the author's device sends to everybody it is linked with; others
 * pass on only to whoever said that it has no link with the author. In a large one everybody passes on to their neighbours. What a full queue does not take of
 * our own goes on from the log when there is room; what else is not pushed, or is lost, is offered (`SharedRoom.offers`). docs/protocol/room-log.md §7.5
 */
export class Pushing {
  readonly #ports: PushingPorts;
  #own: StoredEntry[] = [];
  /** Those whose queue was full: they are sent the rest as it empties. */
  readonly #behind = new Set<SharedRoom>();
  /** The newest of our own content while somebody is behind, by number and without gaps, so that little of it is read from the disk again. */
  #backlog: readonly StoredEntry[] = [];

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
    if (this.#behind.size > 0) this.#keep(entries);
    for (const shared of this.#targets()) {
      if (!from.includes(shared.talk)) this.#push(shared, entries, whole);
    }
  }

  #flush(): void {
    const entries = this.#own;
    this.#own = [];
    const whole = this.#batches(entries);
    for (const shared of this.#targets()) {
      // Whoever is behind is sent these in their turn.
      if (this.#behind.has(shared)) continue;
      const unsent = this.#push(shared, entries, whole);
      if (unsent.length > 0) void this.#catchUp(shared, unsent);
    }
  }

  /** Sends on from the log what a full queue did not take, piece by piece as the queue empties, so that a burst arrives whole and without waiting for an offer. */
  async #catchUp(shared: SharedRoom, unsent: readonly StoredEntry[]): Promise<void> {
    const next = { control: Number.POSITIVE_INFINITY, content: Number.POSITIVE_INFINITY };
    for (const { chain, seq } of unsent) next[chain] = Math.min(seq, next[chain]);
    if (this.#behind.size === 0) this.#keep(unsent);
    this.#behind.add(shared);
    do await shared.link.drained();
    while (this.#sendOn(shared, next));
    this.#behind.delete(shared);
    if (this.#behind.size === 0) this.#backlog = [];
  }

  #keep(entries: readonly StoredEntry[]): void {
    const content = entries.filter(({ chain }) => chain === "content");
    this.#backlog = [...this.#backlog, ...content].slice(-SYNC_PUSH_BACKLOG_ENTRIES_MAX);
  }

  /** False when there is nothing more to send, or nobody to send it to. `next`: the first number of each chain that was not sent. */
  #sendOn({ link, standing }: SharedRoom, next: Record<Chain, number>): boolean {
    const { replica, self } = this.#ports;
    if (!link.isOpen || standing !== "member") return false;
    const chain = CHAINS.find((kind) => next[kind] <= replica.head(self, kind));
    if (chain === undefined) return false;
    const range = { device: self, chain, from: next[chain], to: replica.head(self, chain) };
    const kept = chain === "content" ? this.#kept(range.from) : [];
    const entries = kept.length > 0 ? kept : replica.serve([range], SYNC_PUSH_QUEUE_BYTES_MAX, link.account).entries;
    next[chain] += entries.length;
    for (const batch of batchesOf(replica.id, entries)) if (link.sayEntries(batch) === "closed") return false;
    return entries.length > 0;
  }

  /** As many entries from this number on as a queue takes; none where the first of them is not in memory. */
  #kept(from: number): readonly StoredEntry[] {
    const first = this.#backlog[0]?.seq ?? Number.POSITIVE_INFINITY;
    if (from < first) return [];
    let bytes = 0;
    let end = from - first;
    for (; end < this.#backlog.length && bytes < SYNC_PUSH_QUEUE_BYTES_MAX; end += 1) {
      const entry = this.#backlog[end];
      if (entry !== undefined) bytes += batchBytesOf(entry);
    }
    return this.#backlog.slice(from - first, end);
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

  /** `whole`: all of them in frames, the same ones for everybody who may have all. Returns what the link's queue had no room for. */
  #push(
    shared: SharedRoom,
    entries: readonly StoredEntry[],
    whole: readonly EntryBatch[] | undefined,
  ): readonly StoredEntry[] {
    if (entries.length === 0) return entries;
    const wanted = this.#wantedBy(shared, entries);
    const batches = whole !== undefined && wanted.length === entries.length ? whole : this.#batches(wanted);
    let sent = 0;
    for (const batch of batches) {
      if (shared.link.queuedBytes > SYNC_PUSH_QUEUE_BYTES_MAX) break;
      if (shared.link.sayEntries(batch) === "closed") return [];
      sent += batch.entries.length;
    }
    return wanted.slice(sent);
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
