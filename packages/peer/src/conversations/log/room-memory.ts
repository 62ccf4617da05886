import {
  type Chain,
  type DeviceKey,
  type EntryHeader,
  type EntryId,
  KNOWN_ENTRIES_PER_ROOM_MAX,
  MISSING_ENTRIES_REMEMBERED_MAX,
  type RoomId,
} from "@papo/protocol";
import type { EntryLine, HistoryReader } from "../../storage/history/history.ts";
import { checkHeader } from "./header-check.ts";
import { KnownEntries, type Place } from "./known-entries.ts";

/** The last accepted entry of a chain. `bytes`: of the bodies of the whole chain; only kept where the room has a quota. */
export type Tip = {
  readonly device: DeviceKey;
  readonly chain: Chain;
  readonly seq: number;
  readonly id: EntryId;
  readonly bytes: number;
};

export function chainName(device: DeviceKey, chain: Chain): string {
  return chain === "control" ? `!${device}` : device;
}

/** What the main thread remembers of one room's durable log. It grows with the devices of the room, not with its entries. */
export class RoomMemory {
  readonly room: RoomId;
  /** This device. */
  readonly self: DeviceKey;
  readonly history: HistoryReader;
  readonly known = new KnownEntries();
  readonly tipByName = new Map<string, Tip>();
  /** Entries of which the store remembers who names them: missing ones, and those that may still move. Undefined: too many to remember. */
  named: Set<EntryId> | undefined;
  /** Lately looked for in vain. */
  readonly #absent = new Set<EntryId>();
  /** Content entries of others that no other accepted entry builds on: what is written next names them. Undefined until something is written. */
  uncovered: Map<DeviceKey, Tip> | undefined;

  constructor(room: RoomId, self: DeviceKey, history: HistoryReader) {
    this.room = room;
    this.self = self;
    this.history = history;
    for (const { author, chain, seq, id } of history.heads(room)) {
      const bytes = chain === "content" ? Number(history.setting(quotaSetting(room, author)) ?? 0) : 0;
      if (seq > 0) this.tipByName.set(chainName(author, chain), { device: author, chain, seq, id, bytes });
    }
    const named = history.missing(room, MISSING_ENTRIES_REMEMBERED_MAX + 1);
    this.named = named.length > MISSING_ENTRIES_REMEMBERED_MAX ? undefined : new Set(named);
  }

  /** Where an entry stands that is held and counts. */
  placeOf(id: EntryId): Place | undefined {
    const known = this.known.get(id);
    if (known !== undefined) return known;
    if (this.#absent.has(id)) return undefined;
    const line = this.history.entry(this.room, id);
    if (line === undefined || line.isVoid) {
      if (this.#absent.size >= KNOWN_ENTRIES_PER_ROOM_MAX) this.#absent.clear();
      this.#absent.add(id);
      return undefined;
    }
    const place = {
      effective: line.effective,
      lamport: headerOf(line.header).lamport,
      hasBody: line.body !== null,
    };
    if (!this.#isBehindGap(line)) this.known.set(id, place);
    return place;
  }

  /** Left of a damaged history. It is held, but what stands before it is lost, so it has to come once more. */
  #isBehindGap({ author, chain, seq }: EntryLine): boolean {
    return chain === "content" && seq > (this.tipByName.get(chainName(author, chain))?.seq ?? 0);
  }

  /** It is held now, or counts no more, or again. */
  changed(id: EntryId): void {
    this.#absent.delete(id);
    this.known.delete(id);
  }
}

/** Where the bytes of a device's chain are counted on. */
export function quotaSetting(room: RoomId, device: DeviceKey): string {
  return `room-bytes/${room}/${device}`;
}

/** The header of an entry that is held, so that has been decoded before. */
export function headerOf(bytes: Uint8Array): EntryHeader {
  const json: unknown = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8"));
  const header = checkHeader(json);
  if (!header.ok) throw new TypeError("a stored header does not read back");
  return header.value;
}
