import {
  type DeviceHeads,
  type DeviceKey,
  REOFFER_FIRST_MS,
  ROOM_DEVICES_MAX,
  SYNC_CREDIT_BYTES,
  SYNC_RANGES_MAX,
  SYNC_ROOMS_AT_ONCE_MAX,
  type SyncHeads,
  type SyncRange,
} from "@papo/protocol";
import type { Clock } from "@papo/link";
import type { RoomReplica } from "../log/room-replica.ts";
import { batchesOf } from "./batches.ts";
import type { SharedRoom } from "./shared-room.ts";

/** Entries of one answer. */
const BYTES_MAX = SYNC_CREDIT_BYTES / SYNC_ROOMS_AT_ONCE_MAX;

/**
 * Lets those who were removed or left, and have not heard of it, know: they get the control entries up to it and nothing else, not even how far the room is now.
 * So they are asked for their heads, and ours are not told. What they wrote while they were members, and only they have, is taken. docs/protocol/room-log.md §7.8
 */
export class Farewell {
  readonly #clock: Clock;
  readonly #headsByShared = new WeakMap<SharedRoom, DeviceHeads[]>();
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
    const known = this.#headsByShared.get(shared) ?? [];
    this.#headsByShared.set(shared, known);
    if (known.length + heads.length <= ROOM_DEVICES_MAX) known.push(...heads);
    if (!last) return;
    this.#headsByShared.delete(shared);
    this.#tell(shared, known);
    this.#askForOwn(shared, known);
  }

  /** Of what its device has written: perhaps it came back, and nobody else who knows of it is here; or it left before its last words had reached anybody. */
  #askForOwn({ replica, link }: SharedRoom, known: readonly DeviceHeads[]): void {
    const own = known.filter(({ device }) => device === link.device);
    const lacked = replica.lacks(own);
    const control = lacked.filter(({ chain }) => chain === "control");
    const ranges = (control.length > 0 ? control : lacked).slice(0, SYNC_RANGES_MAX);
    if (ranges.length > 0) link.say({ cmd: "SYNC_WANT", room: replica.id, ranges, credit: BYTES_MAX });
  }

  #tell({ replica, link }: SharedRoom, known: readonly DeviceHeads[]): void {
    const ranges = [...Map.groupBy(replica.heads(), ({ device }) => device)].flatMap(([device, ours]) => {
      const theirs = known.filter((head) => head.device === device);
      return missingControl(device, { ours, theirs, isAnotherBranch: lacksControl(replica, theirs) });
    });
    if (ranges.length === 0) return;
    const { entries } = replica.serve(ranges, BYTES_MAX, link.account);
    for (const batch of batchesOf(replica.id, entries)) link.sayEntries(batch);
  }
}

type Compared = {
  readonly ours: readonly DeviceHeads[];
  readonly theirs: readonly DeviceHeads[];
  readonly isAnotherBranch: boolean;
};

/** A chain that forked goes whole: what ended the membership may build on any of its branches. */
function missingControl(device: DeviceKey, { ours, theirs, isAnotherBranch }: Compared): readonly SyncRange[] {
  const known = new Set(theirs.map(({ control }) => control?.[1]));
  if (ours.every(({ control }) => control === null || known.has(control[1]))) return [];
  const from = isAnotherBranch || ours.length > 1 ? 1 : highestControl(theirs) + 1;
  const to = highestControl(ours);
  return from > to ? [] : [{ device, chain: "control", from, to }];
}

function highestControl(heads: readonly DeviceHeads[]): number {
  return Math.max(0, ...heads.map(({ control }) => control?.[0] ?? 0));
}

function lacksControl(replica: RoomReplica, theirs: readonly DeviceHeads[]): boolean {
  return replica.lacks(theirs).some(({ chain }) => chain === "control");
}
