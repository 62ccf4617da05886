import type { Clock } from "../clock.ts";
import type { LinkEnds } from "../link.ts";
import type { Random } from "../random.ts";

/** What one host sends to another. */
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
  readonly ends: LinkEnds;
  /** The network ends it. */
  lose(detail: string): void;
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
