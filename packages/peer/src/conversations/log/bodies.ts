import type { DeviceKey, EntryId } from "@papo/protocol";
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

/** Which bodies go as entries come: what was deleted, whichever of the two comes first, and what is too old. */
export class Bodies {
  readonly #step: LogStep;
  readonly #state: () => RoomState;
  readonly #nowMs: number;

  constructor(step: LogStep, state: () => RoomState, nowMs: number) {
    this.#step = step;
    this.#state = state;
    this.#nowMs = nowMs;
  }

  /** `waiting`: entries that named this one before it came. */
  accepted(entry: NewEntry, waiting: readonly EntryId[]): void {
    const { header, id } = entry.opened;
    if (header.chain === "control") return;
    if (this.#isOld(header.time) || waiting.some((by) => this.#isDeletedBy(id, header.author, by))) entry.body = null;
    if (header.kind === "delete" && entry.content.target !== null) this.#delete(entry.content.target, entry);
  }

  /** Whether a body that comes late for an entry that is held is still wanted. */
  wants(id: EntryId, author: DeviceKey, timeMs: number): boolean {
    if (this.#isOld(timeMs)) return false;
    const { history, room } = this.#step.memory;
    return !history
      .about(room, [id])
      .some(
        (about) => about.kind === "delete" && !about.isVoid && mayDelete(this.#state(), headerOf(about.header), author),
      );
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

  #isDeletedBy(id: EntryId, author: DeviceKey, by: EntryId): boolean {
    const header = this.#step.headerOf(by);
    if (header?.kind !== "delete" || header.chain !== "content") return false;
    const { history, room } = this.#step.memory;
    const target = this.#step.newById.get(by)?.content.target ?? history.entry(room, by)?.target;
    return target === id && mayDelete(this.#state(), header, author);
  }
}
