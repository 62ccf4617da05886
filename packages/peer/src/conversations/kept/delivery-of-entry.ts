import { type AccountKey, type Fault, FULL_MESH_MEMBERS_MAX, fault } from "@papo/protocol";
import type { Delivery, Reach } from "../../api.ts";

/** What is known of one own entry and of those it is for. */
export type DeliveryFacts = {
  /** Accounts for whom it is, the author's own left out. */
  readonly recipients: ReadonlySet<AccountKey>;
  readonly storedBy: ReadonlySet<AccountKey>;
  readonly readBy: ReadonlySet<AccountKey>;
  /** Why it will reach nobody more, if it will not. */
  readonly ended: Fault | undefined;
  readonly reach: (account: AccountKey) => Reach;
};

/** Where an own entry stands. Durable here it is in any case: nothing else is shown. */
export function deliveryOf(facts: DeliveryFacts): Delivery {
  const { recipients, storedBy, readBy, ended } = facts;
  const of = recipients.size;
  const received = countOf(storedBy, recipients);
  if (received < of && received === 0) {
    if (ended !== undefined) return { kind: "undeliverable", reason: ended };
    const reason = whyHeld(facts);
    if (reason !== undefined) return { kind: "held", reason };
  }
  const read = countOf(readBy, recipients);
  return {
    ...{ kind: "sent", received, silent: 0, of },
    ...(read === 0 ? {} : { read }),
    ...(of > FULL_MESH_MEMBERS_MAX ? { atLeast: true } : {}),
  };
}

function countOf(accounts: ReadonlySet<AccountKey>, among: ReadonlySet<AccountKey>): number {
  let count = 0;
  for (const account of accounts) if (among.has(account)) count += 1;
  return count;
}

/**
 * Undefined: somebody whom it is for is linked, and was sent it at once. Else the reason that is closest to going away: a dial under way, before one that
 * failed, before nobody there.
 */
function whyHeld({ recipients, reach }: DeliveryFacts): Fault | undefined {
  let best: Fault | undefined;
  let isConnecting = false;
  for (const account of recipients) {
    const standing = reach(account);
    if (standing.kind === "linked") return undefined;
    if (standing.kind === "connecting") isConnecting = true;
    if (standing.kind === "unreachable") best ??= standing.reason;
  }
  return isConnecting ? CONNECTING : (best ?? NOBODY_ONLINE);
}

const NOBODY_ONLINE = fault("peer_offline", "nobody else of the room is online");
const CONNECTING = fault("unreachable", "not connected yet");

export function isSameDelivery(one: Delivery, other: Delivery): boolean {
  if (one.kind === "sent" && other.kind === "sent")
    return one.received === other.received && one.of === other.of && one.read === other.read;
  if (one.kind === "sent" || other.kind === "sent") return false;
  return one.kind === other.kind && one.reason.code === other.reason.code;
}

/** Nothing can change any more, but who has read it. What was said to nobody waits for those who come in. */
export function isComplete(delivery: Delivery): boolean {
  return delivery.kind === "sent" && delivery.of > 0 && delivery.received === delivery.of;
}
