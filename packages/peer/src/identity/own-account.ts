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
import type { AccountKey, DeviceKey, SealKey, SignedText, Username } from "@papo/protocol";

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
};

export function createKeys(): OwnKeys {
  return { root: createAccountKey(), device: createDeviceKey(), seal: createSealKey(), tls: createTlsIdentity() };
}

/** The first statement of a new account: this device and no other. */
export function firstStatement(keys: OwnKeys, clock: Clock): OpenedStatement {
  const device = {
    device: keys.device.publicKey,
    tls: keys.tls.key,
    seal: keys.seal.publicKey,
    added: timestampOf(clock),
    revoked: null,
  };
  const signed = signStatement(keys.root, {
    v: 1,
    account: keys.root.publicKey,
    version: 1,
    prev: null,
    devices: [device],
  });
  const opened = openStatement(signed);
  if (!opened.ok) throw new Error("an own statement does not read back");
  return { statement: opened.value, signed };
}
