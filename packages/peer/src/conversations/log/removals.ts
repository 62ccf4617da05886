import type { AccountKey } from "@papo/protocol";
import { type Causality, push } from "./causality.ts";
import type { ControlNode } from "./control-node.ts";
import type { DeviceCuts } from "./device-cuts.ts";
import { type End, Ends, endOf } from "./ends.ts";
import { NO_RANK, OWNER_RANK, type Ranks } from "./ranks.ts";

// Who was removed, and who left. Removals are judged from the highest rank down: what a removal needs from others was decided by higher ranks before it,
// so nothing goes round in a circle. docs/protocol/room-log.md §4.7, §4.11

type Parts = { readonly causality: Causality; readonly cuts: DeviceCuts; readonly ranks: Ranks };

export function judgeEnds(ordered: readonly ControlNode[], parts: Parts): Ends {
  const ends = new Ends(parts.causality);
  const pending = new Map<AccountKey, ControlNode[]>();
  for (const node of ordered) {
    if (parts.cuts.isRevoked(node) || parts.ranks.isAfterClosing(node)) continue;
    if (node.says?.kind === "leave") keep(leaveOf(node, parts), ends);
    if (node.says?.kind !== "remove" || !node.isRanked) continue;
    if (!parts.ranks.isByOwner(node)) push(pending, node.account, node);
    else if (node.says.body.account !== node.account) keep(endOf(node, OWNER_RANK), ends);
  }
  parts.ranks.moderatorActs.forEach((appointment, index) => {
    judgeModerator({ appointment, rank: index + 1 }, pending, { ...parts, ends });
  });
  return ends;
}

function keep(end: End | undefined, ends: Ends): void {
  if (end !== undefined) ends.add(end);
}

/** The owner does not leave: it hands the room over first, or closes it. */
function leaveOf(node: ControlNode, { causality, cuts, ranks }: Parts): End | undefined {
  const owner = ranks.ownerAt((early) => causality.precedes(early, node));
  return owner === node.account || cuts.isForked(node) ? undefined : endOf(node, NO_RANK);
}

/** All removals that were made by virtue of this appointment. */
function judgeModerator(
  { appointment, rank }: { readonly appointment: ControlNode; readonly rank: number },
  pending: Map<AccountKey, ControlNode[]>,
  parts: Parts & { readonly ends: Ends },
): void {
  if (appointment.says?.kind !== "role") return;
  const { account } = appointment.says.body;
  const left = pending.get(account) ?? [];
  const others: ControlNode[] = [];
  for (const node of left) {
    if (parts.ranks.rankOfAuthor(node, parts.ends) !== rank) others.push(node);
    else if (mayRemove(node, rank, parts)) keep(endOf(node, rank), parts.ends);
  }
  if (others.length < left.length) pending.set(account, others);
}

function mayRemove(node: ControlNode, rank: number, { causality, cuts, ranks, ends }: Parts & { ends: Ends }): boolean {
  if (node.says?.kind !== "remove") return false;
  const target = node.says.body.account;
  if (target === node.account || ends.isUndone(node) || (cuts.isForked(node) && !ends.isKept(node))) return false;
  if (ranks.rankAt(target, (early) => causality.precedes(early, node), ends) <= rank) return false;
  return !ranks.wasRaisedBeside(target, node, rank);
}
