import type { Clock, Timer } from "@papo/link";
import {
  type DeviceKey,
  STORED_INTERVAL_MS,
  STORED_OTHERS_INTERVAL_MS,
  SYNC_HEADS_PAGE_MAX,
  SYNC_PUSH_QUEUE_BYTES_MAX,
} from "@papo/protocol";
import type { SyncLink } from "../../mesh/sync-link.ts";
import type { RoomReplica } from "../log/room-replica.ts";

/**
 * Tells one link what was stored of one room. Whoever wrote or sent it hears of it at once, so that a message is known to be safe as soon as it is; what
 * follows within STORED_INTERVAL_MS is told together. The others hear it now and then, so that they do not offer it. docs/protocol/room-log.md §8.1
 */
export class Acknowledging {
  readonly #clock: Clock;
  readonly #link: SyncLink;
  readonly #replica: RoomReplica;
  readonly #changed = new Set<DeviceKey>();
  #timer: Timer | undefined;
  #dueMs = Number.POSITIVE_INFINITY;
  #toldMs = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, link: SyncLink, replica: RoomReplica) {
    this.#clock = clock;
    this.#link = link;
    this.#replica = replica;
  }

  stored(authors: Iterable<DeviceKey>, how: "at-once" | "now-and-then"): void {
    for (const author of authors) this.#changed.add(author);
    const nowMs = this.#clock.monotonicMs();
    if (how === "now-and-then") return this.#tellAt(nowMs + STORED_OTHERS_INTERVAL_MS);
    const dueMs = this.#toldMs + STORED_INTERVAL_MS;
    if (dueMs <= nowMs) this.#tell();
    else this.#tellAt(dueMs);
  }

  /** Before the link is closed: nobody who stays takes for undelivered what is stored here. */
  tellRest(): void {
    if (this.#changed.size > 0) this.#tell();
  }

  stop(): void {
    this.#timer?.cancel();
    this.#changed.clear();
  }

  #tellAt(dueMs: number): void {
    if (this.#changed.size === 0 || this.#dueMs <= dueMs) return;
    this.#timer?.cancel();
    this.#dueMs = dueMs;
    this.#timer = this.#clock.after(dueMs - this.#clock.monotonicMs(), () => this.#tell());
  }

  #tell(): void {
    this.#timer?.cancel();
    this.#dueMs = Number.POSITIVE_INFINITY;
    if (!this.#link.isOpen) return;
    const nowMs = this.#clock.monotonicMs();
    if (this.#link.queuedBytes > SYNC_PUSH_QUEUE_BYTES_MAX) return this.#tellAt(nowMs + STORED_OTHERS_INTERVAL_MS);
    this.#toldMs = nowMs;
    const authors = [...this.#changed];
    this.#changed.clear();
    for (let at = 0; at < authors.length; at += SYNC_HEADS_PAGE_MAX) {
      const heads = authors.slice(at, at + SYNC_HEADS_PAGE_MAX).map((device) => ({
        device,
        control: this.#replica.head(device, "control"),
        content: this.#replica.head(device, "content"),
      }));
      this.#link.say({ cmd: "STORED", room: this.#replica.id, heads });
    }
  }
}
