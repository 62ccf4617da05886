import type { DeviceKey } from "@papo/protocol";
import type { Causality } from "./causality.ts";
import { type ControlNode, type Lane, byOrder } from "./control-node.ts";
import type { DeviceCuts } from "./device-cuts.ts";
import type { End, Ends } from "./ends.ts";
import type { Memberships } from "./memberships.ts";
import type { Span } from "./room-state.ts";

type Parts = {
  readonly causality: Causality;
  readonly cuts: DeviceCuts;
  readonly ends: Ends;
  readonly memberships: Memberships;
};

/** Which numbers of a device's content chain count. docs/protocol/room-log.md §4.12 */
export function contentSpans(lane: Lane, parts: Parts): readonly Span[] {
  const begins = beginsOf(lane, parts);
  const limit = parts.cuts.contentCut(lane.account, lane.device);
  const spans = begins.map((begin, at): Span => {
    const to = Math.min(limit, lastOf(lane, begin, begins.slice(at + 1), parts));
    return [firstOf(begin), to];
  });
  return united(spans);
}

/** On every branch of the chain: which of them came first here is chance. */
function beginsOf({ account, device }: Lane, { causality, memberships }: Parts): readonly ControlNode[] {
  const branches = causality.lanesOf(device).filter((lane) => lane.account === account);
  return branches.flatMap((lane) => memberships.beginsOf(lane)).toSorted(byOrder);
}

function firstOf({ says }: ControlNode): number {
  return says?.kind === "join" || says?.kind === "device" ? says.body.content : 1;
}

/** Up to where what was begun here counts: of those who removed it, the furthest cut; and where the account itself left, if that is nearer. */
function lastOf(lane: Lane, begin: ControlNode, later: readonly ControlNode[], { causality, ends }: Parts): number {
  const about = ends.of(lane.account).filter(({ node }) => {
    if (causality.precedes(node, begin)) return false;
    return !later.some((again) => causality.precedes(again, node));
  });
  const removed = about.filter(({ kind }) => kind === "removed");
  const left = about.filter(({ kind }) => kind === "left");
  return Math.min(furthest(removed, lane.device), furthest(left, lane.device));
}

function furthest(ends: readonly End[], device: DeviceKey): number {
  if (ends.length === 0) return Infinity;
  return Math.max(...ends.map(({ cuts }) => cuts.get(device)?.content?.[0] ?? 0));
}

function united(spans: readonly Span[]): readonly Span[] {
  const sorted = spans.filter(([from, to]) => from <= to).toSorted(([a], [b]) => a - b);
  const joined: [number, number][] = [];
  for (const [from, to] of sorted) {
    const last = joined.at(-1);
    if (last === undefined || from > last[1] + 1) joined.push([from, to]);
    else last[1] = Math.max(last[1], to);
  }
  return joined;
}
