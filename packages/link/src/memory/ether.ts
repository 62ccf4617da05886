import type { Clock } from "../clock.ts";
import type { Random } from "../random.ts";

/** What one host sends to another. Hosts are named by their own first address, wherever they are seen. */
export type Direction = { readonly from: string; readonly to: string };

/**
 * How a direction misbehaves. Order is always kept. `dropRate` loses single messages and `duplicateRate` repeats them,
 * which is worse than anything TCP does; a link that TCP gives up is `cut`.
 */
export type LinkFaults = {
  readonly delayMs: { readonly min: number; readonly max: number };
  readonly dropRate: number;
  readonly duplicateRate: number;
};

/** One end of a link, as the network knows it. */
export interface WiredEnd {
  /** The hops of its way out, one after the other: two through a relay. */
  readonly way: readonly Direction[];
  /** The network ends it. */
  lose(detail: string): void;
  /** Nothing goes or comes any more, and nobody is told. */
  strand(): void;
  /** What was held back may go on. */
  networkChanged(): void;
}

/** What lies between the hosts. */
export interface Ether {
  readonly clock: Clock;
  readonly random: Random;
  faultsOf(direction: Direction): LinkFaults;
  isBlocked(direction: Direction): boolean;
  /** How long the next thing sent that way takes. */
  delayOf(direction: Direction): number;
  freePort(): number;
  opened(end: WiredEnd): void;
  ended(end: WiredEnd): void;
}

export function opposite(way: readonly Direction[]): readonly Direction[] {
  return way.map(({ from, to }) => ({ from: to, to: from })).toReversed();
}

export function delayAlong(ether: Ether, way: readonly Direction[]): number {
  return way.reduce((sum, hop) => sum + ether.delayOf(hop), 0);
}

export function isBlockedAlong(ether: Ether, way: readonly Direction[]): boolean {
  return way.some((hop) => ether.isBlocked(hop));
}
