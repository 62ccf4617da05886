import type { DeviceKey } from "@papo/protocol";
import type { Held, HeldChain } from "./fork-finder.ts";
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
  const { history, room } = step.memory;
  const [span] = state.spans(device, chain);
  const start = chain === "content" ? Math.max(span?.[0] ?? 1, (base.get(device) ?? 0) + 1) : 1;
  return {
    seq: step.tip(device, chain)?.seq ?? 0,
    first: start,
    idAt: (seq) => step.idAt(device, chain, seq),
    from: (seq, limit) => {
      const stored = history.range(room, device, chain, seq, limit);
      const run: Held[] = stored.map(({ id, header, signature }) => ({ id, header, signature }));
      for (const { opened, signature } of step.newById.values()) {
        const { header, id, bytes } = opened;
        if (header.author === device && header.chain === chain && header.seq >= seq)
          run.push({ id, header: bytes, signature });
      }
      return run.slice(0, limit);
    },
  };
}
