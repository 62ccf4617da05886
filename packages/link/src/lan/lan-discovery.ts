import type { IpLiteral, TrackerKey } from "@papo/protocol";

/** A tracker that announces itself in this network. `address`: where the announcement came from, not what it says. */
export type LanTracker = { readonly address: IpLiteral; readonly port: number; readonly key: TrackerKey };

/** Somebody's program in this network. Whose it is, only those can tell who can work the hint out. */
export type LanPeer = { readonly address: IpLiteral; readonly port: number; readonly hint: string };

/** Something that goes on until it is stopped. Stopping it twice does nothing. */
export interface LanActivity {
  stop(): void;
}

/**
 * Who is in the same local network, by multicast DNS (RFC 6762, RFC 6763). Whatever is found is a rumour: anybody in the network can
 * announce anything, so nothing counts before the key at the far end has been checked. docs/protocol/lan.md
 */
export interface LanDiscovery {
  /** `on`: the only one of our addresses where it listens. Unset: all. */
  announceTracker(tracker: { readonly port: number; readonly key: TrackerKey; readonly on?: string }): LanActivity;
  /** `hint` is 16 letters and digits of base32, the only thing that is said of us besides the port. */
  announcePeer(peer: { readonly port: number; readonly hint: string }): LanActivity;
  /** Told again each time that one announces itself. */
  findTrackers(found: (tracker: LanTracker) => void): LanActivity;
  findPeers(found: (peer: LanPeer) => void): LanActivity;
  /** False while there is no network but this machine: then nobody can be found. */
  readonly hasNetwork: boolean;
  /** Stops everything. Idempotent. */
  close(): Promise<void>;
}
