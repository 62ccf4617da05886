import { type Clock, type OpenedStatement, openStatement, timestampOf } from "@papo/link";
import { type Fault, type Outcome, succeed } from "@papo/protocol";
import type { AccountFolder } from "../storage/account-folder.ts";
import { type EpochStore, forgetEpoch } from "./epochs.ts";
import { nextStatement } from "./next-statement.ts";
import { type OwnAccount, createDeviceKeys } from "./own-account.ts";

/**
 * New keys for this device, listed in the account's next statement, which revokes the old ones: nothing is ever written under those again.
 * docs/protocol/identity.md §10
 *
 * `newest`: the statement that the tracker has, where it is ahead of ours (the other copy was first). Nobody but the tracker may hear of the new statement before the
 * tracker has taken it: two of one version would look like theft.
 */
export async function rekey(
  own: OwnAccount,
  parts: { readonly folder: AccountFolder; readonly settings: EpochStore; readonly clock: Clock },
  newest: OpenedStatement | undefined,
): Promise<Outcome<OwnAccount>> {
  const { folder, settings, clock } = parts;
  const previous = newest ?? own.statement;
  const keys = createDeviceKeys(own.keys.root);
  const old = own.keys.device.publicKey;
  const isListed = previous.statement.devices.some(({ device }) => device === old);
  const change = { add: [keys], revoke: isListed ? [old] : [], at: timestampOf(clock) };
  const statement = nextStatement(own.keys.root, previous, change);
  if (!statement.ok) return statement;
  // A count that starts again under keys that nobody has seen is no copy; the other order would be one.
  const written = await folder.rekey(keys, statement.value);
  if (!written.ok) return written;
  const forgotten = await forgetEpoch(settings);
  return forgotten.ok ? succeed({ ...own, keys, statement: statement.value }) : forgotten;
}

/** The statement that came with a refusal, if it is one of this account and ahead of ours. */
export function newerStatement(own: OwnAccount, { statement: signed }: Fault): OpenedStatement | undefined {
  const opened = signed === undefined ? undefined : openStatement(signed);
  if (signed === undefined || opened?.ok !== true) return undefined;
  const isAhead =
    opened.value.account === own.keys.root.publicKey && opened.value.version >= own.statement.statement.version;
  return isAhead ? { statement: opened.value, signed } : undefined;
}

/** Why a login that this device's key should have opened was refused, where new keys mend it. */
export function asksForNewKeys(reason: Fault): boolean {
  return reason.code === "profile_copied" || reason.code === "statement_stale";
}
