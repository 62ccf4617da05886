import { join } from "node:path";
import { type Clock, openStatement, readPrivateFile, timestampOf, writePrivateFile } from "@papo/link";
import {
  type Outcome,
  PRIVATE_FILE_BYTES_MAX,
  PROFILE_FILE_BYTES_MAX,
  fail,
  signedBinding,
  signedStatement,
  succeed,
  username,
} from "@papo/protocol";
import * as v from "valibot";
import { nextStatement } from "../../identity/next-statement.ts";
import { type OwnIdentity, createDeviceKeys } from "../../identity/own-account.ts";
import type { AccountFolder } from "../account-folder.ts";
import { fileFault } from "../file-faults.ts";
import { belong, decodeJson, rootPair } from "../key-files.ts";
import type { Profile } from "../profile.ts";
import { readBackupFile, writeBackupFile } from "./backup-file.ts";
import { type BackupPorts, wholeOf } from "./backup.ts";
import type { BackupPart, TakePart } from "./parts.ts";

// docs/protocol/backup.md §5

const ACCOUNT_PART = "account.json";
const PINS_PART = "pins.json";

const accountPart = v.object({
  v: v.literal(1),
  username,
  tracker: v.pipe(v.string(), v.maxLength(300)),
  trackerAddress: v.pipe(v.string(), v.maxLength(400)),
  root: rootPair,
  statement: signedStatement,
  binding: v.nullable(signedBinding),
});
type AccountPart = v.InferOutput<typeof accountPart>;

export type AccountExport = {
  readonly folder: AccountFolder;
  readonly file: string;
  readonly passphrase: string;
  /** What goes behind the account and its pins: the history. */
  readonly more?: AsyncIterable<BackupPart> | Iterable<BackupPart>;
};

/** An account of this profile into a new file, without the keys of this device. The pins as they are on disk. */
export async function exportAccount(
  { folder, file, passphrase, more = [] }: AccountExport,
  ports: BackupPorts = {},
): Promise<Outcome<string>> {
  const own = await folder.load();
  if (!own.ok) return own;
  const pins = await readPrivateFile(folder.pinsPath, PROFILE_FILE_BYTES_MAX);
  if (!pins.ok) return { ok: false, fault: fileFault(pins.problem) };

  const { username: name, tracker, trackerAddress, statement, binding } = folder.record;
  const { root } = own.value.keys;
  const account: AccountPart = { v: 1, username: name, tracker, trackerAddress, root, statement, binding };
  async function* parts(): AsyncGenerator<BackupPart, void, undefined> {
    yield textPart(ACCOUNT_PART, JSON.stringify(account));
    if (pins.ok && pins.value !== undefined) yield textPart(PINS_PART, pins.value);
    yield* more;
  }
  return writeBackupFile(file, passphrase, parts(), ports);
}

function textPart(name: string, text: string): BackupPart {
  async function* content(): AsyncGenerator<Uint8Array, void, undefined> {
    yield Buffer.from(text, "utf8");
  }
  return { name, content: content() };
}

export type AccountImport = {
  readonly profile: Profile;
  readonly file: string;
  readonly passphrase: string;
  readonly clock: Clock;
  /** Puts a part that is neither account nor pins into the account's folder, before that folder appears. Unset: such parts are skipped. */
  readonly takeMore?: (part: BackupPart, folder: string) => Promise<Outcome<unknown>>;
};

/**
 * Makes the account of a backup one of this profile's, as a new device of it. The file is read twice: once to see that all of it is whole, once to take
 * it. The statement that lists the new device is for the tracker to hear first; if it knows a newer one than the backup did, the device is added to that.
 */
export async function importAccount(
  { profile, file, passphrase, clock, takeMore }: AccountImport,
  ports: Pick<BackupPorts, "derive"> = {},
): Promise<Outcome<AccountFolder>> {
  const account = await readAccount(file, passphrase, ports);
  if (!account.ok) return account;
  const { username: name, tracker, trackerAddress, binding, statement } = account.value;
  if ((await profile.find(name, tracker)) !== undefined)
    return fail("name_taken", "this profile has the account already: log in");
  const identity = newDeviceOf(account.value, timestampOf(clock));
  if (!identity.ok) return identity;

  const fill = (folder: string): Promise<Outcome<unknown>> =>
    readBackupFile(file, passphrase, (part) => takePart(part, folder, takeMore), ports);
  const made = await profile.create({ username: name, tracker, trackerAddress }, clock, {
    identity: identity.value,
    record: { state: "registered", binding, taken: statement },
    fill,
  });
  return made.ok ? succeed(made.value.folder) : made;
}

/** The account, once the whole file is known to be whole. */
async function readAccount(
  file: string,
  passphrase: string,
  ports: Pick<BackupPorts, "derive">,
): Promise<Outcome<AccountPart>> {
  let text: string | undefined;
  const take: TakePart = async ({ name, content }) => {
    if (name === ACCOUNT_PART) text = (await wholeOf(content, PRIVATE_FILE_BYTES_MAX)).toString("utf8");
    return succeed(name);
  };
  const read = await readBackupFile(file, passphrase, take, ports);
  if (!read.ok) return read;
  const account = decodeJson(accountPart, text ?? "");
  return account.ok ? account : fail("backup_unreadable", "expected the account of a Papo that this one knows");
}

function newDeviceOf({ root, statement }: AccountPart, at: string): Outcome<OwnIdentity> {
  const opened = openStatement(statement);
  if (!opened.ok || opened.value.account !== root.publicKey || !belong(root, "Ed25519"))
    return fail("backup_unreadable", "expected a statement of the account's own");
  const keys = createDeviceKeys(root);
  const next = nextStatement(root, { statement: opened.value, signed: statement }, { add: [keys], at });
  return next.ok ? succeed({ keys, statement: next.value }) : next;
}

async function takePart(
  part: BackupPart,
  folder: string,
  takeMore: AccountImport["takeMore"],
): Promise<Outcome<unknown>> {
  if (part.name === ACCOUNT_PART) return succeed(part.name);
  if (part.name !== PINS_PART) return takeMore === undefined ? succeed(part.name) : takeMore(part, folder);
  const pins = await wholeOf(part.content, PROFILE_FILE_BYTES_MAX);
  const written = await writePrivateFile(join(folder, PINS_PART), pins.toString("utf8"));
  return written.ok ? succeed(part.name) : { ok: false, fault: fileFault(written.problem) };
}
