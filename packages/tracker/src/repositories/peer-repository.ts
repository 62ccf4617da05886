import type { Username } from "@papo/protocol";

/** Where a user was last seen (report §1.3.1). The presence of this moment lives in memory: a restart never invents it. */
export type StoredPeer = {
  readonly username: Username;
  readonly address: string | null;
  readonly port: number | null;
  /** RFC 3339 of the last login or PONG. */
  readonly lastPing: string | null;
  readonly connected: boolean;
};

/** The report's third file (§1.1.3). Losing its newest lines in a crash loses nothing that is promised: writes may be merged. */
export interface PeerRepository {
  save(peer: StoredPeer): Promise<void>;
  find(username: Username): Promise<StoredPeer | undefined>;
  /** By username in code point order, for export; `after` is exclusive. */
  page(after: Username | undefined, limit: number): Promise<readonly StoredPeer[]>;
  /** At start: nobody is connected. */
  disconnectAll(): Promise<void>;
}
