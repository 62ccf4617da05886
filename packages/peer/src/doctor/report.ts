import type { TrackerKey } from "@papo/protocol";

/** What is looked at, in the order in which it is told. The names are stable: scripts read them. docs/doctor.md */
export type DoctorSubject =
  | "node"
  | "profile"
  | "disk"
  | "secrecy"
  | "history"
  | "name"
  | "connection"
  | "tracker"
  | "round-trip"
  | "clock"
  | "nat"
  | "mapping"
  | "reach"
  | "relay"
  | "mdns"
  | "ipv6";

/** `skipped`: it could not be looked at, or there is nothing to look at; neither good nor bad. */
export type DoctorState = "ok" | "warning" | "failed" | "skipped";

/** What can be found, with what is to be said of it. Times in milliseconds. Addresses are masked already unless they were asked for. */
export type DoctorFindings = {
  readonly node_ok: { readonly version: string };
  readonly node_old: { readonly version: string; readonly needed: string };
  readonly profile_ok: Nothing;
  readonly profile_new: Nothing;
  readonly profile_open_to_others: Nothing;
  readonly profile_foreign_owner: Nothing;
  readonly profile_unusable: Nothing;
  /** Null: there is no profile yet to write into. */
  readonly disk_ok: { readonly freeMiB: number; readonly writeMs: number | null };
  readonly disk_slow: { readonly writeMs: number };
  readonly disk_little: { readonly freeMiB: number };
  readonly disk_full: { readonly freeMiB: number };
  readonly disk_read_only: Nothing;
  readonly disk_forbidden: Nothing;
  readonly disk_failed: { readonly code: string };
  readonly secrecy_on: Nothing;
  readonly secrecy_unknown: Nothing;
  readonly history_ok: { readonly files: number };
  readonly history_large: { readonly files: number };
  readonly history_none: Nothing;
  readonly history_damaged: Nothing;
  readonly history_newer: Nothing;
  readonly history_unreadable: Nothing;
  readonly name_literal: Nothing;
  readonly name_found: { readonly addresses: number };
  readonly name_unknown: Nothing;
  readonly name_silent: Nothing;
  readonly connection_ok: { readonly tookMs: number };
  readonly connection_nobody_here: Nothing;
  readonly connection_refused: Nothing;
  readonly connection_silent: Nothing;
  readonly connection_no_route: Nothing;
  readonly connection_failed: Nothing;
  readonly tracker_known: { readonly key: TrackerKey; readonly group: string };
  readonly tracker_new: { readonly key: TrackerKey; readonly group: string };
  readonly tracker_changed: Nothing;
  readonly tracker_unproven: Nothing;
  readonly tracker_other_program: { readonly speaks: "http" | "ssh" | "original" | "tls" | "unknown" };
  readonly tracker_original: Nothing;
  readonly tracker_other_version: Nothing;
  readonly tracker_silent: Nothing;
  readonly tracker_busy: Nothing;
  readonly round_trip_ok: { readonly roundTripMs: number };
  readonly round_trip_slow: { readonly roundTripMs: number };
  /** `aheadMs` is below 0 where our clock is behind. */
  readonly clock_ok: { readonly aheadMs: number };
  readonly clock_off: { readonly aheadMs: number };
  readonly clock_wrong: { readonly aheadMs: number };
  readonly nat_none: { readonly seen: string };
  readonly nat_keeps_ports: { readonly seen: string };
  readonly nat_changes_ports: { readonly seen: string };
  readonly nat_changes_addresses: { readonly seen: string };
  readonly mapping_ok: { readonly way: "pcp" | "nat-pmp" | "upnp" };
  readonly mapping_behind_another: { readonly way: "pcp" | "nat-pmp" | "upnp" };
  readonly mapping_none: Nothing;
  readonly mapping_off: Nothing;
  readonly reach_ok: { readonly seen: string };
  readonly reach_by_mapping: { readonly seen: string };
  readonly reach_none: { readonly seen: string };
  readonly relay_ok: Nothing;
  readonly relay_off: Nothing;
  readonly relay_blocked: Nothing;
  readonly mdns_ok: Nothing;
  readonly mdns_deaf: Nothing;
  readonly mdns_forbidden: Nothing;
  readonly mdns_no_network: Nothing;
  readonly mdns_off: Nothing;
  readonly ipv6_ok: Nothing;
  readonly ipv6_none: Nothing;
  /** The tracker is on this computer or network: nothing of the outside is to be seen from there. */
  readonly not_from_here: Nothing;
  /** What it needs did not work: that is told where it stands. */
  readonly not_reached: Nothing;
  readonly no_answer: Nothing;
};
type Nothing = Readonly<Record<never, never>>;

export type DoctorFinding = keyof DoctorFindings;

export type DoctorCheck = {
  [F in DoctorFinding]: {
    readonly check: DoctorSubject;
    readonly state: DoctorState;
    readonly finding: F;
    readonly facts: DoctorFindings[F];
  };
}[DoctorFinding];

export type DoctorReport = { readonly checks: readonly DoctorCheck[] };
