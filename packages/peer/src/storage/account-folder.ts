import { randomBytes } from "node:crypto";
import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Clock, type OpenedStatement, openPrivateFolder, openStatement } from "@papo/link";
import {
  type Outcome,
  type SignedText,
  type Username,
  fail,
  signedBinding,
  signedStatement,
  succeed,
  username,
} from "@papo/protocol";
import * as v from "valibot";
import {
  type OwnAccount,
  type OwnIdentity,
  type OwnKeys,
  createKeys,
  firstStatement,
} from "../identity/own-account.ts";
import { type AccountFiles, DISK } from "./account-files.ts";
import { AccountLock } from "./account-lock.ts";
import { fileFault } from "./file-faults.ts";
import { damaged, decodeJson, deviceFilesOf, fits, generationOf, readKeys, readText, rootFileOf } from "./key-files.ts";

/**
 * What is known of an account without its keys. `registering`: the keys are on disk and the tracker may or may not have heard of them;
 * `replaced`: a new identity took its place, the keys are only kept.
 */
const accountRecord = v.object({
  v: v.literal(1),
  state: v.picklist(["registering", "registered", "replaced"]),
  username,
  /** The tracker's key, or `seed://host:port`: one account belongs to one tracker. */
  tracker: v.pipe(v.string(), v.maxLength(300)),
  /** How the tracker was last reached, for people. */
  trackerAddress: v.pipe(v.string(), v.maxLength(400)),
  statement: signedStatement,
  /** The newest that the tracker has taken, and so others may know; unset: `statement`, unless nobody has heard of it yet. */
  taken: v.optional(signedStatement),
  binding: v.nullable(signedBinding),
  /** Which of the device keys in the folder count; each re-keying writes the next. */
  keyGeneration: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(1)), 1),
  lastUsedMs: v.pipe(v.number(), v.safeInteger()),
});
export type AccountRecord = v.InferOutput<typeof accountRecord>;

const RECORD_FILE = "account.json";

/** What an account begins with other than new keys: one that is recovered, or imported. */
export type AccountBeginning = {
  readonly identity?: OwnIdentity;
  readonly record?: Partial<Pick<AccountRecord, "state" | "binding" | "taken">>;
  /** Puts more into the folder (pins, a history) before it appears under its name. Whatever it says or throws, nothing is left behind. */
  readonly fill?: (folder: string) => Promise<Outcome<unknown>>;
  readonly files?: AccountFiles;
};

/** One account's folder. Its name is random: nothing that a person typed becomes a path. */
export class AccountFolder {
  readonly path: string;
  readonly #files: AccountFiles;
  #record: AccountRecord;
  /** Settles when the last change has: each builds upon the one before. */
  #changed: Promise<unknown> = Promise.resolve();

  private constructor(path: string, record: AccountRecord, files: AccountFiles) {
    this.path = path;
    this.#record = record;
    this.#files = files;
  }

  get record(): AccountRecord {
    return this.#record;
  }

  /** The newest statement of which the tracker is known to have heard. */
  get taken(): SignedText | undefined {
    const { taken, state, statement } = this.#record;
    return taken ?? (state === "registering" ? undefined : statement);
  }

  /**
   * Keys, on disk before anybody hears of them. The folder appears under its name only when everything is in it, so a crash leaves
   * either a whole account or a leftover that nobody reads.
   */
  static async create(
    accountsFolder: string,
    account: { readonly username: Username; readonly tracker: string; readonly trackerAddress: string },
    clock: Clock,
    beginning: AccountBeginning = {},
  ): Promise<Outcome<{ readonly folder: AccountFolder; readonly keys: OwnKeys }>> {
    const { identity = newIdentity(clock), files = DISK } = beginning;
    if (!fits(identity.keys, identity.statement)) throw new TypeError("keys and a statement that does not list them");
    const record: AccountRecord = {
      v: 1,
      state: "registering",
      ...account,
      statement: identity.statement.signed,
      binding: null,
      keyGeneration: 1,
      lastUsedMs: Math.floor(clock.wallMs()),
      ...beginning.record,
    };

    const id = randomBytes(12).toString("hex");
    const [unfinished, path] = [join(accountsFolder, `.${id}`), join(accountsFolder, id)];
    const made = await make(unfinished, { record, keys: identity.keys, files, fill: beginning.fill });
    // Without its name nobody would find the keys again, and by then the tracker may know them.
    const named = made.ok ? await rename(files, unfinished, path) : made;
    if (named.ok) return succeed({ folder: new AccountFolder(path, record, files), keys: identity.keys });
    await files.remove(unfinished).catch(() => {});
    return named;
  }

  static async open(path: string, files: AccountFiles = DISK): Promise<Outcome<AccountFolder>> {
    const text = await readText(join(path, RECORD_FILE));
    if (!text.ok) return text;
    const record = decodeJson(accountRecord, text.value);
    return record.ok ? succeed(new AccountFolder(path, record.value, files)) : damaged(path, RECORD_FILE);
  }

  lock(): Promise<Outcome<AccountLock>> {
    return AccountLock.take(join(this.path, "lock"));
  }

  isInUse(): Promise<boolean> {
    return AccountLock.isTaken(join(this.path, "lock"));
  }

  get pinsPath(): string {
    return join(this.path, "pins.json");
  }

  /** Refuses keys that do not fit each other or the statement: a damaged file, or a mix of two, is said, never used. */
  async load(): Promise<Outcome<OwnAccount>> {
    const keys = await readKeys(this.path, this.#record.keyGeneration);
    if (!keys.ok) return keys;
    const statement = openStatement(this.#record.statement);
    if (!statement.ok) return damaged(this.path, RECORD_FILE);
    const opened = { statement: statement.value, signed: this.#record.statement };
    if (!fits(keys.value, opened)) return damaged(this.path, `a file of keys, or ${RECORD_FILE}`);
    const { username: name, binding } = this.#record;
    return succeed({ username: name, keys: keys.value, statement: opened, binding });
  }

  /**
   * Other device keys for the same account, listed by this statement. The record is replaced last and says which keys count, so a
   * crash leaves the old device or the new one; the old one's secrets go when the new one's are safe.
   */
  async rekey(keys: OwnKeys, statement: OpenedStatement): Promise<Outcome<AccountRecord>> {
    if (!fits(keys, statement)) throw new TypeError("keys and a statement that does not list them");
    const before = openStatement(this.#record.statement);
    if (!before.ok) return damaged(this.path, RECORD_FILE);
    if (before.value.account !== keys.root.publicKey) throw new TypeError("keys of another account");

    const keyGeneration = 1 + Math.max(this.#record.keyGeneration, ...(await this.#generations()));
    const written = await writeAll(this.#files, this.path, deviceFilesOf(keys, keyGeneration));
    if (!written.ok) return written;
    const replaced = await this.#replace((record) => ({
      ...this.#withTaken(record),
      ...{ keyGeneration, statement: statement.signed },
    }));
    if (replaced.ok) await this.#removeOtherKeys();
    return replaced;
  }

  /** Those that lie here, what a crash or a failed write left included. */
  async #generations(): Promise<readonly number[]> {
    const names = await readdir(this.path).catch(() => []);
    return names.flatMap((name) => generationOf(name) ?? []);
  }

  async #removeOtherKeys(): Promise<void> {
    for (const name of await readdir(this.path).catch(() => [])) {
      const generation = generationOf(name);
      if (generation === undefined || generation === this.#record.keyGeneration) continue;
      // Keys of a device that is revoked: a pity if they stay, no reason to fail.
      await this.#files.remove(join(this.path, name)).catch(() => {});
    }
  }

  /** The tracker is logged in with the present statement: others hear of it from now on. */
  accepted(changes: Pick<AccountRecord, "binding" | "lastUsedMs">): Promise<Outcome<AccountRecord>> {
    return this.#replace((record) => ({ ...record, ...changes, state: "registered", taken: record.statement }));
  }

  update(changes: Partial<Pick<AccountRecord, "state" | "statement" | "lastUsedMs">>): Promise<Outcome<AccountRecord>> {
    return this.#replace((record) => ({ ...this.#withTaken(record), ...changes }));
  }

  #withTaken(record: AccountRecord): AccountRecord {
    const { taken } = this;
    return taken === undefined ? record : { ...record, taken };
  }

  #replace(change: (record: AccountRecord) => AccountRecord): Promise<Outcome<AccountRecord>> {
    const changed = this.#changed.then(() => this.#write(change(this.#record)));
    this.#changed = changed;
    return changed;
  }

  async #write(record: AccountRecord): Promise<Outcome<AccountRecord>> {
    const written = await writeAll(this.#files, this.path, { [RECORD_FILE]: JSON.stringify(record) });
    if (!written.ok) return written;
    this.#record = record;
    return succeed(record);
  }

  /** Before the lock is let go. */
  async settled(): Promise<void> {
    await this.#changed;
  }

  /** For an account that the tracker refused to make: nobody has ever seen its keys. */
  async remove(): Promise<void> {
    const leftover = join(dirname(this.path), `.removed-${randomBytes(6).toString("hex")}`);
    try {
      await this.#files.rename(this.path, leftover);
      await this.#files.remove(leftover);
    } catch {
      // A leftover that nobody reads.
    }
  }
}

function newIdentity(clock: Clock): OwnIdentity {
  const keys = createKeys();
  return { keys, statement: firstStatement(keys, clock) };
}

type Making = {
  readonly record: AccountRecord;
  readonly keys: OwnKeys;
  readonly files: AccountFiles;
  readonly fill: AccountBeginning["fill"] | undefined;
};

async function make(folder: string, { record, keys, files, fill }: Making): Promise<Outcome<unknown>> {
  const opened = await openPrivateFolder(folder);
  if (!opened.ok) return { ok: false, fault: fileFault(opened.problem) };
  const written = await writeAll(files, folder, {
    ...rootFileOf(keys),
    ...deviceFilesOf(keys, record.keyGeneration),
    [RECORD_FILE]: JSON.stringify(record),
  });
  if (!written.ok || fill === undefined) return written;
  try {
    return await fill(folder);
  } catch (error) {
    await files.remove(folder).catch(() => {});
    throw error;
  }
}

async function rename(files: AccountFiles, from: string, to: string): Promise<Outcome<string>> {
  try {
    await files.rename(from, to);
    return succeed(to);
  } catch {
    return fail("storage_failed", `${to}: the file system refused`);
  }
}

async function writeAll(
  files: AccountFiles,
  folder: string,
  contentByName: Readonly<Record<string, string>>,
): Promise<Outcome<string>> {
  for (const [name, content] of Object.entries(contentByName)) {
    const written = await files.write(join(folder, name), content);
    if (!written.ok) return { ok: false, fault: fileFault(written.problem) };
  }
  return succeed(folder);
}
