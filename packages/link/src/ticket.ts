import type { Clock } from "./clock.ts";
import type { LinkEnds } from "./link.ts";

/** Somebody who came with a ticket and waits for what it is good for (docs/protocol/framing.md §1). */
export interface TicketCaller {
  /** `TICKET_BYTES` bytes. Whether it is a good one is for whoever gave it out to say. */
  readonly ticket: Uint8Array;
  readonly ends: LinkEnds;
  readonly isClosed: boolean;
  /** Calls back once, when the connection is gone, spliced or not; soon if it is gone already. */
  onClosed(done: () => void): void;
  destroy(): void;
  /**
   * From now on what one says the other hears, from the first byte behind the tickets on, until one of them is gone. Of each way at
   * most one chunk is in hand: who reads slowly slows the sender down. The end of one way alone is passed on. Both must be open and
   * not yet spliced.
   */
  spliceWith(other: TicketCaller, rules: SpliceRules): Splice;
}

export type SpliceRules = {
  readonly clock: Clock;
  /** A splice on which nothing went either way for this long ends. */
  readonly idleTimeoutMs: number;
  /** Told of each chunk that was read from a side; gives the milliseconds until that side is read again (0: at once). */
  readonly spend: (from: SpliceSide, bytes: number) => number;
  /** Once, when both connections are gone. */
  readonly ended: (end: SpliceEnd) => void;
};

/** `one` is the caller that was spliced, `other` the one it was spliced with. */
export type SpliceSide = "one" | "other";

/** `closed`: the two ended it themselves; `error`: a connection broke; `idle`: nothing went; `shut`: we ended it. */
export type SpliceEnd = {
  readonly why: "closed" | "idle" | "error" | "shut";
  /** Bytes read from each side behind its ticket. */
  readonly bytes: { readonly one: number; readonly other: number };
};

export interface Splice {
  /** Ends both connections at once. Idempotent. */
  close(): void;
}
