import { type DeviceKey, EDITS_TAKEN_BACK_MAX, type EntryHeader, type EntryId } from "@papo/protocol";
import type { LogStep, NewEntry } from "./log-step.ts";
import { headerOf } from "./room-memory.ts";
import type { RoomState } from "./room-state.ts";

const DAY_MS = 86_400_000;

/** May a device, by what it wrote under, take back what that one wrote: its own account, or a higher rank. docs/protocol/room-log.md §5 */
export function mayDelete(
  state: RoomState,
  by: { readonly author: DeviceKey; readonly auth: readonly EntryId[] },
  author: DeviceKey,
): boolean {
  const account = state.accountOf(by.author);
  const target = state.accountOf(author);
  if (account === undefined || target === undefined) return false;
  return account === target || state.outranks(by.auth, account, target);
}

export function isSameAccount(state: RoomState, one: DeviceKey, other: DeviceKey): boolean {
  const account = state.accountOf(one);
  return account !== undefined && account === state.accountOf(other);
}

/** A label in the future does not keep a body longer than its arrival would. */
export function isExpired(retentionDays: number | null, labelMs: number, nowMs: number): boolean {
  return retentionDays !== null && labelMs < nowMs - retentionDays * DAY_MS;
}

/** Which bodies go as entries come: what was deleted, with all texts that it was given, whichever comes first, and what is too old. */
export class Bodies {
  readonly #step: LogStep;
  readonly #state: () => RoomState;
  readonly #nowMs: number;
  /** Of this step. */
  readonly #editsByTarget = new Map<EntryId, NewEntry[]>();
  readonly #deletesByTarget = new Map<EntryId, NewEntry[]>();

  constructor(step: LogStep, state: () => RoomState, nowMs: number) {
    this.#step = step;
    this.#state = state;
    this.#nowMs = nowMs;
  }

  /** `waiting`: entries that named this one before it came. */
  accepted(entry: NewEntry, waiting: readonly EntryId[]): void {
    const { header, id } = entry.opened;
    const { target } = entry.content;
    if (header.chain === "control") return;
    if (this.#isOld(header.time) || waiting.some((by) => this.#isDeletedBy(id, header.author, by))) entry.body = null;
    if (target === null) return;
    if (header.kind === "edit") {
      remember(this.#editsByTarget, target, entry);
      if (entry.body !== null && this.#isTargetDeleted(target, header.author)) entry.body = null;
    }
    if (header.kind === "delete") {
      remember(this.#deletesByTarget, target, entry);
      this.#delete(target, entry);
      this.#deleteEdits(target, entry);
    }
  }

  /** Whether a body that comes late for an entry that is held is still wanted. `target`: what it is about. */
  wants(id: EntryId, { author, time, kind }: EntryHeader, target: EntryId | null): boolean {
    if (this.#isOld(time) || this.#isDeleted(id, author)) return false;
    return kind !== "edit" || target === null || !this.#isTargetDeleted(target, author);
  }

  #isOld(timeMs: number): boolean {
    return isExpired(this.#state().genesis?.retentionDays ?? null, timeMs, this.#nowMs);
  }

  #delete(target: EntryId, by: NewEntry): void {
    const deletion = by.opened.header;
    const added = this.#step.newById.get(target);
    if (added !== undefined) {
      const { header } = added.opened;
      if (header.chain === "content" && mayDelete(this.#state(), deletion, header.author)) added.body = null;
      return;
    }
    const { history, room } = this.#step.memory;
    const held = history.entry(room, target);
    if (held === undefined) this.#step.wait(target, by.opened.id);
    else if (held.chain === "content" && held.body !== null && mayDelete(this.#state(), deletion, held.author)) {
      this.#step.dropBody(target);
    }
  }

  /** The texts that it was given since go with it, by the same right. */
  #deleteEdits(target: EntryId, by: NewEntry): void {
    const deletion = by.opened.header;
    for (const edit of this.#editsByTarget.get(target) ?? [])
      if (mayDelete(this.#state(), deletion, edit.opened.header.author)) edit.body = null;
    if (this.#isRepeated(target, by)) return;
    const { history, room } = this.#step.memory;
    for (const edit of history.about(room, [target], { kind: "edit", perAuthor: EDITS_TAKEN_BACK_MAX }))
      if (edit.body !== null && mayDelete(this.#state(), deletion, edit.author)) this.#step.dropBody(edit.id);
  }

  /** The same device has taken it back by the same right: what there was to drop is gone, and what came since was dropped as it came. */
  #isRepeated(target: EntryId, { opened: { id, header } }: NewEntry): boolean {
    const { history, room } = this.#step.memory;
    const right = header.auth.join();
    const isSame = (other: Pick<EntryHeader, "author" | "auth">): boolean =>
      other.author === header.author && other.auth.join() === right;
    const inStep = this.#deletesByTarget.get(target) ?? [];
    if (inStep.some(({ opened }) => opened.id !== id && isSame(opened.header))) return true;
    return history.about(room, [target], { kind: "delete" }).some((other) => isSame(headerOf(other.header)));
  }

  /** Somebody has taken back what this device's edit is about. Where the target still has its text, nobody has who may. */
  #isTargetDeleted(target: EntryId, editor: DeviceKey): boolean {
    const state = this.#state();
    const inStep = this.#deletesByTarget.get(target) ?? [];
    if (inStep.some(({ opened }) => mayDelete(state, opened.header, editor))) return true;
    return this.#step.placeOf(target)?.hasBody !== true && this.#isDeleted(target, editor);
  }

  /** A delete of it is held that reaches what this device wrote. */
  #isDeleted(id: EntryId, author: DeviceKey): boolean {
    const { history, room } = this.#step.memory;
    const deletes = history.about(room, [id], { kind: "delete" });
    return deletes.some((about) => mayDelete(this.#state(), headerOf(about.header), author));
  }

  #isDeletedBy(id: EntryId, author: DeviceKey, by: EntryId): boolean {
    const header = this.#step.headerOf(by);
    if (header?.kind !== "delete" || header.chain !== "content") return false;
    const { history, room } = this.#step.memory;
    const target = this.#step.newById.get(by)?.content.target ?? history.entry(room, by)?.target;
    return target === id && mayDelete(this.#state(), header, author);
  }
}

function remember(byTarget: Map<EntryId, NewEntry[]>, target: EntryId, entry: NewEntry): void {
  const others = byTarget.get(target);
  if (others === undefined) byTarget.set(target, [entry]);
  else others.push(entry);
}
