import { join } from "node:path";
import {
  type FileOutcome,
  type KeyPair,
  type TlsIdentity,
  createTlsIdentity,
  createTrackerKey,
  readOrCreatePrivateFile,
  readTlsIdentity,
  signBinding,
  signRoomTicket,
  signText,
  signTrackerStatement,
  verifyText,
} from "@papo/link";
import {
  type AccountKey,
  type Outcome,
  type RoomTicket,
  SIGNATURE_CONTEXTS,
  type SignedText,
  type TrackerKey,
  type Username,
  decodeWith,
  fail,
  parseStrictJson,
  succeed,
  trackerKey,
} from "@papo/protocol";

/** Who a tracker is: the key that people pin and the key of its TLS. Never logged. */
export type TrackerIdentity = {
  readonly key: TrackerKey;
  readonly tls: TlsIdentity;
  /** The tracker's word that `tls` is its own. */
  readonly statement: SignedText;
  readonly bind: (name: Username, account: AccountKey, date: string) => SignedText;
  readonly ticket: (ticket: Pick<RoomTicket, "room" | "account" | "name" | "date">) => SignedText;
};

const SIGNING_FILE = "tracker-key.json";
const TLS_FILE = "tracker-tls.pem";

/** The keys of the tracker of this folder, made at the first start: 0600 files. The folder must be private already or is made so. */
export async function openTrackerIdentity(directory: string): Promise<FileOutcome<TrackerIdentity>> {
  const signing = await readOrCreatePrivateFile(join(directory, SIGNING_FILE), () =>
    JSON.stringify(createTrackerKey()),
  );
  if (!signing.ok) return signing;
  const tls = await readOrCreatePrivateFile(join(directory, TLS_FILE), () => createTlsIdentity().privateKeyPem);
  if (!tls.ok) return tls;

  const keys = readKeyPair(signing.value);
  if (!keys.ok) return damaged(join(directory, SIGNING_FILE));
  const channel = readTlsIdentity(tls.value);
  return channel.ok ? { ok: true, value: identityOf(keys.value, channel.value) } : damaged(join(directory, TLS_FILE));
}

/** One that nobody will meet again: for tests and for trackers that keep nothing. */
export function createTrackerIdentity(): TrackerIdentity {
  return identityOf(createTrackerKey(), createTlsIdentity());
}

function identityOf(keys: KeyPair<TrackerKey>, tls: TlsIdentity): TrackerIdentity {
  return {
    key: keys.publicKey,
    tls,
    statement: signTrackerStatement(keys, tls.key),
    bind: (name, account, date) => signBinding(keys, { v: 1, tracker: keys.publicKey, name, account, date }),
    ticket: (ticket) => signRoomTicket(keys, { v: 1, tracker: keys.publicKey, ...ticket }),
  };
}

function readKeyPair(text: string): Outcome<KeyPair<TrackerKey>> {
  const parsed = parseStrictJson(text);
  const { value } = parsed.ok ? parsed : { value: null };
  if (typeof value !== "object" || value === null || !("publicKey" in value) || !("secretKey" in value))
    return unreadable();
  const { publicKey, secretKey } = value;
  const key = decodeWith(trackerKey, publicKey);
  if (!key.ok || typeof secretKey !== "string") return unreadable();
  return proven({ publicKey: key.value, secretKey });
}

/** A pair whose halves do not belong together would sign what nobody can verify: found here, not by the first client. */
function proven(pair: KeyPair<TrackerKey>): Outcome<KeyPair<TrackerKey>> {
  try {
    const signed = signText(pair, SIGNATURE_CONTEXTS.trackerStatement, "");
    if (verifyText(pair.publicKey, SIGNATURE_CONTEXTS.trackerStatement, signed)) return succeed(pair);
  } catch {
    // What OpenSSL says about it may hold parts of the file.
  }
  return unreadable();
}

function unreadable(): { readonly ok: false; readonly fault: ReturnType<typeof fail>["fault"] } {
  return fail("invalid_message", "a signing key");
}

function damaged(path: string): FileOutcome<never> {
  return { ok: false, problem: { kind: "failed", path, code: "damaged" } };
}
