import { stat } from "node:fs/promises";
import { parseTrackerAddress, type TrackerAddress } from "@papo/protocol";
import { Profile } from "../storage/profile.ts";

/** The tracker of an account of a profile, with its key, without a name of the one used last; undefined if the profile has no such account. Makes nothing. */
export async function trackerOfAccount(folder: string, name: string | undefined): Promise<TrackerAddress | undefined> {
  const isThere = (await stat(folder).catch(() => undefined)) !== undefined;
  const profile = isThere ? await Profile.open(folder) : undefined;
  if (profile?.ok !== true) return undefined;
  const account = (await profile.value.knownAccounts()).find(({ username }) => name === undefined || username === name);
  const address = account === undefined ? undefined : parseTrackerAddress(account.tracker);
  return address?.ok === true ? address.value : undefined;
}
