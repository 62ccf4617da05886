import { type DeviceKey, type EntryId, MEMBER_CONTROL_ENTRIES_MAX } from "@papo/protocol";
import type { Held, HeldChain, HeldControl } from "./fork-finder.ts";
import type { LogStep } from "./log-step.ts";
import type { PendingChain } from "./pending-entries.ts";
import type { RoomState } from "./room-state.ts";

/** What a step has accepted of a chain, for comparing another branch with it. */
export function heldChainOf(
  step: LogStep,
  state: RoomState,
  { device, chain }: PendingChain,
  base: ReadonlyMap<DeviceKey, number>,
): HeldChain {
  const [span] = state.spans(device, chain);
  const start = chain === "content" ? Math.max(span?.[0] ?? 1, (base.get(device) ?? 0) + 1) : 1;
  return {
    seq: step.tip(device, chain)?.seq ?? 0,
    first: start,
    idAt: (seq) => step.idAt(device, chain, seq),
    from: (seq, limit) => {
      const run = [...heldFrom(step, { device, chain, seq, limit })];
      for (const { opened, signature } of step.newById.values()) {
        const { header, id, bytes } = opened;
        if (header.author === device && header.chain === chain && header.seq >= seq)
          run.push({ id, header: bytes, signature });
      }
      return run.slice(0, limit);
    },
  };
}

/** What counts no more is evidence still: it may carry the signature that vouches for what does. */
function* heldFrom(
  { memory: { history, room } }: LogStep,
  {
    device,
    chain,
    seq,
    limit,
  }: Pick<PendingChain, "device" | "chain"> & { readonly seq: number; readonly limit: number },
): Iterable<Held> {
  let before: EntryId | undefined;
  for (let at = seq; at < seq + limit; at++) {
    const line = history.entryAt(room, device, chain, at);
    if (line === undefined || (before !== undefined && line.prev !== before)) return;
    before = line.id;
    yield { id: line.id, header: line.header, signature: line.signature };
  }
}

/** Every branch of a device's control chain. */
export function controlChainOf(step: LogStep, device: DeviceKey): readonly HeldControl[] {
  const { history, room } = step.memory;
  const stored: readonly HeldControl[] = history.range(room, device, "control", 1, MEMBER_CONTROL_ENTRIES_MAX);
  const added = [...step.newById.values()]
    .filter(({ opened }) => opened.header.author === device && opened.header.chain === "control")
    .map(({ opened: { id, header, bytes }, signature }): HeldControl => {
      return { id, seq: header.seq, prev: header.prev, header: bytes, signature };
    });
  return [...stored, ...added];
}
