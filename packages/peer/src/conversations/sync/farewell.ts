import {
  type DeviceKey,
  REOFFER_FIRST_MS,
  ROOM_DEVICES_MAX,
  SYNC_CREDIT_BYTES,
  SYNC_ROOMS_AT_ONCE_MAX,
  type SyncHeads,
} from "@papo/protocol";
import type { Clock } from "@papo/link";
import { batchesOf } from "./batches.ts";
import type { SharedRoom } from "./shared-room.ts";

/** Entries of one answer. */
const BYTES_MAX = SYNC_CREDIT_BYTES / SYNC_ROOMS_AT_ONCE_MAX;

/**
 * Lets those who were removed or left, and have not heard of it, know: they get the control entries up to it and nothing else, not even how far the room is now.
 * So they are asked for their heads, and ours are not told. docs/protocol/room-log.md §7.8
 */
export class Farewell {
  readonly #clock: Clock;
  readonly #controlByShared = new WeakMap<SharedRoom, Map<DeviceKey, number>>();
  readonly #askedMsByShared = new WeakMap<SharedRoom, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  ask(shared: SharedRoom): void {
    const nowMs = this.#clock.monotonicMs();
    if (nowMs - (this.#askedMsByShared.get(shared) ?? Number.NEGATIVE_INFINITY) < REOFFER_FIRST_MS) return;
    this.#askedMsByShared.set(shared, nowMs);
    shared.link.say({ cmd: "SYNC_HEADS", room: shared.replica.id, heads: [], last: true, ask: true });
  }

  heads(shared: SharedRoom, { heads, last }: SyncHeads): void {
    if (!this.#askedMsByShared.has(shared)) return this.ask(shared);
    const known = this.#controlByShared.get(shared) ?? new Map<DeviceKey, number>();
    this.#controlByShared.set(shared, known);
    if (known.size < ROOM_DEVICES_MAX) for (const { device, control } of heads) known.set(device, control?.[0] ?? 0);
    if (!last) return;
    this.#controlByShared.delete(shared);
    this.#tell(shared, known);
    this.#askForReturn(shared, known.get(shared.link.device) ?? 0);
  }

  /** They have written on since: perhaps they came back, and nobody else who knows of it is here. */
  #askForReturn({ replica, link }: SharedRoom, to: number): void {
    const from = replica.head(link.device, "control") + 1;
    if (from > to) return;
    const ranges = [{ device: link.device, chain: "control" as const, from, to }];
    link.say({ cmd: "SYNC_WANT", room: replica.id, ranges, credit: BYTES_MAX });
  }

  #tell({ replica, link }: SharedRoom, known: ReadonlyMap<DeviceKey, number>): void {
    const ranges = replica.heads().flatMap(({ device, control }) => {
      const from = (known.get(device) ?? 0) + 1;
      const to = control?.[0] ?? 0;
      return from > to ? [] : [{ device, chain: "control" as const, from, to }];
    });
    if (ranges.length === 0) return;
    const { entries } = replica.serve(ranges, BYTES_MAX, link.account);
    for (const batch of batchesOf(replica.id, entries)) link.sayEntries(batch);
  }
}
