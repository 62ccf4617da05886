import { type Clock, type OpenedStatement, openStatement, timestampOf } from "@papo/link";
import { type Fault, type Outcome, type SignedText, succeed } from "@papo/protocol";
import type { AccountFolder } from "../storage/account-folder.ts";
import type { EpochStore } from "./epochs.ts";
import { formerDevices, noteFormer } from "./former-devices.ts";
import { nextStatement } from "./next-statement.ts";
import { type OwnAccount, createDeviceKeys } from "./own-account.ts";

// What a device does that is about twice, or that the account's newest statement does not list. docs/protocol/identity.md §3, §10
//
// Nobody but the tracker may hear of a new statement before the tracker has taken it: two of one version would look like theft.

type Parts = { readonly folder: AccountFolder; readonly settings: EpochStore; readonly clock: Clock };

/** `rekey`: this device must not write any more. `list`: its keys are fine, and the account's newest statement is to name them. */
export type Remedy =
  | { readonly kind: "rekey"; readonly newest: OpenedStatement | undefined }
  | { readonly kind: "list"; readonly newest: OpenedStatement };

/** What mends a login that was refused like this; undefined: nothing here does. */
export function remedyFor(own: OwnAccount, taken: SignedText | undefined, reason: Fault): Remedy | undefined {
  const newest = newerStatement(own, taken, reason);
  if (reason.code === "profile_copied") return { kind: "rekey", newest };
  if (!isAboutStatement(reason) || newest === undefined) return undefined;
  const listed = newest.statement.devices.find(({ device }) => device === own.keys.device.publicKey);
  const isRevoked = listed !== undefined && listed.revoked !== null;
  return isRevoked ? { kind: "rekey", newest } : { kind: "list", newest };
}

/** Whether a session that ended like this may go on as another device, or as the same one in another statement. */
export function mayBeMended(reason: Fault): boolean {
  return reason.code === "profile_copied" || (isAboutStatement(reason) && reason.statement !== undefined);
}

function isAboutStatement({ code }: Fault): boolean {
  return code === "statement_stale" || code === "statement_invalid";
}

/**
 * The statement that came with a refusal, if it is one of this account and no older than the last that the tracker has taken: whoever brings an older one
 * would have us sign what we have signed otherwise.
 */
function newerStatement(
  own: OwnAccount,
  taken: SignedText | undefined,
  { statement: signed }: Fault,
): OpenedStatement | undefined {
  const opened = signed === undefined ? undefined : openStatement(signed);
  if (signed === undefined || opened?.ok !== true || opened.value.account !== own.keys.root.publicKey) return undefined;
  const known = taken === undefined ? undefined : openStatement(taken);
  const isOlder = known?.ok === true && opened.value.version < known.value.version;
  return isOlder ? undefined : { statement: opened.value, signed };
}

export async function mend(own: OwnAccount, parts: Parts, remedy: Remedy): Promise<Outcome<OwnAccount>> {
  return remedy.kind === "rekey" ? rekey(own, parts, remedy.newest) : listDevice(own, parts, remedy.newest);
}

/**
 * New keys for this device, listed in the account's next statement, which revokes the old ones: nothing is ever written under those again.
 * `newest`: the statement that the tracker has, where it is not ours (another copy was first).
 */
export async function rekey(
  own: OwnAccount,
  { folder, settings, clock }: Parts,
  newest: OpenedStatement | undefined,
): Promise<Outcome<OwnAccount>> {
  const previous = newest ?? own.statement;
  const keys = createDeviceKeys(own.keys.root);
  const old = own.keys.device.publicKey;
  const isListed = previous.statement.devices.some(({ device }) => device === old);
  const change = { add: [keys], revoke: isListed ? [old] : [], at: timestampOf(clock) };
  const statement = nextStatement(own.keys.root, previous, change);
  if (!statement.ok) return statement;
  const noted = await noteFormer(settings, keys.device.publicKey, old);
  if (!noted.ok) return noted;
  const written = await folder.rekey(keys, statement.value);
  return written.ok ? succeed({ ...own, keys, statement: statement.value }) : written;
}

/** The same keys, listed by the statement after the newest one: what was signed before and nobody took is signed anew on top of that. */
async function listDevice(
  own: OwnAccount,
  { folder, settings, clock }: Parts,
  newest: OpenedStatement,
): Promise<Outcome<OwnAccount>> {
  const listed = new Set(newest.statement.devices.map(({ device }) => device));
  const revoke = formerDevices(settings, own.keys.device.publicKey).filter((device) => listed.has(device));
  const statement = nextStatement(own.keys.root, newest, { add: [own.keys], revoke, at: timestampOf(clock) });
  if (!statement.ok) return statement;
  const written = await folder.update({ statement: statement.value.signed });
  return written.ok ? succeed({ ...own, statement: statement.value }) : written;
}
