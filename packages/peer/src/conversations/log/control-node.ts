import type { OpenedStatement } from "@papo/link";
import type { AccountKey, ControlBody, DeviceKey, EntryHeader, EntryId, Username } from "@papo/protocol";
import type { ForkProof } from "./fork-proof.ts";

/** What the control set knows of one entry whatever else is in the set: it follows from the entry and what lies before it. */
export type ControlNode = {
  readonly id: EntryId;
  readonly header: EntryHeader;
  /** Undefined: a kind that this Papo does not know, or nonsense. */
  readonly says: ControlBody | undefined;
  readonly isUnknownKind: boolean;
  /** Entries named by `prev` and `auth`, each once. */
  readonly parents: readonly ControlNode[];
  /** 1 for the genesis, else 1 + the deepest parent: the lamport of control among control. docs/protocol/room-log.md §3.1 */
  readonly depth: number;
  readonly lane: Lane;
  /** From 0, in its lane. */
  readonly place: number;
  readonly account: AccountKey;
  /** In its own past its account is the founder's or was given a rank: nobody else's acts can ever count that need one. */
  readonly isRanked: boolean;
  readonly evidence: Evidence;
  /** In the order of arrival; everything before it in causality comes before it here. */
  readonly index: number;
  /** How far each ranked lane lies in its past, itself included. */
  past: Int32Array;
};

/** What the signed texts in an entry show. */
export type Evidence = {
  readonly statement: OpenedStatement | undefined;
  readonly hasTicket: boolean;
  readonly isInviteProven: boolean;
  readonly fork: ForkProof | undefined;
  /** Of the account that it brings in. */
  readonly name: Username | null;
};

/** One branch of a device's control chain. A device has one, unless it forked. */
export type Lane = {
  readonly device: DeviceKey;
  /** For which the device's first entry was written. */
  readonly account: AccountKey;
  readonly nodes: ControlNode[];
  /** Where `past` tells of this lane; -1: nowhere, its account has no rank. */
  column: number;
};

/** The order of control entries: (depth, id). What lies before an entry in causality comes before it here. §3.1 */
export function byOrder(a: ControlNode, b: ControlNode): number {
  if (a.depth !== b.depth) return a.depth - b.depth;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
