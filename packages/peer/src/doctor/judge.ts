import type { PortMapping } from "@papo/link";
import {
  DOCTOR_CLOCK_OFF_MS,
  DOCTOR_CLOCK_WRONG_MS,
  DOCTOR_DISK_FULL_BYTES,
  DOCTOR_DISK_LITTLE_BYTES,
  DOCTOR_SLOW_ROUND_TRIP_MS,
  DOCTOR_SLOW_WRITE_MS,
  type Fault,
  type Outcome,
} from "@papo/protocol";
import { addressScope } from "../mesh/dialable.ts";
import { found } from "./findings.ts";
import type { DoctorCheck } from "./report.ts";

// What measurements mean. Pure.

const MIB = 1_048_576;

/** `needed`: `24.7`. */
export function judgeNode(version: string, needed: string): DoctorCheck {
  const [major = 0, minor = 0] = version.replace(/^v/u, "").split(".").map(Number);
  const [neededMajor = 0, neededMinor = 0] = needed.split(".").map(Number);
  const isEnough = major > neededMajor || (major === neededMajor && minor >= neededMinor);
  return isEnough ? found("node", "node_ok", { version }) : found("node", "node_old", { version, needed });
}

/** `aheadMs`: how far our clock is ahead of the tracker's. */
export function judgeClock(aheadMs: number): DoctorCheck {
  const off = Math.abs(aheadMs);
  if (off > DOCTOR_CLOCK_WRONG_MS) return found("clock", "clock_wrong", { aheadMs });
  return off > DOCTOR_CLOCK_OFF_MS ? found("clock", "clock_off", { aheadMs }) : found("clock", "clock_ok", { aheadMs });
}

export function judgeRoundTrip(roundTripMs: number): DoctorCheck {
  const finding = roundTripMs > DOCTOR_SLOW_ROUND_TRIP_MS ? "round_trip_slow" : "round_trip_ok";
  return found("round-trip", finding, { roundTripMs });
}

/** `code`: what the system said to a small write; undefined when it worked, in `writeMs`. Null: there is no folder yet, and nothing was written. */
export type DiskTried = {
  readonly freeBytes: number | undefined;
  readonly code: string | undefined;
  readonly writeMs: number | null;
};

export function judgeDisk({ freeBytes, code, writeMs }: DiskTried): DoctorCheck {
  const freeMiB = Math.floor((freeBytes ?? 0) / MIB);
  if (code === "EROFS") return found("disk", "disk_read_only", {});
  if (code === "EACCES" || code === "EPERM") return found("disk", "disk_forbidden", {});
  if (code === "ENOSPC" || code === "EDQUOT") return found("disk", "disk_full", { freeMiB });
  if (code !== undefined) return found("disk", "disk_failed", { code });
  if (freeBytes !== undefined && freeBytes < DOCTOR_DISK_FULL_BYTES) return found("disk", "disk_full", { freeMiB });
  if (freeBytes !== undefined && freeBytes < DOCTOR_DISK_LITTLE_BYTES) return found("disk", "disk_little", { freeMiB });
  if (writeMs !== null && writeMs > DOCTOR_SLOW_WRITE_MS) return found("disk", "disk_slow", { writeMs });
  return found("disk", "disk_ok", { freeMiB, writeMs });
}

/** One plain connection to the tracker: the port we dialled from, and what the tracker saw. */
export type Observation = { readonly localPort: number; readonly address: string; readonly port: number };

/**
 * What routers between do to addresses and ports. `own`: the addresses of this machine; `shown`: how an address may be told. One tracker alone cannot show whether a
 * port would be the same towards somebody else: that is not claimed.
 */
export function judgeNat(
  observations: readonly Observation[],
  { own, shown }: { readonly own: readonly string[]; readonly shown: (address: string) => string },
): DoctorCheck {
  const [first] = observations;
  if (first === undefined) return found("nat", "no_answer", {});
  const seen = shown(first.address);
  if (observations.some(({ address }) => address !== first.address))
    return found("nat", "nat_changes_addresses", { seen });
  if (observations.some(({ localPort, port }) => port !== localPort))
    return found("nat", "nat_changes_ports", { seen });
  return found("nat", own.includes(first.address) ? "nat_none" : "nat_keeps_ports", { seen });
}

/** `isLocal`: nobody named the tracker, so it is the one that a Papo on this machine would host. */
export function judgeConnection(fault: Fault | undefined, tookMs: number, isLocal: boolean): DoctorCheck {
  // Somebody is there: what they speak is seen next.
  if (fault === undefined || fault.code === "unsupported") return found("connection", "connection_ok", { tookMs });
  if (fault.socket === "refused")
    return found("connection", isLocal ? "connection_nobody_here" : "connection_refused", {});
  if (fault.socket === "no-route") return found("connection", "connection_no_route", {});
  return found("connection", fault.code === "timeout" ? "connection_silent" : "connection_failed", {});
}

/** What a router made of being asked for a port. An address that is not public is no way in from the world: there is another router before it. */
export function judgeMapping(mapped: Outcome<PortMapping>): DoctorCheck {
  if (!mapped.ok) return found("mapping", "mapping_none", {});
  const { way, address } = mapped.value;
  const isBehind = address !== null && addressScope(address) !== "public";
  return found("mapping", isBehind ? "mapping_behind_another" : "mapping_ok", { way });
}
