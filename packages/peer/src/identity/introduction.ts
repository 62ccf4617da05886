import { type OpenedStatement, deviceForTlsKey, openBinding, openDeviceEpoch, openStatement } from "@papo/link";
import {
  type AccountKey,
  type DeviceKey,
  type Outcome,
  PROTOCOL_VERSION,
  type PeerHello,
  ROOM_LOG_FEATURE,
  type SignedText,
  type TlsKey,
  type TrackerKey,
  type Username,
  fail,
  succeed,
} from "@papo/protocol";
import type { Epoch } from "./epochs.ts";
import type { OwnAccount } from "./own-account.ts";

/** Who a HELLO has proven to be. Whether the name may have this key is the pins' to say. */
export type Introduction = {
  readonly username: Username;
  readonly account: AccountKey;
  readonly device: DeviceKey;
  /** The key of the channel, which the statement lists for the device. */
  readonly tls: TlsKey;
  readonly statement: OpenedStatement;
  readonly binding: SignedText | null;
  /** Optional parts of the language that both sides speak. */
  readonly features: readonly string[];
  /** Which start of its program this is; null from programs that do not say. */
  readonly epoch: Epoch | null;
};

export type Expectation = {
  readonly own: OwnAccount;
  /** The tracker whose word for names counts; null at an original one, which gives none. */
  readonly tracker: TrackerKey | null;
  /** The key that the far end of this very channel has proven to hold. */
  readonly channelKey: TlsKey;
  /** Whom we dialled; undefined at the listener. */
  readonly dialled: { readonly username: Username; readonly account: AccountKey | null } | undefined;
};

/** Optional parts of the language that this Papo speaks. */
const OWN_FEATURES: readonly string[] = [ROOM_LOG_FEATURE];

export function ownHello(own: OwnAccount, to: AccountKey | null): PeerHello {
  return {
    cmd: "HELLO",
    version: PROTOCOL_VERSION,
    features: [...OWN_FEATURES],
    to,
    statement: own.statement.signed,
    binding: own.binding,
    username: own.username,
    ...(own.epoch === undefined ? {} : { epoch: own.epoch.signed }),
  };
}

/** The checks of docs/protocol/peer.md §2.2, in its order. */
export function checkHello(hello: PeerHello, expected: Expectation): Outcome<Introduction> {
  const { own, tracker, channelKey, dialled } = expected;
  const strangerMayCall = tracker === null && dialled === undefined;
  if (hello.to === null ? !strangerMayCall : hello.to !== own.keys.root.publicKey) {
    return fail("wrong_recipient", "to: expected this account");
  }

  const statement = openStatement(hello.statement);
  if (!statement.ok) return statement;
  const { account } = statement.value;
  const device = deviceForTlsKey(statement.value, channelKey);
  if (!device.ok) return device;
  if (account === own.keys.root.publicKey) return fail("unsupported", "statement: expected another account than ours");

  const named = checkName(hello, account, tracker);
  if (!named.ok) return named;
  const isDialled =
    dialled === undefined || (dialled.username === hello.username && (dialled.account ?? account) === account);
  if (!isDialled) return fail("wrong_recipient", "statement: expected whom we dialled");

  const epoch = readEpoch(hello.epoch, device.value.device);
  if (!epoch.ok) return epoch;
  const { username, binding } = hello;
  return succeed({
    epoch: epoch.value,
    username,
    account,
    device: device.value.device,
    tls: channelKey,
    statement: { statement: statement.value, signed: hello.statement },
    binding: tracker === null ? null : binding,
    features: OWN_FEATURES.filter((feature) => hello.features.includes(feature)),
  });
}

function readEpoch(signed: SignedText | undefined, device: DeviceKey): Outcome<Epoch | null> {
  if (signed === undefined) return succeed(null);
  const opened = openDeviceEpoch(signed);
  if (!opened.ok || opened.value.device !== device)
    return fail("statement_invalid", "epoch: expected one of this device");
  return succeed({ told: opened.value, signed });
}

/** The tracker's word that this name is this account. */
function checkName(hello: PeerHello, account: AccountKey, tracker: TrackerKey | null): Outcome<Username> {
  if (tracker === null) return succeed(hello.username);
  if (hello.binding === null) return fail("statement_invalid", "binding: expected one");
  const binding = openBinding(hello.binding, tracker);
  if (!binding.ok) return fail("statement_invalid", binding.fault.detail);
  const { name, account: bound } = binding.value;
  return name === hello.username && bound === account
    ? succeed(name)
    : fail("statement_invalid", "binding: expected one for this name and account");
}
