import type { KeyPair } from "@papo/link";
import {
  type Chain,
  type ContentBody,
  type ControlBody,
  type DeviceKey,
  ENTRIES_PER_SIGNATURE_MAX,
  ENTRY_AUTH_MAX,
  ENTRY_BYTES_PER_SIGNATURE_MAX,
  ENTRY_DEPS_MAX,
  type EntryDependency,
  type EntryId,
  LAMPORT_RISE_MAX,
  type Outcome,
  type RoomId,
} from "@papo/protocol";
import type { Place } from "./known-entries.ts";
import type { LogStep, NewEntry } from "./log-step.ts";
import { type OpenedEntry, sealEntry, signSealed } from "./opened-entry.ts";
import type { Tip } from "./room-memory.ts";
import type { RoomState } from "./room-state.ts";

// Making this device's own entries. Their numbers follow what is durable, so none is ever used twice. docs/protocol/room-log.md §2

export type Author = { readonly device: KeyPair<DeviceKey>; readonly room: RoomId; readonly timeMs: number };

/** An entry of ours after everything that this step has, not signed yet. */
export function writeEntry(
  author: Author,
  step: LogStep,
  state: RoomState,
  draft: { readonly chain: Chain } & (ContentBody | ControlBody),
): Outcome<OpenedEntry> {
  const { device, room, timeMs } = author;
  const tip = step.tip(device.publicKey, draft.chain);
  const deps = draft.chain === "content" ? dependencies(step) : [];
  // Before the genesis has come its id, which is the room's, is all there is to name.
  const auth = state.heads.length === 0 ? [room] : state.heads.slice(0, ENTRY_AUTH_MAX);
  const named: readonly string[] = [...auth, ...deps.map(([, , id]) => id)];
  return sealEntry(
    {
      room,
      author: device.publicKey,
      chain: draft.chain,
      seq: (tip?.seq ?? 0) + 1,
      prev: tip?.id ?? null,
      auth: auth as readonly EntryId[] as EntryId[],
      deps: [...deps],
      lamport: claim(step, tip, named as readonly EntryId[]),
      time: timeMs,
    },
    draft,
  );
}

/**
 * One more than the highest place that anything it names may come to, and more than what came before it: where something before that is not here yet it
 * may still rise, and is to stay above what builds on it. Not further than LAMPORT_RISE_MAX, whatever somebody claims.
 */
function claim(step: LogStep, tip: Tip | undefined, named: readonly EntryId[]): number {
  const before = tip === undefined ? 0 : (step.placeOf(tip.id)?.lamport ?? 0);
  return named.reduce((highest, id) => Math.max(highest, highestPlace(step.placeOf(id))), before) + 1;
}

function highestPlace(place: Place | undefined): number {
  return place === undefined ? 1 : Math.min(place.lamport, place.effective + LAMPORT_RISE_MAX);
}

/** The newest of others' content that nothing accepted builds on yet, the highest first. */
function dependencies(step: LogStep): readonly EntryDependency[] {
  const uncovered = [...step.uncovered().values()];
  return uncovered
    .map((tip) => ({ tip, effective: step.placeOf(tip.id)?.effective ?? 0 }))
    .toSorted((a, b) => b.effective - a.effective)
    .slice(0, ENTRY_DEPS_MAX)
    .map(({ tip }): EntryDependency => [tip.device, tip.seq, tip.id]);
}

/**
 * One signature vouches for a run: the last entry of each chain carries it, and one in between where a run is long. So does whatever ends a membership: it is the
 * last that its account is given, so nothing later vouches for it there.
 */
export function signRuns(entries: readonly NewEntry[], device: KeyPair<DeviceKey>): void {
  for (const chain of ["control", "content"] as const) {
    const run = entries.filter(({ opened }) => opened.header.chain === chain);
    let count = 0;
    let bytes = 0;
    for (const [index, entry] of run.entries()) {
      count += 1;
      bytes += bytesOf(entry);
      const next = run[index + 1];
      const isLast =
        next === undefined ||
        MEMBERSHIP_ENDS.has(entry.opened.header.kind) ||
        count >= ENTRIES_PER_SIGNATURE_MAX ||
        bytes + bytesOf(next) > ENTRY_BYTES_PER_SIGNATURE_MAX;
      if (!isLast) continue;
      entry.signature = signSealed(entry.opened, device).signature;
      count = 0;
      bytes = 0;
    }
  }
}

const MEMBERSHIP_ENDS: ReadonlySet<string> = new Set(["remove", "leave"]);

function bytesOf({ opened }: NewEntry): number {
  return opened.bytes.length + (opened.body?.length ?? 0);
}
