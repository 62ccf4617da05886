import { type LanDiscovery, openLan, systemClock, systemRandom } from "@papo/link";
import { isIpv4 } from "@papo/protocol";
import type { Tracker } from "@papo/tracker";

const EVERYWHERE = new Set(["0.0.0.0", "::"]);
const LOOPBACK = /^127\.|^::1$|^localhost$/u;

/**
 * Says in the local network that there is a tracker, where others there can reach it. Undefined: they cannot, or the system does not let us; then it
 * runs all the same. Close it before the tracker goes.
 */
export async function announceTracker({ host, port, key }: Tracker): Promise<LanDiscovery | undefined> {
  if (LOOPBACK.test(host) || !(EVERYWHERE.has(host) || isIpv4(host))) return undefined;
  const lan = await openLan({ clock: systemClock, random: systemRandom });
  if (!lan.ok) return undefined;
  lan.value.announceTracker({ port, key, ...(EVERYWHERE.has(host) ? {} : { on: host }) });
  return lan.value;
}
