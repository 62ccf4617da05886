import {
  type AccountKey,
  type DeviceKey,
  type EntryBatch,
  FULL_MESH_MEMBERS_MAX,
  PARTIAL_MESH_LINKS,
  type RoomId,
  type SyncReceipt,
  type SyncSays,
} from "@papo/protocol";
import type { StoredEntry } from "../../storage/history/history.ts";
import type { SyncLink } from "../../mesh/sync-link.ts";
import { LinkTalk } from "./link-talk.ts";
import { type Neighbours, chooseNeighbours } from "./neighbours.ts";
import { readReceipt } from "./receipts.ts";
import { RoomTalk } from "./room-talk.ts";
import type { PassedOver, RoomSyncPorts } from "./sync-ports.ts";

const DAY_MS = 86_400_000;

/**
 * Brings the logs of an account's rooms together with those of everybody it is linked with, and knows who has what. It owns no log, no socket and no clock:
 * whoever drives it tells what happens, and is told what became of it. docs/protocol/room-log.md §7, §8
 */
export class RoomSync {
  readonly #ports: RoomSyncPorts;
  readonly #talkByLink = new Map<SyncLink, LinkTalk>();
  /** The one link with each device over which is spoken; others with it are only heard. */
  readonly #talkByProgram = new Map<string, LinkTalk>();
  readonly #rooms = new Map<RoomId, RoomTalk>();
  readonly #neighboursByRoom = new Map<RoomId, Neighbours>();
  readonly #passedOver = { strangers: 0, receipts: 0, chatter: 0, promises: 0 };
  #isPullDue = false;

  constructor(ports: RoomSyncPorts) {
    this.#ports = ports;
  }

  /** For diagnostics. */
  get passedOver(): PassedOver {
    return { ...this.#passedOver };
  }

  close(): void {
    for (const room of [...this.#rooms.keys()]) this.roomClosed(room);
    this.#talkByLink.clear();
    this.#talkByProgram.clear();
  }

  // ---- links

  /** A verified link whose account is believed. A second one with the same device takes over; the first is heard until it closes. */
  linkOpened(link: SyncLink): void {
    const program = programOf(link);
    const older = this.#talkByProgram.get(program);
    if (older?.link === link) return;
    const talk = this.#talkByLink.get(link) ?? new LinkTalk(link, { clock: this.#ports.clock, replica: this.#replica });
    this.#talkByLink.set(link, talk);
    this.#talkByProgram.set(program, talk);
    if (older !== undefined) for (const room of this.#rooms.values()) room.linkClosed(older);
    for (const id of this.#ports.rooms()) this.#room(id)?.linkOpened(talk);
  }

  linkClosed(link: SyncLink): void {
    const talk = this.#talkByLink.get(link);
    if (talk === undefined) return;
    this.#talkByLink.delete(link);
    if (this.#talkByProgram.get(programOf(link)) !== talk) return;
    this.#talkByProgram.delete(programOf(link));
    for (const room of this.#rooms.values()) room.linkClosed(talk);
    this.#pullSoon();
  }

  heard(link: SyncLink, said: SyncSays): void {
    const talk = this.#talkOf(link);
    if (talk === undefined) return;
    if (!talk.budget.take()) return this.#count("chatter");
    if (said.cmd === "RECEIPT") return this.#receiptHeard(talk, said);
    const room = this.#room(said.room);
    if (room === undefined) return this.#count("strangers");
    room.heard(talk, said);
  }

  #receiptHeard(talk: LinkTalk, { receipt }: SyncReceipt): void {
    const read = readReceipt(receipt);
    if (read === undefined) return this.#count("receipts");
    const room = this.#room(read.receipt.room);
    if (room === undefined) return this.#count("strangers");
    room.receiptHeard(talk, read);
  }

  heardEntries(link: SyncLink, { room: id, entries }: EntryBatch): void {
    const talk = this.#talkOf(link);
    if (talk === undefined) return;
    const room = this.#room(id);
    if (room === undefined) return this.#count("strangers");
    room.entriesIn(talk, entries);
  }

  // ---- rooms

  /** There is a replica of it from now on. */
  roomOpened(id: RoomId): void {
    const room = this.#room(id);
    if (room === undefined) return;
    for (const talk of this.#talkByProgram.values()) room.linkOpened(talk);
  }

  roomClosed(id: RoomId): void {
    this.#rooms.get(id)?.close();
    this.#rooms.delete(id);
    this.#neighboursByRoom.delete(id);
    this.#pullSoon();
  }

  /** What this device wrote, once it is durable. */
  appended(id: RoomId, entries: readonly StoredEntry[]): void {
    if (entries.length > 0) this.#room(id)?.appended(entries);
  }

  /** The tracker's list of the room has changed, or whom we wait to be let in by. */
  membersChanged(id: RoomId): void {
    this.#room(id)?.membersChanged();
  }

  /** The user has read further there, or whether they tell it has changed. */
  readMarksChanged(id: RoomId): void {
    this.#room(id)?.read();
  }

  /** Whether everything is here that those have who are linked. False while nobody is, in a room of more than one. */
  isCaughtUp(id: RoomId): boolean {
    return this.#room(id)?.isCaughtUp ?? false;
  }

  /** Other accounts known to have stored this device's messages up to this number: k of `stored k/n`; in a large room, at least these. */
  storedBy(id: RoomId, author: DeviceKey, seq: number): ReadonlySet<AccountKey> {
    return this.#room(id)?.knowledge.storedBy(author, seq) ?? new Set();
  }

  readBy(id: RoomId, author: DeviceKey, seq: number): ReadonlySet<AccountKey> {
    return this.#room(id)?.knowledge.readBy(author, seq) ?? new Set();
  }

  /**
   * Which of the devices that are online in a room are to be linked with: a few in a large room; undefined, all, in a small one. The choice lasts as long as it
   * can; to be asked again when who is online changes, and once a day.
   */
  neighbours(id: RoomId, online: Iterable<DeviceKey>): ReadonlySet<DeviceKey> | undefined {
    const room = this.#room(id);
    const others = new Set(online);
    others.delete(this.#ports.self.device);
    // Who has nothing of it yet cannot know how large it is: the tracker's word is as good.
    const isNew = room?.replica.state.genesis === undefined;
    if (isNew ? others.size <= FULL_MESH_MEMBERS_MAX : room.isSmall) {
      this.#neighboursByRoom.delete(id);
      return undefined;
    }
    const linked = new Set([...this.#talkByProgram.values()].map(({ link }) => link.device));
    const chosen = chooseNeighbours({
      self: this.#ports.self.device,
      day: Math.floor(this.#ports.clock.wallMs() / DAY_MS),
      candidates: [...others].map((device) => ({ device, isNearby: linked.has(device) })),
      previous: this.#neighboursByRoom.get(id)?.drawn ?? new Set(),
      count: PARTIAL_MESH_LINKS,
      random: this.#ports.random,
    });
    if (room !== undefined) this.#neighboursByRoom.set(id, chosen);
    return allOf(chosen);
  }

  // ---- inside

  readonly #replica = (id: RoomId): ReturnType<RoomSyncPorts["replica"]> => this.#ports.replica(id);

  /** The talk about a room, from the first time that it matters. */
  #room(id: RoomId): RoomTalk | undefined {
    const known = this.#rooms.get(id);
    if (known !== undefined) return known;
    const replica = this.#ports.replica(id);
    if (replica === undefined) return undefined;
    const room = new RoomTalk(replica, {
      sync: this.#ports,
      talks: () => this.#talkByProgram.values(),
      neighbours: () => allOf(this.#neighboursByRoom.get(id)),
      pull: () => this.#pullSoon(),
      passedOver: (what) => this.#count(what),
    });
    this.#rooms.set(id, room);
    return room;
  }

  #talkOf(link: SyncLink): LinkTalk | undefined {
    return this.#talkByLink.has(link) ? this.#talkByProgram.get(programOf(link)) : undefined;
  }

  /** Once for everything that one turn of the loop has brought, newest rooms first. */
  #pullSoon(): void {
    if (this.#isPullDue) return;
    this.#isPullDue = true;
    queueMicrotask(() => {
      this.#isPullDue = false;
      for (const id of this.#ports.rooms()) this.#rooms.get(id)?.pull();
    });
  }

  #count(what: keyof PassedOver): void {
    this.#passedOver[what] += 1;
  }
}

function allOf(neighbours: Neighbours | undefined): ReadonlySet<DeviceKey> {
  return new Set([...(neighbours?.near ?? []), ...(neighbours?.drawn ?? [])]);
}

function programOf({ account, device }: SyncLink): string {
  return `${account} ${device}`;
}
