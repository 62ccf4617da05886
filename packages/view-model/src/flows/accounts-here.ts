import type { KnownAccount, PeerApi } from "@papo/peer/api";
import { type FaultCode, parseTrackerAddress, type TrackerAddress, type Username } from "@papo/protocol";

/** Accounts of this profile at this tracker that no other running Papo has open, the one used last first. */
export async function usableAccounts(peer: PeerApi): Promise<readonly Username[]> {
  // An original tracker asks for the password each time.
  if (peer.trackerAddress.dialect === "seed") return [];
  const here = await accountsHere(peer);
  return here.filter(({ inUse }) => !inUse).map(({ username }) => username);
}

/** All of them: the one that was left a moment ago may look as if it was still open. */
export async function everyAccount(peer: PeerApi): Promise<readonly Username[]> {
  if (peer.trackerAddress.dialect === "seed") return [];
  return (await accountsHere(peer)).map(({ username }) => username);
}

/** Another Papo on this computer has it open. */
export async function isInUse(peer: PeerApi, asked: Username): Promise<boolean> {
  return (await accountsHere(peer)).some(({ username, inUse }) => username === asked && inUse);
}

/** The tracker does not take this device's key for the account any more: no password was typed that could be wrong. */
export function isKeyRefused(code: FaultCode): boolean {
  return code === "invalid_credentials" || code === "identity_required" || code === "identity_changed";
}

async function accountsHere(peer: PeerApi): Promise<readonly KnownAccount[]> {
  return (await peer.knownAccounts()).filter(({ tracker }) => isAt(tracker, peer.trackerAddress));
}

/** The same tracker: by its key where both are known, else by its place. */
function isAt(known: string, here: TrackerAddress): boolean {
  const parsed = parseTrackerAddress(known);
  if (!parsed.ok || parsed.value.dialect !== here.dialect) return false;
  const there = parsed.value;
  if (there.dialect === "papo" && here.dialect === "papo" && there.key !== undefined && here.key !== undefined) {
    return there.key === here.key;
  }
  return there.host === here.host && there.port === here.port;
}
