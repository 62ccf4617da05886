import {
  type Answerer,
  type Clock,
  createTlsIdentity,
  type LanDiscovery,
  type Network,
  type Place,
  type PortMapper,
} from "@papo/link";
import {
  LINK_QUEUE_BYTES_MAX,
  PEER_ALPN,
  PORT_MAPPING_TIMEOUT_MS,
  isIpv6,
  type Outcome,
  type TrackerAddress,
} from "@papo/protocol";
import { addressScope } from "../mesh/dialable.ts";
import { keyMetAt } from "../tracker-session/key-met-at.ts";
import { examineHistories, examineProfile } from "./examine-profile.ts";
import { openDoor } from "./door.ts";
import { examineLan } from "./examine-lan.ts";
import { type NetworkPorts, examineTracker } from "./examine-tracker.ts";
import { found } from "./findings.ts";
import { judgeMapping, judgeNode } from "./judge.ts";
import { Patience } from "./patience.ts";
import type { DoctorCheck, DoctorReport, DoctorSubject } from "./report.ts";
import { maskedAddress } from "./shown-address.ts";

export type ExaminationOptions = {
  /** The profile's folder, whether or not it is there. */
  readonly profile: string;
  readonly tracker: TrackerAddress;
  /** Nobody named it: it is the one that a Papo on this machine would host. */
  readonly isLocal: boolean;
  /** Whole, instead of `203.0.x.x`. */
  readonly showAddresses: boolean;
  readonly node: { readonly version: string; readonly needed: string };
  readonly network: Network;
  readonly clock: Clock;
  readonly lookUp: (host: string) => Promise<Outcome<readonly string[]>>;
  readonly whoAnswers: (place: Place) => Promise<Answerer>;
  /** The addresses of this machine. */
  readonly ownAddresses: () => readonly string[];
  /** The router, which is asked for a port for a moment. Unset: it is not. */
  readonly openMapper?: (() => PortMapper) | undefined;
  /** The local network. Unset: nothing is announced there. */
  readonly openLan?: (() => Promise<Outcome<LanDiscovery>>) | undefined;
};

/** In which order it is told. */
const ORDER: readonly DoctorSubject[] = [
  "node",
  "profile",
  "disk",
  "secrecy",
  "history",
  "name",
  "connection",
  "tracker",
  "round-trip",
  "clock",
  "nat",
  "mapping",
  "reach",
  "relay",
  "mdns",
  "ipv6",
];

/** Looks at what a Papo on this machine stands on. Nothing in the report is secret or names anybody; it takes below 10 seconds. */
export async function examineComputer(options: ExaminationOptions): Promise<DoctorReport> {
  const { profile, clock, node, openLan } = options;
  const [ofProfile, ofNetwork, lan] = await Promise.all([
    examineProfile(profile, clock),
    examineNetwork(options),
    examineLan(openLan, clock),
  ]);
  // Not beside the network: it holds the thread, and answers would seem late.
  const histories = await examineHistories(profile);
  const checks = [
    judgeNode(node.version, node.needed),
    ...ofProfile,
    histories,
    ...ofNetwork,
    lan,
    checkIpv6(options.ownAddresses()),
  ];
  return { checks: checks.toSorted((one, other) => ORDER.indexOf(one.check) - ORDER.indexOf(other.check)) };
}

/** The tracker, and what the router has to say. */
async function examineNetwork(options: ExaminationOptions): Promise<readonly DoctorCheck[]> {
  const { network, clock, openMapper } = options;
  const patience = new Patience(clock);
  const identity = createTlsIdentity();
  const settings = { identity, alpn: PEER_ALPN, queueBytesMax: LINK_QUEUE_BYTES_MAX };
  const door = await openDoor({ network, clock, settings });
  const mapper = door.ok ? openMapper?.() : undefined;
  const mapped = door.ok ? mapper?.map(door.value.port) : undefined;
  try {
    const here = { door: door.ok ? door.value : undefined, mapped, patience, identity };
    const ofTracker = await examineTrackerOf(options, here);
    const mapping =
      mapped === undefined
        ? found("mapping", "mapping_off", {})
        : judgeMapping(await patience.wait(mapped, PORT_MAPPING_TIMEOUT_MS));
    return [...ofTracker, mapping];
  } finally {
    await Promise.all([mapper?.close(), door.ok ? door.value.close() : undefined]);
  }
}

async function examineTrackerOf(
  options: ExaminationOptions,
  here: Pick<NetworkPorts, "door" | "mapped" | "patience" | "identity">,
): Promise<readonly DoctorCheck[]> {
  const { network, clock, lookUp, whoAnswers, ownAddresses, showAddresses, tracker: address, isLocal } = options;
  const shown = showAddresses ? (own: string) => own : maskedAddress;
  const expectedKey =
    address.dialect === "papo" ? (address.key ?? (await keyMetAt(address, options.profile))) : undefined;
  const ports = { network, clock, lookUp, whoAnswers, ownAddresses, shown, ...here };
  return examineTracker(ports, { address, expectedKey, isLocal });
}

function checkIpv6(own: readonly string[]): DoctorCheck {
  const hasIpv6 = own.some((address) => isIpv6(address) && addressScope(address) === "public");
  return hasIpv6 ? found("ipv6", "ipv6_ok", {}) : found("ipv6", "ipv6_none", {});
}
