import { createHash } from "node:crypto";
import type { Network } from "@papo/link";
import type { VirtualClock } from "@papo/link/memory";
import type { Tracker } from "../src/tracker.ts";

export const TRACKER_HOST = "10.0.0.1";

/** What a client needs of the rig that its tracker runs in. */
export interface TrackerInReach {
  readonly clock: Pick<VirtualClock, "runUntil">;
  readonly tracker: Pick<Tracker, "port">;
  /** TRACKER_HOST unless said. */
  readonly trackerHost?: string;
  /** An address nobody has used yet. */
  newHost(): string;
  host(address: string): Network;
  during<T>(task: Promise<T>): Promise<T>;
}

/** The report's hash of a password. */
export function hashOf(password: string): string {
  return createHash("sha256").update(password).digest("hex");
}
