import type { Clock, Network } from "@papo/link";
import type { AdmissionLimits } from "./services/admission.ts";
import type { RelayChoice } from "./relay/relay-choice.ts";
import type { DeriveKey } from "./services/passwords.ts";
import type { TrackerLog } from "./log/tracker-log.ts";
import type { TrackerMetrics } from "./ops/tracker-metrics.ts";
import type { Repositories } from "./repositories/repositories.ts";
import type { TrackerIdentity } from "./tracker-identity.ts";

/** What a tracker is made of. It closes `repositories` when it has drained. */
export type TrackerOptions = {
  readonly network: Network;
  readonly clock: Clock;
  readonly identity: TrackerIdentity;
  readonly repositories: Repositories;
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  readonly log: TrackerLog;
  readonly metrics?: TrackerMetrics | undefined;
  /** Seconds between two rounds of PING to seed sessions; PING_INTERVAL_DEFAULT_SECONDS unless said. */
  readonly pingIntervalSeconds?: number | undefined;
  readonly limits?: Partial<AdmissionLimits> | undefined;
  /** At the tracker itself unless said. */
  readonly relay?: RelayChoice | undefined;
  /** The addresses of this machine, for those who run beside the tracker; the system's unless said. */
  readonly ownAddresses?: (() => readonly string[]) | undefined;
  /** argon2id unless said; tests put something quick in its place. */
  readonly deriveKey?: DeriveKey | undefined;
};
