import {
  type Clock,
  type KeyPair,
  type OpenedStatement,
  type TlsIdentity,
  createAccountKey,
  createDeviceKey,
  createSealKey,
  createTlsIdentity,
  openStatement,
  signStatement,
  timestampOf,
} from "@papo/link";
import type {
  AccountKey,
  AccountStatement,
  DeviceKey,
  SealKey,
  SignedText,
  StatementDevice,
  Username,
} from "@papo/protocol";
import type { Epoch } from "./epochs.ts";

/** The secrets of one account on one device, each with its one use. Never logged. docs/protocol/identity.md §1 */
export type OwnKeys = {
  readonly root: KeyPair<AccountKey>;
  readonly device: KeyPair<DeviceKey>;
  readonly seal: KeyPair<SealKey>;
  readonly tls: TlsIdentity;
};

/** What we are to others. `binding` is the tracker's word for the name, null where a tracker gives none. */
export type OwnAccount = {
  readonly username: Username;
  readonly keys: OwnKeys;
  readonly statement: OpenedStatement;
  readonly binding: SignedText | null;
  /** This start of the program; undefined until the history is open. */
  readonly epoch?: Epoch;
};

/** Keys together with the statement that lists them. */
export type OwnIdentity = Pick<OwnAccount, "keys" | "statement">;

/** The keys of a new account on its first device. */
export function createKeys(): OwnKeys {
  return createDeviceKeys(createAccountKey());
}

/** The keys of a new device of this account. No device takes over another's: what one has signed stays its own. */
export function createDeviceKeys(root: KeyPair<AccountKey>): OwnKeys {
  return { root, device: createDeviceKey(), seal: createSealKey(), tls: createTlsIdentity() };
}

/** The line of the device with these keys in its account's statement. `added`: a label, RFC 3339. */
export function statementDeviceOf(keys: OwnKeys, added: string): StatementDevice {
  return { device: keys.device.publicKey, tls: keys.tls.key, seal: keys.seal.publicKey, added, revoked: null };
}

/** The first statement of a new account: this device and no other. */
export function firstStatement(keys: OwnKeys, clock: Clock): OpenedStatement {
  const devices = [statementDeviceOf(keys, timestampOf(clock))];
  return signOwnStatement(keys.root, { v: 1, account: keys.root.publicKey, version: 1, prev: null, devices });
}

/** What we sign ourselves makes sense; if it does not, that is our own mistake. */
export function signOwnStatement(root: KeyPair<AccountKey>, statement: AccountStatement): OpenedStatement {
  const signed = signStatement(root, statement);
  const opened = openStatement(signed);
  if (!opened.ok) throw new Error("an own statement does not read back");
  return { statement: opened.value, signed };
}
