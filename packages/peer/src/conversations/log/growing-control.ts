import { CONTROL_ENTRIES_MAX, type DeviceKey, type EntryId, type RoomId } from "@papo/protocol";
import type { HistoryReader } from "../../storage/history/history.ts";
import { ControlSet } from "./control-set.ts";
import { type OpenedEntry, openEntry } from "./opened-entry.ts";
import type { RoomState } from "./room-state.ts";

export type Branch = { readonly device: DeviceKey; readonly seq: number; readonly id: EntryId };

/**
 * The control set of a room as its replica grows it, and control entries that are held and wait for others: our own `join` is written before
 * anything of the room is here.
 */
export class GrowingControl {
  readonly #room: RoomId;
  #set: ControlSet;
  readonly #waiting = new Map<EntryId, OpenedEntry>();
  /** The last entry of each branch, by device: one, unless the device forked. */
  readonly #tipsByDevice = new Map<DeviceKey, Map<EntryId, number>>();

  constructor(room: RoomId) {
    this.#room = room;
    this.#set = new ControlSet(room);
  }

  get state(): RoomState {
    return this.#set.state;
  }

  /** It says something here. */
  has(id: EntryId): boolean {
    return this.#set.has(id);
  }

  /** It is held, be it only to wait. */
  holds(id: EntryId): boolean {
    return this.#set.has(id) || this.#waiting.has(id);
  }

  offer(entry: OpenedEntry): "taken" | "waits" | "refused" {
    if (this.#set.size >= CONTROL_ENTRIES_MAX) return "refused";
    const verdict = this.#set.add(entry);
    if (verdict === "waiting") return "waits";
    if (verdict === "refused") return "refused";
    this.#noteTip(entry);
    this.#offerWaiting();
    return "taken";
  }

  /** Holds an entry of ours that cannot be judged yet. */
  keep(entry: OpenedEntry): void {
    this.#waiting.set(entry.id, entry);
  }

  /** The ends of all branches of devices that have more than one. */
  branches(): readonly Branch[] {
    const forked = [...this.#tipsByDevice].filter(([, tips]) => tips.size > 1);
    return forked.flatMap(([device, tips]) => [...tips].map(([id, seq]) => ({ device, seq, id })));
  }

  #noteTip({ id, header }: OpenedEntry): void {
    const tips = this.#tipsByDevice.get(header.author) ?? new Map<EntryId, number>();
    this.#tipsByDevice.set(header.author, tips);
    if (header.prev !== null) tips.delete(header.prev);
    tips.set(id, header.seq);
  }

  #offerWaiting(): void {
    for (let moved = true; moved; ) {
      moved = false;
      for (const [id, entry] of this.#waiting) {
        if (this.#set.add(entry) === "waiting") continue;
        this.#waiting.delete(id);
        if (this.#set.has(id)) this.#noteTip(entry);
        moved = true;
      }
    }
  }

  /** As it is durable: after a start, and after something that was taken did not become so. */
  load(history: HistoryReader): void {
    this.#set = new ControlSet(this.#room);
    this.#waiting.clear();
    this.#tipsByDevice.clear();
    for (const { header, signature, body } of history.control(this.#room)) {
      const opened = openEntry({ header, signature, body });
      if (opened.ok && this.offer(opened.value) === "waits") this.keep(opened.value);
    }
  }
}
