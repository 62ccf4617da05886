import type { Clock, KeyPair } from "@papo/link";
import { type AccountKey, type Outcome, type Username, fail, succeed } from "@papo/protocol";
import { type OwnAccount, createDeviceKeys, firstStatement } from "../identity/own-account.ts";
import type { AccountFolder } from "./account-folder.ts";
import type { AccountLock } from "./account-lock.ts";
import type { Profile } from "./profile.ts";

/** An account that this process has for itself. `isNew`: its keys were made just now. */
export type HeldAccount = {
  readonly folder: AccountFolder;
  readonly lock: AccountLock;
  readonly own: OwnAccount;
  readonly isNew: boolean;
  /** The folder whose identity this one is to replace. */
  readonly replaces: AccountFolder | undefined;
};

export type Wanted = { readonly username: Username; readonly tracker: string; readonly trackerAddress: string };

/** Which keys: those that this profile has, new ones, or those of a device of this account (`root`), which may be here already. */
export type WantedKeys = "known" | "known_or_new" | "new" | { readonly root: KeyPair<AccountKey> };

/** The keys to sign in with: those of this profile, or new ones, on disk before anybody hears of them. */
export async function holdAccount(
  profile: Profile,
  wanted: Wanted,
  keys: WantedKeys,
  clock: Clock,
): Promise<Outcome<HeldAccount>> {
  const known = await profile.find(wanted.username, wanted.tracker);
  if (typeof keys === "object") return holdRoot(profile, { known, wanted, root: keys.root, clock });
  if (known !== undefined && keys !== "new") return hold(known, { isNew: false, replaces: undefined });
  if (keys === "known") return noKeys(profile);

  const created = await profile.create(wanted, clock);
  return created.ok ? hold(created.value.folder, { isNew: true, replaces: known }) : created;
}

type RootWanted = {
  readonly known: AccountFolder | undefined;
  readonly wanted: Wanted;
  readonly root: KeyPair<AccountKey>;
  readonly clock: Clock;
};

/** A device of an account whose key is all there is. Its first statement stands for nothing but the key: the tracker answers with the newest one. */
async function holdRoot(profile: Profile, { known, wanted, root, clock }: RootWanted): Promise<Outcome<HeldAccount>> {
  const own = await known?.load();
  if (known !== undefined && own?.ok === true && own.value.keys.root.publicKey === root.publicKey)
    return hold(known, { isNew: false, replaces: undefined });
  const keys = createDeviceKeys(root);
  const created = await profile.create(wanted, clock, { identity: { keys, statement: firstStatement(keys, clock) } });
  return created.ok ? hold(created.value.folder, { isNew: true, replaces: known }) : created;
}

/** A folder that cannot be opened may be the one that was meant: its own complaint helps, "no keys" does not. */
async function noKeys(profile: Profile): Promise<Outcome<never>> {
  const [problem] = await profile.problems();
  if (problem !== undefined) return { ok: false, fault: problem.fault };
  return fail("login_required", "no keys for this account in the profile");
}

async function hold(
  folder: AccountFolder,
  how: Pick<HeldAccount, "isNew" | "replaces">,
): Promise<Outcome<HeldAccount>> {
  // Who replaces an identity must have the old one to itself as well, for that moment.
  if (how.replaces !== undefined && (await how.replaces.isInUse()))
    return fail("busy", "the account is open in another process");
  const lock = await folder.lock();
  if (!lock.ok) return lock;
  const own = await folder.load();
  if (own.ok) return succeed({ folder, lock: lock.value, own: own.value, ...how });
  lock.value.release();
  return own;
}
