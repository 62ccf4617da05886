import {
  type Answerer,
  type Clock,
  type Link,
  type Network,
  type Place,
  type PortMapping,
  type TlsIdentity,
  openTrackerStatement,
} from "@papo/link";
import {
  type Fault,
  type HelloAnswer,
  LINK_QUEUE_BYTES_MAX,
  type Outcome,
  PEER_ALPN,
  TRACKER_ALPN,
  type TrackerAddress,
  type TrackerKey,
  fail,
  fault,
  isIpLiteral,
  succeed,
} from "@papo/protocol";
import { PapoLine } from "../tracker-session/papo-line.ts";
import { examineOutside } from "./examine-outside.ts";
import { found } from "./findings.ts";
import { judgeClock, judgeConnection, judgeRoundTrip } from "./judge.ts";
import type { Patience } from "./patience.ts";
import type { DoctorCheck, DoctorSubject } from "./report.ts";

export type NetworkPorts = {
  readonly network: Network;
  readonly clock: Clock;
  /** Made for this one examination. */
  readonly identity: TlsIdentity;
  readonly lookUp: (host: string) => Promise<Outcome<readonly string[]>>;
  readonly whoAnswers: (place: Place) => Promise<Answerer>;
  /** The addresses of this machine, as it knows them. */
  readonly ownAddresses: () => readonly string[];
  /** How an address is told. */
  readonly shown: (address: string) => string;
  readonly patience: Patience;
  /** As in `examineOutside`. */
  readonly door: { readonly port: number } | undefined;
  readonly mapped: Promise<Outcome<PortMapping>> | undefined;
};

export type TrackerSubject = {
  readonly address: TrackerAddress;
  /** As it was named or met before. */
  readonly expectedKey: TrackerKey | undefined;
  /** Nobody named it: it is the one that a Papo on this machine would host. */
  readonly isLocal: boolean;
};

const BEHIND_CONNECTION = ["tracker", "round-trip", "clock", "nat", "reach", "relay"] as const;
const BEHIND_TRACKER = ["round-trip", "clock", "nat", "reach", "relay"] as const;

/** Everything that takes a tracker. Nothing of any account is told to it. */
export async function examineTracker(ports: NetworkPorts, subject: TrackerSubject): Promise<readonly DoctorCheck[]> {
  const [name, connection] = await Promise.all([checkName(ports, subject), checkConnection(ports, subject)]);
  if (connection.state !== "ok") return [name, connection, ...notReached(BEHIND_CONNECTION)];
  const { address } = subject;
  if (address.dialect === "seed")
    return [name, connection, found("tracker", "tracker_original", {}), ...notReached(BEHIND_TRACKER)];
  return [name, connection, ...(await examineSession(ports, address, subject))];
}

function notReached(subjects: readonly DoctorSubject[]): readonly DoctorCheck[] {
  return subjects.map((subject) => found(subject, "not_reached", {}));
}

async function checkName(ports: NetworkPorts, { address: { host } }: TrackerSubject): Promise<DoctorCheck> {
  if (isIpLiteral(host)) return found("name", "name_literal", {});
  const resolved = await ports.patience.wait(ports.lookUp(host));
  if (resolved.ok && resolved.value.length > 0) {
    return found("name", "name_found", { addresses: resolved.value.length });
  }
  const isSilent = !resolved.ok && resolved.fault.code === "timeout";
  return found("name", isSilent ? "name_silent" : "name_unknown", {});
}

/** Plain TCP, on which nothing is said. */
async function checkConnection(ports: NetworkPorts, { address, isLocal }: TrackerSubject): Promise<DoctorCheck> {
  const { network, clock, patience } = ports;
  const startedMs = clock.monotonicMs();
  const { host, port } = address;
  const dialled = await network.dial({
    ...{ host, port, dialect: "seed", timeoutMs: patience.stepMs, readBytesMax: 1 },
    ...settings(ports, TRACKER_ALPN),
  });
  if (dialled.ok) dialled.value.destroy(fault("closed", "looked at"));
  return judgeConnection(dialled.ok ? undefined : dialled.fault, took(clock, startedMs), isLocal);
}

async function examineSession(
  ports: NetworkPorts,
  address: Extract<TrackerAddress, { dialect: "papo" }>,
  subject: TrackerSubject,
): Promise<readonly DoctorCheck[]> {
  const { network, clock, patience } = ports;
  const { host, port } = address;
  const how = { host, port, dialect: "papo", timeoutMs: patience.stepMs } as const;
  const link = await network.dial({ ...how, ...settings(ports, TRACKER_ALPN) });
  if (!link.ok) return [await whyNoSession(ports, { host, port }, link.fault), ...notReached(BEHIND_TRACKER)];
  const line = new PapoLine(link.value, clock);
  link.value.start(line);
  try {
    return await examineLine(ports, { line, link: link.value, place: { host, port } }, subject);
  } finally {
    line.close(fault("closed", "looked at"));
  }
}

type Session = { readonly line: PapoLine; readonly link: Link; readonly place: Place };

async function examineLine(
  ports: NetworkPorts,
  { line, link, place }: Session,
  { expectedKey }: TrackerSubject,
): Promise<readonly DoctorCheck[]> {
  const { clock, patience } = ports;
  const startedMs = clock.monotonicMs();
  const greeted = await patience.wait(line.greet((statement) => proven(statement, link, expectedKey)));
  const roundTripMs = took(clock, startedMs);
  if (!greeted.ok) return [whyNoGreeting(greeted.fault), ...notReached(BEHIND_TRACKER)];
  const facts = { key: greeted.value, group: link.security?.group ?? "" };
  const aheadMs = Math.round(clock.wallMs() - roundTripMs / 2 - Date.parse(line.now ?? ""));
  return [
    found("tracker", expectedKey === undefined ? "tracker_new" : "tracker_known", facts),
    judgeRoundTrip(roundTripMs),
    judgeClock(aheadMs),
    ...(await examineOutside({ ...ports, settings: settings(ports, PEER_ALPN) }, line, place)),
  ];
}

async function proven(
  statement: HelloAnswer["tracker"],
  { security }: Link,
  expectedKey: TrackerKey | undefined,
): Promise<Outcome<TrackerKey>> {
  if (security === undefined) return fail("invalid_message", "expected an encrypted session");
  const opened = openTrackerStatement(statement, { channelKey: security.remoteKey, expectedKey });
  return opened.ok ? succeed(opened.value.key) : opened;
}

async function whyNoSession(ports: NetworkPorts, place: Place, reason: Fault): Promise<DoctorCheck> {
  if (reason.code !== "unsupported") return found("tracker", "tracker_silent", {});
  const asked = ports.whoAnswers(place).then((answerer) => succeed(answerer));
  const answerer = await ports.patience.wait(asked);
  const kind = answerer.ok ? answerer.value.kind : "silent";
  const isKnown = kind === "http" || kind === "ssh" || kind === "original" || kind === "tls";
  return found("tracker", "tracker_other_program", { speaks: isKnown ? kind : "unknown" });
}

function whyNoGreeting({ code }: Fault): DoctorCheck {
  switch (code) {
    case "tracker_key_changed":
      return found("tracker", "tracker_changed", {});
    case "unsupported":
      return found("tracker", "tracker_other_version", {});
    case "timeout":
    case "lost":
    case "dead":
      return found("tracker", "tracker_silent", {});
    case "busy":
    case "draining":
    case "slow_down":
      return found("tracker", "tracker_busy", {});
    default:
      return found("tracker", "tracker_unproven", {});
  }
}

function settings({ identity }: NetworkPorts, alpn: string) {
  return { identity, alpn, queueBytesMax: LINK_QUEUE_BYTES_MAX };
}

function took(clock: Clock, startedMs: number): number {
  return Math.round(clock.monotonicMs() - startedMs);
}
