import { type LanDiscovery, type LanTracker, openLan, pause, systemClock, systemRandom } from "@papo/link";
import {
  formatTrackerAddress,
  LAN_LOOK_MS,
  LAN_TRACKERS_MAX,
  type Outcome,
  succeed,
  type TrackerAddress,
} from "@papo/protocol";

export type PapoAddress = Extract<TrackerAddress, { dialect: "papo" }>;

/** Trackers that announce themselves in this network, each once, in the order of their addresses. `noNetwork`: there is none to look in. */
export type Nearby = { readonly trackers: readonly PapoAddress[]; readonly noNetwork: boolean };

/** Looks for a moment; where there is no network, not even that. Fails with `unsupported` where the system does not let us. */
export async function trackersNearby(): Promise<Outcome<Nearby>> {
  const opened = await openLan({ clock: systemClock, random: systemRandom });
  if (!opened.ok) return opened;
  try {
    return succeed(await look(opened.value));
  } finally {
    await opened.value.close();
  }
}

async function look(lan: LanDiscovery): Promise<Nearby> {
  if (!lan.hasNetwork) return { trackers: [], noNetwork: true };
  const trackerByAddress = new Map<string, PapoAddress>();
  lan.findTrackers(({ address, port, key }: LanTracker) => {
    const found = { dialect: "papo", host: address, port, key } as const;
    if (trackerByAddress.size < LAN_TRACKERS_MAX) trackerByAddress.set(formatTrackerAddress(found), found);
  });
  await pause(systemClock, LAN_LOOK_MS);
  const inOrder = [...trackerByAddress].toSorted(([one], [other]) => (one < other ? -1 : 1));
  return { trackers: inOrder.map(([, tracker]) => tracker), noNetwork: false };
}
