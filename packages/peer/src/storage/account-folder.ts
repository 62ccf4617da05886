import { createPrivateKey, createPublicKey, randomBytes } from "node:crypto";
import { rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  type Clock,
  type KeyPair,
  type OpenedStatement,
  openPrivateFolder,
  openStatement,
  readPrivateFile,
  readTlsIdentity,
  renameDurably,
  writePrivateFile,
} from "@papo/link";
import {
  type Outcome,
  type Username,
  accountKey,
  decodeWith,
  deviceKey,
  fail,
  parseStrictJson,
  sealKey,
  signedBinding,
  signedStatement,
  succeed,
  username,
} from "@papo/protocol";
import * as v from "valibot";
import { type OwnAccount, type OwnKeys, createKeys, firstStatement } from "../identity/own-account.ts";
import { AccountLock } from "./account-lock.ts";
import { fileFault } from "./file-faults.ts";

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
  binding: v.nullable(signedBinding),
  lastUsedMs: v.pipe(v.number(), v.safeInteger()),
});
export type AccountRecord = v.InferOutput<typeof accountRecord>;

const SECRET = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{43}$/u));
const keyPairs = {
  root: v.object({ publicKey: accountKey, secretKey: SECRET }),
  device: v.object({ publicKey: deviceKey, secretKey: SECRET }),
  seal: v.object({ publicKey: sealKey, secretKey: SECRET }),
};

/** One account's folder. Its name is random: nothing that a person typed becomes a path. */
export class AccountFolder {
  readonly path: string;
  #record: AccountRecord;

  private constructor(path: string, record: AccountRecord) {
    this.path = path;
    this.#record = record;
  }

  get record(): AccountRecord {
    return this.#record;
  }

  /**
   * New keys, on disk before anybody hears of them. The folder appears under its name only when everything is in it, so a crash leaves
   * either a whole account or a leftover that nobody reads.
   */
  static async create(
    accountsFolder: string,
    account: { readonly username: Username; readonly tracker: string; readonly trackerAddress: string },
    clock: Clock,
  ): Promise<Outcome<{ readonly folder: AccountFolder; readonly keys: OwnKeys }>> {
    const id = randomBytes(12).toString("hex");
    const unfinished = join(accountsFolder, `.${id}`);
    const keys = createKeys();
    const statement = firstStatement(keys, clock).signed;
    const record: AccountRecord = {
      v: 1,
      state: "registering",
      ...account,
      statement,
      binding: null,
      lastUsedMs: Math.floor(clock.wallMs()),
    };
    const written = await writeAll(unfinished, {
      "root.json": JSON.stringify(keys.root),
      "device.json": JSON.stringify(keys.device),
      "seal.json": JSON.stringify(keys.seal),
      "tls.pem": keys.tls.privateKeyPem,
      "account.json": JSON.stringify(record),
    });
    if (!written.ok) return written;

    const path = join(accountsFolder, id);
    try {
      // Without its name nobody would find the keys again, and by then the tracker may know them.
      await renameDurably(unfinished, path);
    } catch {
      return fail("storage_failed", `${path}: the file system refused`);
    }
    return succeed({ folder: new AccountFolder(path, record), keys });
  }

  static async open(path: string): Promise<Outcome<AccountFolder>> {
    const text = await readText(join(path, "account.json"));
    if (!text.ok) return text;
    const record = decodeJson(accountRecord, text.value);
    if (!record.ok)
      return fail("storage_failed", `${path}: account.json is damaged; put a copy back, or move the folder away`);
    return succeed(new AccountFolder(path, record.value));
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

  /** Refuses keys that do not fit each other or the statement: a damaged file is said, never used. */
  async load(): Promise<Outcome<OwnAccount>> {
    const root = await readPair(join(this.path, "root.json"), keyPairs.root);
    if (!root.ok) return root;
    const device = await readPair(join(this.path, "device.json"), keyPairs.device);
    if (!device.ok) return device;
    const seal = await readPair(join(this.path, "seal.json"), keyPairs.seal);
    if (!seal.ok) return seal;
    const pem = await readText(join(this.path, "tls.pem"));
    if (!pem.ok) return pem;
    const tls = readTlsIdentity(pem.value);
    if (!tls.ok) return damaged(this.path, "tls.pem");

    const keys: OwnKeys = { root: root.value, device: device.value, seal: seal.value, tls: tls.value };
    const statement = openStatement(this.#record.statement);
    if (!statement.ok) return damaged(this.path, "account.json");
    const opened = { statement: statement.value, signed: this.#record.statement };
    if (!fits(keys, opened)) return damaged(this.path, "root.json, device.json, seal.json, tls.pem or account.json");
    const { username: name, binding } = this.#record;
    return succeed({ username: name, keys, statement: opened, binding });
  }

  async update(changes: Partial<Omit<AccountRecord, "v">>): Promise<Outcome<AccountRecord>> {
    const record = { ...this.#record, ...changes };
    const written = await writePrivateFile(join(this.path, "account.json"), JSON.stringify(record));
    if (!written.ok) return { ok: false, fault: fileFault(written.problem) };
    this.#record = record;
    return succeed(record);
  }

  /** For an account that the tracker refused to make: nobody has ever seen its keys. */
  async remove(): Promise<void> {
    const leftover = join(dirname(this.path), `.removed-${randomBytes(6).toString("hex")}`);
    try {
      await rename(this.path, leftover);
      await rm(leftover, { recursive: true, force: true });
    } catch {
      // A leftover that nobody reads.
    }
  }
}

async function writeAll(folder: string, contentByName: Record<string, string>): Promise<Outcome<string>> {
  const made = await openPrivateFolder(folder);
  if (!made.ok) return { ok: false, fault: fileFault(made.problem) };
  for (const [name, content] of Object.entries(contentByName)) {
    const written = await writePrivateFile(join(folder, name), content);
    if (!written.ok) return { ok: false, fault: fileFault(written.problem) };
  }
  return succeed(folder);
}

async function readText(path: string): Promise<Outcome<string>> {
  const read = await readPrivateFile(path);
  if (!read.ok) return { ok: false, fault: fileFault(read.problem) };
  return read.value === undefined ? fail("storage_failed", `${path}: missing`) : succeed(read.value);
}

async function readPair<S extends v.GenericSchema>(path: string, schema: S): Promise<Outcome<v.InferOutput<S>>> {
  const text = await readText(path);
  if (!text.ok) return text;
  const pair = decodeJson(schema, text.value);
  return pair.ok ? pair : damaged(path, "it");
}

function decodeJson<S extends v.GenericSchema>(schema: S, text: string): Outcome<v.InferOutput<S>> {
  const parsed = parseStrictJson(text);
  return parsed.ok ? decodeWith(schema, parsed.value) : parsed;
}

function damaged(path: string, what: string): Outcome<never> {
  return fail("storage_failed", `${path}: ${what} is damaged; put a copy back, or move the folder away`);
}

function fits(keys: OwnKeys, { statement }: OpenedStatement): boolean {
  const device = statement.devices.find((listed) => listed.device === keys.device.publicKey);
  const isListed = device?.tls === keys.tls.key && device.seal === keys.seal.publicKey;
  const isOurs = isListed && statement.account === keys.root.publicKey;
  return isOurs && belong(keys.root, "Ed25519") && belong(keys.device, "Ed25519") && belong(keys.seal, "X25519");
}

/** The two halves of a key belong together: a flipped bit must not become an identity that nobody can verify. */
function belong({ publicKey, secretKey }: KeyPair<string>, crv: "Ed25519" | "X25519"): boolean {
  try {
    const key = createPrivateKey({ key: { kty: "OKP", crv, x: publicKey, d: secretKey }, format: "jwk" });
    return createPublicKey(key).export({ format: "jwk" }).x === publicKey;
  } catch {
    return false;
  }
}
