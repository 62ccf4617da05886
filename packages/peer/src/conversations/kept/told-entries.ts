import type { Clock, Timer } from "@papo/link";
import { DEPENDENCY_WAIT_MS, ENTRIES_TOLD_LATER_MAX, type EntryId } from "@papo/protocol";
import type { StoredEntry } from "../../storage/history/history.ts";
import { headerOf } from "./read-entry.ts";

export type ToldEntriesPorts = {
  readonly clock: Clock;
  /** Something that its author had seen is not here. */
  readonly isAfterGap: (entry: StoredEntry) => boolean;
  /** Once for each entry, in this order. */
  readonly tell: (entries: readonly StoredEntry[]) => void;
};

type Waiting = { readonly entry: StoredEntry; readonly deps: ReadonlySet<EntryId>; isOverdue: boolean };

/**
 * When a durable entry is told: at once, or a little later where something that its author had seen may be about to come, but never for ever: then the
 * gap is marked. What builds on an entry that waits, waits with it, so that no author is shown with a hole and nothing before what it answers.
 */
export class ToldEntries {
  readonly #ports: ToldEntriesPorts;
  readonly #waitingById = new Map<EntryId, Waiting>();
  readonly #timers = new Set<Timer>();

  constructor(ports: ToldEntriesPorts) {
    this.#ports = ports;
  }

  isWaiting(id: EntryId): boolean {
    return this.#waitingById.has(id);
  }

  arrived(entries: readonly StoredEntry[]): void {
    const ready: StoredEntry[] = [];
    let waits = false;
    for (const entry of entries) {
      if (this.#waitingById.size >= ENTRIES_TOLD_LATER_MAX || !this.#mustWait(entry)) ready.push(entry);
      else {
        this.#waitingById.set(entry.id, { entry, deps: depsOf(entry), isOverdue: false });
        waits = true;
      }
    }
    if (waits) this.#wait(entries.map(({ id }) => id));
    ready.push(...this.#released());
    if (ready.length > 0) this.#ports.tell(ready);
  }

  #mustWait(entry: StoredEntry): boolean {
    if (entry.chain !== "content") return false;
    if (this.#waitingById.size > 0 && this.#buildsOnWaiting(entry, depsOf(entry))) return true;
    return this.#ports.isAfterGap(entry);
  }

  #buildsOnWaiting({ prev }: StoredEntry, deps: ReadonlySet<EntryId>): boolean {
    if (prev !== null && this.#waitingById.has(prev)) return true;
    for (const id of deps) if (this.#waitingById.has(id)) return true;
    return false;
  }

  #wait(ids: readonly EntryId[]): void {
    const timer = this.#ports.clock.after(DEPENDENCY_WAIT_MS, () => {
      this.#timers.delete(timer);
      for (const id of ids) {
        const waiting = this.#waitingById.get(id);
        if (waiting !== undefined) waiting.isOverdue = true;
      }
      const released = this.#released();
      if (released.length > 0) this.#ports.tell(released);
    });
    this.#timers.add(timer);
  }

  /** Those that nothing holds back any more; what builds on them follows them. */
  #released(): readonly StoredEntry[] {
    const released: StoredEntry[] = [];
    for (let found = true; found && this.#waitingById.size > 0; ) {
      found = false;
      for (const [id, { entry, deps, isOverdue }] of this.#waitingById) {
        const isHeld = this.#buildsOnWaiting(entry, deps) || (!isOverdue && this.#ports.isAfterGap(entry));
        if (isHeld) continue;
        this.#waitingById.delete(id);
        released.push(entry);
        found = true;
      }
    }
    return released;
  }

  stop(): void {
    for (const timer of this.#timers) timer.cancel();
    this.#timers.clear();
    this.#waitingById.clear();
  }
}

function depsOf(entry: StoredEntry): ReadonlySet<EntryId> {
  return new Set((headerOf(entry)?.deps ?? []).map(([, , id]) => id));
}
