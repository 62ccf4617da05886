import { type KeyPair, type OpenedStatement, sha256Text } from "@papo/link";
import {
  type AccountKey,
  type DeviceKey,
  type Outcome,
  STATEMENT_DEVICES_MAX,
  type StatementDevice,
  fail,
  succeed,
} from "@papo/protocol";
import { type OwnKeys, signOwnStatement, statementDeviceOf } from "./own-account.ts";

/** `at`: a label, RFC 3339, for what is added and revoked now. */
export type StatementChange = {
  /** Keys of devices that are not listed yet; their root is this account's. */
  readonly add?: readonly OwnKeys[];
  readonly revoke?: readonly DeviceKey[];
  readonly at: string;
};

/**
 * The account's next statement. docs/protocol/identity.md §3
 *
 * Nobody is ever taken off the list: entries that a revoked device once signed must still be known as the account's. So the list can
 * be full, and stays so: `limit_reached`, and the account can only go on with the devices it has, or start a new identity. What
 * changes nothing gives the statement that there is, so that asking twice is harmless.
 */
export function nextStatement(
  root: KeyPair<AccountKey>,
  previous: OpenedStatement,
  { add = [], revoke = [], at }: StatementChange,
): Outcome<OpenedStatement> {
  const known = previous.statement.devices;
  const isForeign = add.some((keys) => keys.root.publicKey !== root.publicKey);
  if (previous.statement.account !== root.publicKey || isForeign) throw new TypeError("a statement of another account");
  if (revoke.some((device) => !known.some((listed) => listed.device === device)))
    return fail("statement_invalid", "devices: expected the ones to be revoked");

  const kept = known.map((listed) => (isRevoked(listed, revoke) ? { ...listed, revoked: at } : listed));
  const added = add.map((keys) => statementDeviceOf(keys, at)).filter(({ device }) => !isListed(known, device));
  if (added.length === 0 && kept.every((device, index) => device === known[index])) return succeed(previous);
  if (kept.length + added.length > STATEMENT_DEVICES_MAX)
    return fail("limit_reached", `devices: limit ${STATEMENT_DEVICES_MAX}, revoked ones counted`);

  const { account, version } = previous.statement;
  const prev = sha256Text(previous.signed.text);
  return succeed(signOwnStatement(root, { v: 1, account, version: version + 1, prev, devices: [...kept, ...added] }));
}

/** The first date stays: a device that was revoked before is not revoked anew. */
function isRevoked({ device, revoked }: StatementDevice, revoke: readonly DeviceKey[]): boolean {
  return revoked === null && revoke.includes(device);
}

function isListed(devices: readonly StatementDevice[], device: DeviceKey): boolean {
  return devices.some((listed) => listed.device === device);
}
