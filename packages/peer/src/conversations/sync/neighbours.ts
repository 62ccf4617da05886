import { createHash } from "node:crypto";
import type { Random } from "@papo/link";
import type { DeviceKey } from "@papo/protocol";

/** A device that is online and belongs to a member of the room. */
type Candidate = {
  readonly device: DeviceKey;
  /** There is a link with it, or another room needs one. */
  readonly isNearby: boolean;
};

export type NeighbourChoice = {
  readonly self: DeviceKey;
  /** Days since 1970. */
  readonly day: number;
  readonly candidates: readonly Candidate[];
  /** Those that were drawn last time. */
  readonly previous: ReadonlySet<DeviceKey>;
  readonly count: number;
  readonly random: Random;
};

/** Whom to link with: those given by the day and the keys, and those drawn. */
export type Neighbours = { readonly near: ReadonlySet<DeviceKey>; readonly drawn: ReadonlySet<DeviceKey> };

/**
 * Whom to link with in a room that is too large for everybody to link with everybody. Half are the nearest by a hash that changes every day and that both sides
 * compute alike; half are drawn, and stay while they are online, so that who prepares keys to be near somebody is only half of their neighbours by that. A
 * quarter of those drawn may be devices that are linked with anyway. Pure but for the draw. docs/protocol/room-log.md §7.7
 */
export function chooseNeighbours(choice: NeighbourChoice): Neighbours {
  const { candidates, count, previous, random } = choice;
  const near = new Set(nearest(choice, Math.ceil(count / 2)));
  const drawnMax = count - near.size;
  const others = candidates.filter(({ device }) => !near.has(device));
  const staying = others.filter(({ device }) => previous.has(device));
  const left = shuffled(
    others.filter(({ device }) => !previous.has(device)),
    random,
  );
  const free = Math.max(0, drawnMax - staying.length);
  const cheap = left.filter(({ isNearby }) => isNearby).slice(0, Math.floor(free / 4));
  const drawn = new Set([...staying, ...cheap, ...left].map(({ device }) => device));
  return { near, drawn: new Set([...drawn].slice(0, drawnMax)) };
}

function nearest({ self, day, candidates }: NeighbourChoice, count: number): readonly DeviceKey[] {
  return candidates
    .map(({ device }) => ({ device, distance: distance(self, device, day) }))
    .toSorted((a, b) => (a.distance < b.distance ? -1 : 1))
    .slice(0, count)
    .map(({ device }) => device);
}

/** The same from both sides. */
function distance(a: DeviceKey, b: DeviceKey, day: number): string {
  const [first, second] = a < b ? [a, b] : [b, a];
  return createHash("sha256").update(`papo/neighbours/1\0${first}\0${second}\0${day}`).digest("hex");
}

/** Fisher and Yates. */
function shuffled<T>(items: readonly T[], random: Random): T[] {
  const result = [...items];
  for (let end = result.length - 1; end > 0; end -= 1) {
    const at = Math.floor(random.fraction() * (end + 1));
    const swapped = result[at];
    const last = result[end];
    if (swapped === undefined || last === undefined) continue;
    result[at] = last;
    result[end] = swapped;
  }
  return result;
}
