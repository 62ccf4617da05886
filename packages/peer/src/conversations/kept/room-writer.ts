import { type Outcome, fail, succeed } from "@papo/protocol";
import type { HistoryChange, StoredEntry } from "../../storage/history/history.ts";
import type { Draft, RoomReplica } from "../log/room-replica.ts";

/**
 * Own entries of one room. The log makes one commit and one signature of what is written in one turn; what has become durable in one turn is told
 * together as well, before those who wrote it hear of it.
 */
export class RoomWriter {
  readonly #replica: RoomReplica;
  readonly #written: (entries: readonly StoredEntry[]) => void;
  #fresh: StoredEntry[] = [];
  #telling: Promise<void> | undefined;

  constructor(replica: RoomReplica, written: (entries: readonly StoredEntry[]) => void) {
    this.#replica = replica;
    this.#written = written;
  }

  /** `also`: changes that become durable with it, or not at all. */
  async write(draft: Draft, also: readonly HistoryChange[] = []): Promise<Outcome<StoredEntry>> {
    const appended = await this.#replica.append([draft], also);
    if (!appended.ok) return appended;
    await this.#tell(appended.value);
    // The log may write entries of its own before ours.
    const entry = appended.value.at(-1);
    return entry === undefined ? fail("storage_failed", "entry: expected to be written") : succeed(entry);
  }

  #tell(entries: readonly StoredEntry[]): Promise<void> {
    this.#fresh.push(...entries);
    this.#telling ??= Promise.resolve().then(() => {
      const fresh = this.#fresh;
      this.#fresh = [];
      this.#telling = undefined;
      this.#written(fresh);
    });
    return this.#telling;
  }
}
