// Goal: an account goes into a file and comes back as a new device of the same account, with all it knew; an import that fails, for whatever reason, has not happened.
// Method: real profiles and files in temporary folders, a quick key in place of argon2id; files damaged, in the way, and parts that the disk refuses.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { compareStatements, openStatement, systemClock, writePrivateFile } from "@papo/link";
import { type Outcome, fail, succeed } from "@papo/protocol";
import type { AccountFolder } from "../../../src/storage/account-folder.ts";
import { exportAccount, importAccount } from "../../../src/storage/backup/account-backup.ts";
import { readBackupFile, writeBackupFile } from "../../../src/storage/backup/backup-file.ts";
import { wholeOf } from "../../../src/storage/backup/backup.ts";
import type { BackupPart } from "../../../src/storage/backup/parts.ts";
import type { DeriveKey } from "../../../src/storage/backup/passphrase-key.ts";
import { Profile } from "../../../src/storage/profile.ts";
import { expectOk, named } from "../../world-fixture.ts";

const derive: DeriveKey = (passphrase, { salt }) =>
  Promise.resolve(createHash("sha256").update(passphrase).update(salt).digest());
const PASS = "correct horse battery staple";
const WANTED = { username: named("gabi"), tracker: "T".repeat(43), trackerAddress: "papo://10.0.0.1:6060" };

async function temporary(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "papo-backup-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function profileIn(folder: string): Promise<Profile> {
  return expectOk(await Profile.open(join(folder, "profile")));
}

function part(name: string, text: string): BackupPart {
  async function* content(): AsyncGenerator<Uint8Array, void, undefined> {
    yield Buffer.from(text);
  }
  return { name, content: content() };
}

type Exported = { readonly folder: AccountFolder; readonly file: string; readonly home: string };

/** An account with pins and a history, and its backup. */
async function exported(t: TestContext): Promise<Exported> {
  const home = await temporary(t);
  const { folder } = expectOk(await (await profileIn(home)).create(WANTED, systemClock));
  await writePrivateFile(folder.pinsPath, "the pins");
  const file = join(home, "gabi.papo");
  expectOk(await exportAccount({ folder, file, passphrase: PASS, more: [part("history", "said")] }, { derive }));
  return { folder, file, home };
}

async function takeHistory({ name, content }: BackupPart, folder: string): Promise<Outcome<unknown>> {
  await writeFile(join(folder, name), await wholeOf(content, 1_000), { mode: 0o600 });
  return succeed(name);
}

/** Everything under a folder, by path. */
async function contentsOf(folder: string): Promise<readonly string[]> {
  return (await readdir(folder, { recursive: true })).toSorted();
}

test("the account comes back in another profile as a new device, with its pins and its history", async (t) => {
  const { folder, file } = await exported(t);
  const home = await temporary(t);
  const profile = await profileIn(home);
  const settings = { profile, file, passphrase: PASS, clock: systemClock };
  const imported = expectOk(await importAccount({ ...settings, takeMore: takeHistory }, { derive }));

  const [old, own] = [expectOk(await folder.load()), expectOk(await imported.load())];
  assert.deepEqual(own.keys.root, old.keys.root);
  for (const kind of ["device", "seal"] as const)
    assert.notEqual(own.keys[kind].publicKey, old.keys[kind].publicKey, "the old device may still be in use");
  assert.notEqual(own.keys.tls.key, old.keys.tls.key);
  assert.equal(compareStatements(old.statement, own.statement), "newer");
  assert.deepEqual(
    own.statement.statement.devices.map(({ device, revoked }) => [device, revoked]),
    [
      [old.keys.device.publicKey, null],
      [own.keys.device.publicKey, null],
    ],
  );
  assert.equal(await readFile(imported.pinsPath, "utf8"), "the pins");
  assert.equal(await readFile(join(imported.path, "history"), "utf8"), "said");
  assert.deepEqual(
    (await profile.knownAccounts()).map(({ username }) => username),
    ["gabi"],
  );

  const again = await importAccount(settings, { derive });
  assert.ok(!again.ok && again.fault.code === "name_taken", "once is enough");
});

test("no key of the device is in a backup, and nothing of it can be read without the passphrase", async (t) => {
  const { folder, file } = await exported(t);
  const { keys } = expectOk(await folder.load());
  const texts: string[] = [];
  const read = await readBackupFile(
    file,
    PASS,
    async ({ name, content }) => {
      texts.push(String(await wholeOf(content, 100_000)));
      return succeed(name);
    },
    { derive },
  );
  assert.equal(expectOk(read), 3);
  const all = texts.join("\n");
  assert.ok(all.includes(keys.root.secretKey));
  for (const secret of [keys.device.secretKey, keys.seal.secretKey, keys.tls.privateKeyPem])
    assert.ok(!all.includes(secret));
  const bytes = await readFile(file, "latin1");
  for (const text of ["gabi", keys.root.secretKey, keys.root.publicKey, "account.json", "the pins"])
    assert.ok(!bytes.includes(text), text);
});

test("S7: a wrong passphrase a hundred times is the same answer each time, and the profile stays as it is", async (t) => {
  const { file } = await exported(t);
  const home = await temporary(t);
  const profile = await profileIn(home);
  const before = await contentsOf(home);
  const answers = new Set<string>();
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const settings = { profile, file, passphrase: `wrong ${attempt}`, clock: systemClock, takeMore: takeHistory };
    answers.add(JSON.stringify(await importAccount(settings, { derive })));
  }
  assert.equal(answers.size, 1);
  assert.match([...answers].join(), /backup_unreadable/u);
  assert.deepEqual(await contentsOf(home), before);
});

test("S1, S8: a damaged backup, one that is no account, and a history that cannot be kept leave no account and nothing behind", async (t) => {
  const { file, home: from } = await exported(t);
  const home = await temporary(t);
  const profile = await profileIn(home);
  const before = await contentsOf(home);
  const whole = await readFile(file);
  const settings = { profile, passphrase: PASS, clock: systemClock };

  const damaged = join(from, "damaged.papo");
  for (let at = 0; at < whole.length; at += 13) {
    const flipped = Buffer.from(whole);
    flipped[at] = (flipped[at] ?? 0) ^ 1;
    for (const bytes of [flipped, whole.subarray(0, at)]) {
      await writeFile(damaged, bytes);
      const refused = await importAccount({ ...settings, file: damaged, takeMore: takeHistory }, { derive });
      assert.ok(!refused.ok && refused.fault.code === "backup_unreadable", `byte ${at}`);
    }
  }
  const other = join(from, "other.papo");
  expectOk(await writeBackupFile(other, PASS, [part("account.json", '{"v":2}')], { derive }));
  const unknown = await importAccount({ ...settings, file: other }, { derive });
  assert.ok(!unknown.ok && unknown.fault.code === "backup_unreadable");

  const full = fail("storage_failed", "no space");
  const refused = await importAccount({ ...settings, file, takeMore: () => Promise.resolve(full) }, { derive });
  assert.deepEqual(refused, full);
  const thrown = importAccount({ ...settings, file, takeMore: () => Promise.reject(new RangeError()) }, { derive });
  await assert.rejects(thrown, RangeError);
  assert.deepEqual(await contentsOf(home), before);
});

test("a statement of another account in the backup is not believed", async (t) => {
  const { folder, home } = await exported(t);
  const other = expectOk(await (await profileIn(await temporary(t))).create(WANTED, systemClock));
  const { root } = expectOk(await folder.load()).keys;
  const { username, tracker, trackerAddress, binding, statement } = other.folder.record;
  assert.ok(openStatement(statement).ok);
  const account = { v: 1, username, tracker, trackerAddress, binding, root, statement };
  const file = join(home, "mixed.papo");
  expectOk(await writeBackupFile(file, PASS, [part("account.json", JSON.stringify(account))], { derive }));
  const profile = await profileIn(await temporary(t));
  const refused = await importAccount({ profile, file, passphrase: PASS, clock: systemClock }, { derive });
  assert.ok(!refused.ok && refused.fault.code === "backup_unreadable");
});

test("S8: a file appears whole and for its owner alone, or not at all; what is there already stays", async (t) => {
  const { folder, file, home } = await exported(t);
  assert.equal((await stat(file)).mode & 0o777, 0o600);
  const before = await readFile(file);
  const again = await exportAccount({ folder, file, passphrase: PASS }, { derive });
  assert.ok(!again.ok && again.fault.code === "storage_failed");
  assert.deepEqual(await readFile(file), before);

  const cut = join(home, "cut.papo");
  async function* breaking(): AsyncGenerator<BackupPart, void, undefined> {
    yield part("one", "x");
    throw new RangeError("the history could not be read");
  }
  await assert.rejects(
    exportAccount({ folder, file: cut, passphrase: PASS, more: breaking() }, { derive }),
    RangeError,
  );
  assert.deepEqual((await readdir(home)).toSorted(), ["gabi.papo", "profile"]);
});

test("S9: where no file can be, or where there is none, the file system's own word is told", async (t) => {
  const { folder, file } = await exported(t);
  const home = await temporary(t);
  const missing = await exportAccount({ folder, file: join(home, "no", "x"), passphrase: PASS }, { derive });
  assert.ok(!missing.ok && missing.fault.code === "storage_failed" && missing.fault.detail.includes("ENOENT"));
  const inFile = await exportAccount({ folder, file: join(file, "x"), passphrase: PASS }, { derive });
  assert.ok(!inFile.ok && inFile.fault.detail.includes("ENOTDIR"));

  const profile = await profileIn(home);
  const settings = { profile, passphrase: PASS, clock: systemClock };
  const none = await importAccount({ ...settings, file: join(home, "none") }, { derive });
  assert.ok(!none.ok && none.fault.code === "storage_failed" && none.fault.detail.includes("ENOENT"));
  await mkdir(join(home, "a folder"));
  const noFile = await importAccount({ ...settings, file: join(home, "a folder") }, { derive });
  assert.ok(!noFile.ok && noFile.fault.code === "storage_failed");
  const spaced = join(home, "cópia de segurança.papo");
  expectOk(await exportAccount({ folder, file: spaced, passphrase: PASS }, { derive }));
  expectOk(await importAccount({ ...settings, file: spaced }, { derive }));
});
