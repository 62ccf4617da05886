import type { Chain, DeviceKey, EntryId } from "@papo/protocol";
import type { EffectiveOrder } from "./effective-order.ts";
import type { LogStep } from "./log-step.ts";
import { type Tip, headerOf } from "./room-memory.ts";
import type { RoomState, Span } from "./room-state.ts";
import { clip, isWithin, lastNumber, nextNumber, sameSpans, without } from "./spans.ts";

/** The control set says anew which numbers count: entries that are held become void, or count again. docs/protocol/room-log.md §4.12 */
export function reconcile(step: LogStep, order: EffectiveOrder, before: RoomState, after: RoomState): void {
  const voided = new Set<EntryId>();
  let lowest = Number.POSITIVE_INFINITY;
  for (const tip of step.tips()) {
    // Control entries stay, whatever became of their author: others may have built on them.
    if (tip.chain === "control") continue;
    const old = before.spans(tip.device, tip.chain);
    const now = after.spans(tip.device, tip.chain);
    if (sameSpans(old, now)) continue;
    const held = clip(old, 1, tip.seq);
    for (const span of without(held, now)) {
      lowest = Math.min(lowest, makeVoid(step, tip, span, voided));
    }
    const returning = without(clip(now, 1, tip.seq), held);
    for (const span of returning) countAgain(step, order, tip, span);
    moveTip(step, tip, now);
    followVoid(step, order, tip, now);
  }
  if (voided.size > 0) order.voided(voided, lowest);
}

/** Returns the lowest effective of what was there. */
function makeVoid(step: LogStep, { device, chain }: Tip, [from, to]: Span, voided: Set<EntryId>): number {
  let lowest = Number.POSITIVE_INFINITY;
  for (let seq = to; seq >= from; seq--) {
    const id = step.idAt(device, chain, seq);
    // Before our own history nothing is held.
    if (id === undefined) break;
    lowest = Math.min(lowest, step.placeOf(id)?.effective ?? lowest);
    voided.add(id);
    step.setCounts(id, false);
  }
  setVoid(step, { device, chain, from, to }, true);
  return lowest;
}

type Run = { readonly device: DeviceKey; readonly chain: Chain; readonly from: number; readonly to: number };

function setVoid(step: LogStep, { device, chain, from, to }: Run, isVoid: boolean): void {
  step.also({ kind: "set-void", room: step.memory.room, author: device, chain, from, to, isVoid });
}

function countAgain(step: LogStep, order: EffectiveOrder, { device, chain }: Tip, [from, to]: Span): void {
  for (let seq = from; seq <= to; seq++) {
    const line = step.memory.history.entryAt(step.memory.room, device, chain, seq);
    if (line === undefined) return;
    step.setCounts(line.id, true);
    order.returned(line.id);
    setVoid(step, { device, chain, from: seq, to: seq }, false);
  }
}

/** The head of a chain is its last entry that counts. */
function moveTip(step: LogStep, tip: Tip, spans: readonly Span[]): void {
  if (isWithin(spans, tip.seq)) return;
  const seq = lastNumber(spans, tip.seq);
  const id = seq === 0 ? undefined : step.idAt(tip.device, tip.chain, seq);
  step.setTip(id === undefined ? { ...tip, seq: 0, bytes: 0 } : { ...tip, seq, id, bytes: bytesUpTo(step, tip, seq) });
}

function bytesUpTo(step: LogStep, tip: Tip, last: number): number {
  let { bytes } = tip;
  for (let seq = tip.seq; seq > last; seq--) {
    const id = step.idAt(tip.device, tip.chain, seq);
    const header = id === undefined ? undefined : step.headerOf(id);
    if (header === undefined) break;
    bytes -= header.bodySize;
  }
  return Math.max(0, bytes);
}

/** Entries that are held beyond the head and count now. */
function followVoid(step: LogStep, order: EffectiveOrder, { device, chain }: Tip, spans: readonly Span[]): void {
  for (;;) {
    const tip = step.tip(device, chain);
    const seq = nextNumber(spans, tip?.seq ?? 0);
    if (tip === undefined || seq === undefined) return;
    const line = step.memory.history.entryAt(step.memory.room, device, chain, seq);
    const follows = line !== undefined && line.isVoid && (seq !== tip.seq + 1 || tip.seq === 0 || line.prev === tip.id);
    if (!follows) return;
    step.setCounts(line.id, true);
    order.returned(line.id);
    setVoid(step, { device, chain, from: seq, to: seq }, false);
    const bytes = tip.bytes + headerOf(line.header).bodySize;
    step.setTip({ device, chain, seq, id: line.id, bytes });
  }
}
