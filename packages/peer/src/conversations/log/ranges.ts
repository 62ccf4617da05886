import type { Chain, DeviceHeads, DeviceKey, EntryId, SyncRange } from "@papo/protocol";
import type { ServedRange } from "./entry-server.ts";
import type { ForkFinder } from "./fork-finder.ts";
import type { GrowingControl } from "./growing-control.ts";
import type { PendingEntries } from "./pending-entries.ts";
import { type RoomMemory, chainName } from "./room-memory.ts";
import type { ReadingRight } from "./room-replica.ts";
import type { RoomState } from "./room-state.ts";
import { lastNumber, nextNumber } from "./spans.ts";

// What is asked of others, and what is given to them. docs/protocol/room-log.md §7

type Own = {
  readonly memory: RoomMemory;
  readonly state: RoomState;
  readonly control: GrowingControl;
  readonly pending: PendingEntries;
  readonly forks: ForkFinder;
  readonly base: ReadonlyMap<DeviceKey, number>;
};

/** What heads show that is not here: control first, then content that counts, then what is needed to tell where a chain forked. */
export function lackedRanges(theirs: readonly DeviceHeads[], own: Own): readonly SyncRange[] {
  const control = theirs.flatMap(({ device, control: head }) =>
    head === null ? [] : lackedControl(device, head, own),
  );
  const content = theirs.flatMap(({ device, content: head }) =>
    head === null ? [] : lackedContent(device, head, own),
  );
  const wanted = own.forks
    .wants()
    .filter((want) => theirs.some((head) => head.device === want.device && (head[want.chain]?.[0] ?? 0) >= want.to));
  return united([...control, ...content, ...wanted]);
}

/** Each number once, in the order of the ranges that it is in first: a device that forked shows the same numbers in every branch. */
function united<R extends SyncRange>(ranges: readonly R[]): readonly R[] {
  const byChain = Map.groupBy(ranges, ({ device, chain }) => chainName(device, chain));
  return [...byChain.values()].flatMap((several) => {
    if (several.length === 1) return several;
    const joined: R[] = [];
    for (const next of several.toSorted((a, b) => a.from - b.from)) {
      const last = joined.at(-1);
      if (last === undefined || next.from > last.to) joined.push(next);
      else if (next.to > last.to) joined[joined.length - 1] = { ...last, to: next.to };
    }
    return joined;
  });
}

type Head = readonly [seq: number, id: EntryId];

/** Of a control chain every branch is taken. Whatever has been taken has all before it; a branch that parts earlier is asked for whole. */
function lackedControl(device: DeviceKey, [seq, id]: Head, own: Own): readonly SyncRange[] {
  if (own.control.holds(id)) return [];
  const held = own.memory.tipByName.get(chainName(device, "control"))?.seq ?? 0;
  const isBranch = seq <= held || own.pending.chain(device, "control") !== undefined;
  return range(device, "control", isBranch ? 1 : held + 1, seq);
}

function lackedContent(device: DeviceKey, [seq, id]: Head, own: Own): readonly SyncRange[] {
  const held = own.memory.tipByName.get(chainName(device, "content"))?.seq ?? 0;
  const spans = own.state.spans(device, "content");
  const base = own.base.get(device) ?? 0;
  if (seq <= held) {
    // Another entry of that number: the other side has another branch.
    const ours = seq <= base ? undefined : idAt(own, device, "content", seq);
    const isForked = ours !== undefined && ours !== id && own.forks.found(device) === undefined;
    return isForked ? range(device, "content", seq, seq) : [];
  }
  const from = nextNumber(spans, Math.max(held, base));
  return from === undefined ? [] : range(device, "content", from, lastNumber(spans, seq));
}

function idAt({ memory }: Own, device: DeviceKey, chain: Chain, seq: number): EntryId | undefined {
  const tip = memory.tipByName.get(chainName(device, chain));
  if (tip?.seq === seq) return tip.id;
  const line = memory.history.entryAt(memory.room, device, chain, seq);
  return line?.isVoid === true ? undefined : line?.id;
}

function range(device: DeviceKey, chain: Chain, from: number, to: number): readonly SyncRange[] {
  return from <= to ? [{ device, chain, from, to }] : [];
}

/** What of these ranges a reader with this right may have. */
export function servedRanges(
  ranges: readonly SyncRange[],
  right: ReadingRight,
  memory: RoomMemory,
): readonly ServedRange[] {
  if (right.kind === "none") return [];
  if (right.kind === "until") {
    const effectiveMax = memory.placeOf(right.removal)?.effective ?? 0;
    return united(ranges)
      .filter(({ chain }) => chain === "control")
      .map((asked) => ({ ...asked, effectiveMax }));
  }
  return united(ranges).flatMap((asked) => {
    const base = asked.chain === "content" ? (right.base.get(asked.device) ?? 0) : 0;
    const from = Math.max(asked.from, base + 1);
    return from > asked.to ? [] : [{ ...asked, from, effectiveMax: Number.POSITIVE_INFINITY }];
  });
}
