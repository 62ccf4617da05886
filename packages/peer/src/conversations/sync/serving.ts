import { type RoomId, SYNC_CREDIT_BYTES, SYNC_ROOMS_AT_ONCE_MAX, type SyncWant } from "@papo/protocol";
import type { SyncLink } from "../../mesh/sync-link.ts";
import type { RoomReplica } from "../log/room-replica.ts";
import { batchesOf } from "./batches.ts";

export type ServingPorts = {
  readonly replica: (room: RoomId) => RoomReplica | undefined;
};

/** Entries of one answer: what fits in a link's queue beside everything else. */
const ANSWER_BYTES_MAX = SYNC_CREDIT_BYTES / SYNC_ROOMS_AT_ONCE_MAX;

/**
 * Answers one link's SYNC_WANTs, one at a time and only while its queue is short, so that a slow reader costs no more than one answer. Whoever may not have
 * entries of a room gets no answer, as if it did not exist. docs/protocol/room-log.md §7.4
 */
export class Serving {
  readonly #link: SyncLink;
  readonly #ports: ServingPorts;
  /** The last one about each room; they have their turns in the order of their rooms' first. */
  readonly #wantByRoom = new Map<RoomId, SyncWant>();
  #isRunning = false;

  constructor(link: SyncLink, ports: ServingPorts) {
    this.#link = link;
    this.#ports = ports;
  }

  want(want: SyncWant): void {
    const isBounded = this.#wantByRoom.has(want.room) || this.#wantByRoom.size < SYNC_ROOMS_AT_ONCE_MAX;
    if (isBounded) this.#wantByRoom.set(want.room, want);
    void this.#run();
  }

  async #run(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    while (this.#wantByRoom.size > 0) {
      await this.#link.drained();
      const [next] = this.#wantByRoom;
      if (next === undefined || !this.#link.isOpen) break;
      const [room, want] = next;
      this.#wantByRoom.delete(room);
      this.#answer(want);
    }
    this.#wantByRoom.clear();
    this.#isRunning = false;
  }

  #answer({ room, ranges, credit }: SyncWant): void {
    const replica = this.#ports.replica(room);
    if (replica === undefined || replica.readingRight(this.#link.account).kind === "none") return;
    const sound = ranges.filter(({ from, to }) => from <= to);
    const { entries, more } = replica.serve(sound, Math.min(credit, ANSWER_BYTES_MAX), this.#link.account);
    for (const batch of batchesOf(room, entries)) this.#link.sayEntries(batch);
    this.#link.say({ cmd: "SYNC_DONE", room, more });
  }
}
