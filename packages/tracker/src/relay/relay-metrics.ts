import type { SpliceEnd } from "@papo/link";

/** Why somebody with a ticket was turned away. `full`: too many links already, in all, of that account or from that address. */
export type RelayRefusal = "forged" | "expired" | "used" | "alone" | "full";

/** Why a relayed link ended. `unmet`: the second side never came. */
export type RelayEnd = SpliceEnd["why"] | "unmet";

/** What is read when somebody asks for the figures. */
export type RelayGauges = { readonly pairs: () => number; readonly waiting: () => number };

/** What a relay counts about itself. Every label is a word of ours. */
export interface RelayMetrics {
  passed(bytes: number): void;
  ended(why: RelayEnd): void;
  refused(why: RelayRefusal): void;
  /** Called once, when the relay stands. */
  watch(gauges: RelayGauges): void;
}

export const NO_RELAY_METRICS: RelayMetrics = {
  passed() {},
  ended() {},
  refused() {},
  watch() {},
};
