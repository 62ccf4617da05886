import {
  ENTRIES_PER_SIGNATURE_MAX,
  ENTRY_BYTES_PER_SIGNATURE_MAX,
  type EntryHeader,
  type EntryId,
  SIGNATURE_TRIES_PER_CHAIN_MAX,
} from "@papo/protocol";
import { verifyEntry } from "./opened-entry.ts";
import type { PendingChain, PendingEntry } from "./pending-entries.ts";

/** Where a run that is to be vouched for begins: the number after the last accepted one, and what that one must be named as. */
export type RunStart = {
  readonly seq: number;
  /** The last number of its span. */
  readonly to: number;
  /** Undefined: what came before is not ours to know (a hole, or before our history). */
  readonly prev: EntryId | null | undefined;
  /** The claim of the entry before; claims grow along a chain. */
  readonly lamport: number;
};

/**
 * Marks what a valid signature vouches for, from `start` on. One signature vouches for everything before it in its chain, so only the furthest one
 * within reach is verified; the reach is what an author may write without signing, so that whoever is passed these entries can check them with
 * what fits into its memory. docs/protocol/room-log.md §2.3
 */
export function vouch(chain: PendingChain, start: RunStart): void {
  let from = start;
  let tries = SIGNATURE_TRIES_PER_CHAIN_MAX;
  while (tries > 0) {
    const signed = signedWithinReach(chain, from);
    const candidate = signed.at(-1);
    if (candidate === undefined) return;
    if (candidate.entry.isVouched || isSigned(candidate.entry)) {
      for (let at: Step | undefined = candidate; at !== undefined; at = at.before) at.entry.isVouched = true;
      const { header, id } = candidate.entry.opened;
      from = { ...start, seq: header.seq + 1, prev: id, lamport: header.lamport };
      continue;
    }
    tries -= 1;
  }
}

type Step = { readonly entry: PendingEntry; readonly before: Step | undefined; readonly bytes: number };

/** Entries that lead from `start` to a signature, by number. There is one way, unless somebody made more of them. */
function signedWithinReach(chain: PendingChain, start: RunStart): readonly Step[] {
  const signed: Step[] = [];
  let level: readonly Step[] = following(chain, start.seq, start, undefined);
  for (let count = 1; level.length > 0 && count <= ENTRIES_PER_SIGNATURE_MAX; count++) {
    const next: Step[] = [];
    for (const step of level) {
      if (step.entry.signature !== null) signed.push(step);
      const { id, header } = step.entry.opened;
      next.push(...following(chain, header.seq + 1, { prev: id, lamport: header.lamport }, step));
    }
    level = next;
  }
  return signed;
}

function following(
  chain: PendingChain,
  seq: number,
  start: Pick<RunStart, "prev" | "lamport">,
  before: Step | undefined,
): readonly Step[] {
  const steps: Step[] = [];
  for (const entry of chain.at(seq)) {
    const bytes = (before?.bytes ?? 0) + entry.bytes;
    if (bytes <= ENTRY_BYTES_PER_SIGNATURE_MAX && isAfter(entry.opened.header, start))
      steps.push({ entry, before, bytes });
  }
  return steps;
}

/** It names what is before it, and its claim is higher. */
export function isAfter(header: EntryHeader, start: Pick<RunStart, "prev" | "lamport">): boolean {
  return (start.prev === undefined || header.prev === start.prev) && header.lamport > start.lamport;
}

/** Verifies once. A wrong signature proves nothing about its entry: it goes, and the entry waits for another. */
export function isSigned(entry: PendingEntry): boolean {
  if (entry.isVerified) return true;
  if (entry.signature === null) return false;
  entry.isVerified = verifyEntry(entry.opened, entry.signature);
  if (!entry.isVerified) entry.signature = null;
  return entry.isVerified;
}
