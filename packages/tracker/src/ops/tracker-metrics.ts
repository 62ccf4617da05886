import type { Fault, FaultCode } from "@papo/protocol";
import type { CommandName } from "../commands.ts";
import { NO_RELAY_METRICS, type RelayMetrics } from "../relay/relay-metrics.ts";
import type { Announcement } from "../services/announcement.ts";

/** What is read when somebody asks for the figures. */
export type TrackerGauges = {
  readonly sessions: () => { readonly papo: number; readonly seed: number };
  readonly usersOnline: () => number;
  readonly liveRooms: () => number;
  readonly passwordsQueued: () => number;
};

/** What a tracker counts about itself. Every label is a word of ours, so that nobody outside can make their number grow. */
export interface TrackerMetrics {
  commanded(name: CommandName, outcome: "ok" | FaultCode): void;
  pushed(kind: Announcement["kind"]): void;
  opened(dialect: "papo" | "seed"): void;
  closed(dialect: "papo" | "seed", reason: Fault["code"]): void;
  /** Called once, when the tracker stands. */
  watch(gauges: TrackerGauges): void;
  /** Of the relay at the tracker itself. */
  readonly relay: RelayMetrics;
}

/** For trackers that nobody watches. */
export const NO_METRICS: TrackerMetrics = {
  commanded() {},
  pushed() {},
  opened() {},
  closed() {},
  watch() {},
  relay: NO_RELAY_METRICS,
};
