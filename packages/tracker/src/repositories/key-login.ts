import type { DeviceKey } from "@papo/protocol";
import type { DeviceStart, StoredIdentity, User } from "./user-repository.ts";

/** What a login with a key leaves behind. */
export type KeyLogin = {
  readonly identity: StoredIdentity;
  /** Those that its statement lists and has not revoked. What was known of others' starts is forgotten. */
  readonly devices: readonly DeviceKey[];
  /** Undefined when the device told none. */
  readonly start: DeviceStart | undefined;
};

/**
 * The account after that login, latched again: `user` itself when nothing is new. `copied` when the device started again from an older
 * state, or twice from the same one: two programs run with one profile. Pure; every store decides by it, within the step that writes.
 */
export function afterLogin(user: User, { identity, devices, start }: KeyLogin): User | "copied" {
  const isSameRoot = user.identity?.account === identity.account;
  const known = isSameRoot ? user.starts.filter(({ device }) => devices.includes(device)) : [];
  const last = known.find(({ device }) => device === start?.device);
  if (start !== undefined && last !== undefined && isCopy(last, start)) return "copied";

  const isNewStart = start !== undefined && last?.start !== start.start;
  const starts = isNewStart ? [...known.filter((each) => each !== last), start] : known;
  const isSame = isSameRoot && user.identity.version === identity.version && !user.unlatched;
  if (isSame && !isNewStart && starts.length === user.starts.length) return user;
  return { ...user, identity, unlatched: false, starts };
}

function isCopy(last: DeviceStart, now: DeviceStart): boolean {
  return now.epoch < last.epoch || (now.epoch === last.epoch && now.start !== last.start);
}
