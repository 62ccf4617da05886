import type { Clock, Network } from "@papo/link";
import { type Fault, type Outcome, type TrackerKey, fail, fault } from "@papo/protocol";
import type { PeerEvent } from "../api.ts";
import type { Profile } from "../storage/profile.ts";
import { firstToAnswer } from "./first-to-answer.ts";
import { type Credentials, greetTracker, logInOn, openSeedLine } from "./open-line.ts";
import { SeedMemory } from "./seed-rooms.ts";
import { type PapoAddress, keepProven, papoAddresses, placeOf } from "./tracker-key.ts";
import type { TrackerPlaces } from "./tracker-places.ts";
import type { LineOpener, OpenedLine } from "./tracker-session.ts";

export type LineOpenerPorts = {
  readonly network: Network;
  readonly clock: Clock;
  readonly profile: Pick<Profile, "pinnedTrackerKey" | "pinTracker" | "repinTracker">;
  readonly trackers: TrackerPlaces;
  readonly allowPlaintext: boolean;
  readonly emit: (event: PeerEvent) => void;
};

type Attempt = Parameters<LineOpener>[0];

/** The first line uses what the person gave; later ones the device's key, or at an original tracker the hash again. */
export function lineOpener(
  ports: LineOpenerPorts,
  credentials: Credentials,
  trackerKey: TrackerKey | null,
): LineOpener {
  const memory = new SeedMemory();
  const told = new Set<string>();
  const { network, clock } = ports;
  return async (attempt, signal) => {
    const addresses = await ports.trackers.list();
    if (!addresses.ok) return addresses;
    const [address] = addresses.value;
    if (address.dialect === "papo" && trackerKey !== null) {
      const proof: Credentials = attempt.first ? credentials : { kind: "key" };
      const reached = { addresses: papoAddresses(addresses.value), expectedKey: trackerKey, told, signal };
      return openPapo(ports, attempt, { ...reached, credentials: proof });
    }
    if (address.dialect === "papo" || trackerKey !== null)
      return fail("tracker_key_changed", "tracker: expected the kind it was before");
    if (credentials.kind === "key")
      return fail("login_required", "an original tracker asks for the password each time");
    const { own, first, listenFor } = attempt;
    const proof: Credentials = first ? credentials : { kind: "password", hash: credentials.hash };
    return openSeedLine({ network, clock }, { address, own, credentials: proof, memory, listenFor, signal });
  };
}

type PapoAttempt = {
  readonly addresses: readonly PapoAddress[];
  readonly expectedKey: TrackerKey;
  readonly credentials: Credentials;
  /** Addresses of which it was told that another tracker is there. */
  readonly told: Set<string>;
  readonly signal: AbortSignal;
};

/** Only the tracker that answers first hears who we are: a second login would end the first. */
async function openPapo(
  { network, clock, profile, trackers, allowPlaintext, emit }: LineOpenerPorts,
  { own, listenFor }: Attempt,
  { addresses, expectedKey, credentials, told, signal }: PapoAttempt,
): Promise<Outcome<OpenedLine>> {
  const greeted = await firstToAnswer({
    ...{ clock, addresses, signal },
    attempt: (address, ended) => greetTracker({ network, clock }, { address, expectedKey, own, signal: ended }),
    letGo: (line) => line.close(fault("closed", "another address answered first")),
    failed: (address, reason) => {
      if (addresses.length > 1) tellOnce(placeOf(address), reason);
    },
  });
  if (!greeted.ok) return greeted;
  const { address, value: line } = greeted.value;
  trackers.answered(address);
  await keepProven(profile, address, expectedKey);
  return logInOn(line, { own, credentials, listenFor, allowPlaintext, started: own.epoch?.told });

  function tellOnce(place: string, reason: Fault): void {
    if (reason.code !== "tracker_key_changed" || told.has(place)) return;
    told.add(place);
    emit({ kind: "tracker-address-refused", address: place, reason });
  }
}
