import { CONTROL_ENTRIES_MAX, type EntryId, type RoomId } from "@papo/protocol";
import type { HistoryReader } from "../../storage/history/history.ts";
import { ControlSet } from "./control-set.ts";
import { type OpenedEntry, openEntry } from "./opened-entry.ts";
import type { RoomState } from "./room-state.ts";

/**
 * The control set of a room as its replica grows it, and control entries that are held and wait for others: our own `join` is written before
 * anything of the room is here.
 */
export class GrowingControl {
  readonly #room: RoomId;
  #set: ControlSet;
  readonly #waiting = new Map<EntryId, OpenedEntry>();

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
    this.#offerWaiting();
    return "taken";
  }

  /** Holds an entry of ours that cannot be judged yet. */
  keep(entry: OpenedEntry): void {
    this.#waiting.set(entry.id, entry);
  }

  #offerWaiting(): void {
    for (let moved = true; moved; ) {
      moved = false;
      for (const [id, entry] of this.#waiting) {
        if (this.#set.add(entry) === "waiting") continue;
        this.#waiting.delete(id);
        moved = true;
      }
    }
  }

  /** As it is durable: after a start, and after something that was taken did not become so. */
  load(history: HistoryReader): void {
    this.#set = new ControlSet(this.#room);
    this.#waiting.clear();
    for (const { header, signature, body } of history.control(this.#room)) {
      const opened = openEntry({ header, signature, body });
      if (opened.ok && this.offer(opened.value) === "waits") this.keep(opened.value);
    }
  }
}
