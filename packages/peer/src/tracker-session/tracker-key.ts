import { type Clock, type Network, createTlsIdentity } from "@papo/link";
import { type Outcome, type TrackerAddress, type TrackerKey, formatTrackerAddress, succeed } from "@papo/protocol";
import type { Profile } from "../storage/profile.ts";
import { firstToAnswer } from "./first-to-answer.ts";
import { learnTrackerKey } from "./open-line.ts";
import type { TrackerAddresses } from "./tracker-places.ts";

export type PapoAddress = Extract<TrackerAddress, { dialect: "papo" }>;

export type TrackerKeyPorts = {
  readonly network: Network;
  readonly clock: Clock;
  readonly profile: Pick<Profile, "pinnedTrackerKey" | "pinTracker">;
  readonly signal: AbortSignal;
};

/**
 * The key that one of the addresses names, else one that was met at one of them before, else the one met now, from now on. A named one counts
 * whatever was met there before, and is kept once the tracker there has proven it (`keepProven`).
 */
export async function trackerKeyOf(ports: TrackerKeyPorts, addresses: TrackerAddresses): Promise<Outcome<TrackerKey>> {
  const papo = papoAddresses(addresses);
  for (const { key } of papo) if (key !== undefined) return succeed(key);
  for (const address of papo) {
    const pinned = await ports.profile.pinnedTrackerKey(placeOf(address));
    if (!pinned.ok) return pinned;
    if (pinned.value !== undefined) return succeed(pinned.value);
  }
  return learn(ports, papo);
}

/**
 * The tracker at this address has proven this key. Where the person named it, it takes the place of the one met there before; elsewhere what was
 * met first stays.
 */
export async function keepProven(
  profile: Pick<Profile, "pinnedTrackerKey" | "pinTracker" | "repinTracker">,
  address: PapoAddress,
  key: TrackerKey,
): Promise<void> {
  const place = placeOf(address);
  const pinned = await profile.pinnedTrackerKey(place);
  if (pinned.ok && pinned.value === key) return;
  if (address.key === key) await profile.repinTracker(place, key);
  else await profile.pinTracker(place, key);
}

async function learn(
  { network, clock, profile, signal }: TrackerKeyPorts,
  addresses: readonly PapoAddress[],
): Promise<Outcome<TrackerKey>> {
  const met = await firstToAnswer({
    ...{ clock, addresses, signal },
    attempt: (address, ended) => learnTrackerKey({ network, clock }, address, createTlsIdentity(), ended),
    letGo: () => {},
  });
  return met.ok ? profile.pinTracker(placeOf(met.value.address), met.value.value) : met;
}

export function papoAddresses(addresses: readonly TrackerAddress[]): readonly PapoAddress[] {
  return addresses.filter((address) => address.dialect === "papo");
}

/** The address without the key that it may name. */
export function placeOf(address: PapoAddress): string {
  return formatTrackerAddress({ ...address, key: undefined });
}
