import { stat } from "node:fs/promises";
import type { TrackerKey } from "@papo/protocol";
import { Profile } from "../storage/profile.ts";
import { type PapoAddress, placeOf } from "./tracker-key.ts";

/** The key of the tracker that was met at this place before. A profile that is not there, or that cannot be used, has met none. */
export async function keyMetAt(address: PapoAddress, profileFolder: string): Promise<TrackerKey | undefined> {
  if ((await stat(profileFolder).catch(() => undefined)) === undefined) return undefined;
  const profile = await Profile.open(profileFolder);
  const pinned = profile.ok ? await profile.value.pinnedTrackerKey(placeOf(address)) : undefined;
  return pinned?.ok === true ? pinned.value : undefined;
}
