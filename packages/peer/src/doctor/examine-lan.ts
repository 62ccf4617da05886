import { randomBytes } from "node:crypto";
import { type Clock, base32, type LanDiscovery, pause } from "@papo/link";
import { DIALLED_PORT_MIN, DOCTOR_LAN_MS, type Outcome } from "@papo/protocol";
import { found } from "./findings.ts";
import type { DoctorCheck } from "./report.ts";

/** Bytes of a hint that nobody's key gives. */
const HINT_BYTES = 10;

/** Whether what is announced in the local network is heard there, by ourselves at least. Undefined: the user wants none of it. */
export async function examineLan(
  openLan: (() => Promise<Outcome<LanDiscovery>>) | undefined,
  clock: Clock,
): Promise<DoctorCheck> {
  if (openLan === undefined) return found("mdns", "mdns_off", {});
  const opened = await openLan();
  if (!opened.ok) return found("mdns", "mdns_forbidden", {});
  const lan = opened.value;
  try {
    if (!lan.hasNetwork) return found("mdns", "mdns_no_network", {});
    return found("mdns", (await isHeard(lan, clock)) ? "mdns_ok" : "mdns_deaf", {});
  } finally {
    await lan.close();
  }
}

async function isHeard(lan: LanDiscovery, clock: Clock): Promise<boolean> {
  const own = base32(randomBytes(HINT_BYTES));
  const heard = new AbortController();
  lan.findPeers(({ hint }) => hint === own && heard.abort());
  lan.announcePeer({ port: DIALLED_PORT_MIN, hint: own });
  await pause(clock, DOCTOR_LAN_MS, heard.signal);
  return heard.signal.aborted;
}
