import type { LinkEnds } from "../link.ts";
import type { Splice, SpliceRules, TicketCaller } from "../ticket.ts";
import type { Direction, Ether } from "./ether.ts";
import { MemorySplice } from "./memory-splice.ts";
import type { Party } from "./wiring.ts";

export type MemoryCallerParts = {
  readonly ether: Ether;
  readonly ticket: Uint8Array;
  readonly ends: LinkEnds;
  /** From whoever calls to where it was taken. */
  readonly way: readonly Direction[];
  /** Who wants a link; nobody, where somebody only wants to be seen. */
  readonly party: Party | undefined;
  /** The side that was called has ended it. */
  readonly onDestroyed: () => void;
};

/** Somebody with a ticket, in memory. */
export class MemoryCaller implements TicketCaller {
  readonly ticket: Uint8Array;
  readonly ends: LinkEnds;
  readonly parts: MemoryCallerParts;
  #isClosed = false;
  #splice: MemorySplice | undefined;
  #told: (() => void)[] = [];

  constructor(parts: MemoryCallerParts) {
    this.parts = parts;
    this.ticket = parts.ticket;
    this.ends = parts.ends;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  onClosed(done: () => void): void {
    if (this.#isClosed) queueMicrotask(done);
    else this.#told.push(done);
  }

  destroy(): void {
    if (this.#isClosed) return;
    this.#splice?.end("closed");
    this.gone();
    this.parts.onDestroyed();
  }

  spliceWith(other: TicketCaller, rules: SpliceRules): Splice {
    if (!(other instanceof MemoryCaller) || other === this) throw new TypeError("two callers of one network");
    if (this.#isClosed || other.#isClosed) throw new TypeError("a caller that is gone");
    if (this.#splice !== undefined || other.#splice !== undefined) throw new TypeError("spliced already");
    const splice = new MemorySplice(this, other, rules);
    this.#splice = splice;
    other.#splice = splice;
    splice.start();
    return splice;
  }

  /** The connection is over, whoever ended it. */
  gone(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const done of this.#told.splice(0)) queueMicrotask(done);
    // Before there is a link, nobody else says that it came to nothing.
    this.#splice?.callerGone();
  }
}
