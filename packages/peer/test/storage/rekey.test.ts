// Goal: whatever happens while an account is made or gets other device keys, afterwards its folder holds one whole device, the old or the new.
// Method: real folders; the file operations stop before or after any step, as a crash does, and the folder is then opened as by the next start.
import assert from "node:assert/strict";
import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { type FileOutcome, systemClock } from "@papo/link";
import { fail, succeed } from "@papo/protocol";
import { nextStatement } from "../../src/identity/next-statement.ts";
import { type OwnIdentity, createDeviceKeys, createKeys, firstStatement } from "../../src/identity/own-account.ts";
import { type AccountFiles, DISK } from "../../src/storage/account-files.ts";
import { type AccountBeginning, AccountFolder } from "../../src/storage/account-folder.ts";
import { Profile } from "../../src/storage/profile.ts";
import { expectOk, named } from "../world-fixture.ts";

const AT = "2026-11-21T12:00:00.000Z";
const WANTED = { username: named("gabi"), tracker: "T".repeat(43), trackerAddress: "papo://10.0.0.1:6060" };

async function temporary(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "papo-rekey-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** The process ends at that step: nothing after it happens, and the caller never hears. */
class Crash extends Error {}

/** Crashes at the step of that number (from 0), just before it is done or just after. */
function crashingAt(step: number, when: "before" | "after"): { readonly files: AccountFiles; steps: () => number } {
  let steps = 0;
  async function at<T>(done: () => Promise<T>): Promise<T> {
    const here = steps;
    steps += 1;
    if (here > step || (here === step && when === "before")) throw new Crash();
    const result = await done();
    if (here === step) throw new Crash();
    return result;
  }
  const files: AccountFiles = {
    write: (path, content) => at(() => DISK.write(path, content)),
    rename: (from, to) => at(() => DISK.rename(from, to)),
    remove: (path) => at(() => DISK.remove(path)),
  };
  return { files, steps: () => steps };
}

async function orCrash(work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return false;
  } catch (error) {
    assert.ok(error instanceof Crash, String(error));
    return true;
  }
}

async function folderIn(t: TestContext, beginning: AccountBeginning = {}): Promise<AccountFolder> {
  return expectOk(await AccountFolder.create(await temporary(t), WANTED, systemClock, beginning)).folder;
}

/** Other keys for the account, and the statement in which they take the old ones' place. */
async function renewal(folder: AccountFolder): Promise<OwnIdentity> {
  const own = expectOk(await folder.load());
  const keys = createDeviceKeys(own.keys.root);
  const change = { add: [keys], revoke: [own.keys.device.publicKey], at: AT };
  return { keys, statement: expectOk(nextStatement(own.keys.root, own.statement, change)) };
}

async function deviceAt(path: string): Promise<string> {
  const own = expectOk(await expectOk(await AccountFolder.open(path)).load());
  return own.keys.device.publicKey;
}

test("other device keys take the old ones' place, are read back, and leave none of the old secrets", async (t) => {
  const folder = await folderIn(t);
  for (let round = 0; round < 3; round += 1) {
    const { keys, statement } = await renewal(folder);
    expectOk(await folder.rekey(keys, statement));
    const own = expectOk(await expectOk(await AccountFolder.open(folder.path)).load());
    assert.deepEqual(own.keys, keys);
    assert.deepEqual(own.statement, statement);
    assert.equal((await readdir(folder.path)).length, 5);
  }
  expectOk(await folder.update({ state: "registered" }));
  assert.equal(expectOk(await AccountFolder.open(folder.path)).record.state, "registered");
});

test("S8: a crash at any step of a re-keying leaves the old device or the new one, and the next attempt succeeds", async (t) => {
  let isWhole = false;
  for (let step = 0; !isWhole; step += 1) {
    for (const when of ["before", "after"] as const) {
      const made = await folderIn(t);
      const old = await deviceAt(made.path);
      const { keys, statement } = await renewal(made);
      const { files, steps } = crashingAt(step, when);
      const folder = expectOk(await AccountFolder.open(made.path, files));
      // What is removed at the end is not waited for by anybody: a crash there is not told.
      await orCrash(folder.rekey(keys, statement));
      isWhole = steps() <= step;

      const now = await deviceAt(made.path);
      assert.ok(now === old || now === keys.device.publicKey, `${when} step ${step}`);
      const next = expectOk(await AccountFolder.open(made.path));
      const again = await renewal(next);
      expectOk(await next.rekey(again.keys, again.statement));
      assert.equal(await deviceAt(made.path), again.keys.device.publicKey);
      assert.equal((await readdir(made.path)).length, 5, "nothing is left over");
    }
  }
});

/** Refuses the write of that number (from 0) as a full disk does. One that `lies` has written it all the same. */
function refusing(write: number, how: { readonly lies: boolean }): AccountFiles {
  let writes = 0;
  return {
    ...DISK,
    write: async (path, content): Promise<FileOutcome<void>> => {
      writes += 1;
      if (writes !== write + 1) return DISK.write(path, content);
      if (how.lies) await DISK.write(path, content);
      return { ok: false, problem: { kind: "failed", path, code: "EIO" } };
    },
  };
}

test("S8: a write that the disk refused, or said so, and a second attempt that ends half-way, are no mix either", async (t) => {
  for (const [write, lies, step] of [0, 1, 2, 3].flatMap((one) =>
    [false, true].flatMap((lie) => [0, 1, 2, 3].map((other) => [one, lie, other] as const)),
  )) {
    const made = await folderIn(t);
    const old = await deviceAt(made.path);
    const refused = refusing(write, { lies });
    const { files } = crashingAt(step, "after");
    let current = refused;
    const folder = expectOk(
      await AccountFolder.open(made.path, { ...DISK, write: (path, content) => current.write(path, content) }),
    );
    const first = await renewal(folder);
    const answered = await folder.rekey(first.keys, first.statement);
    assert.ok(!answered.ok && answered.fault.code === "storage_failed");
    assert.equal(folder.record.keyGeneration, 1);
    // The same process goes on, with what it believes to be on disk.
    current = files;
    const second = await renewal(made);
    assert.ok(await orCrash(folder.rekey(second.keys, second.statement)));

    const now = await deviceAt(made.path);
    const devices = [old, first.keys.device.publicKey, second.keys.device.publicKey];
    assert.ok(
      devices.some((device) => device === now),
      `write ${write}, ${lies ? "done" : "not done"}, then step ${step}`,
    );
  }
});

test("S8: a crash at any step while an account is made or imported leaves a whole one or one that nobody sees", async (t) => {
  const keys = createKeys();
  const identity = { keys, statement: firstStatement(keys, systemClock) };
  let isWhole = false;
  for (let step = 0; !isWhole; step += 1) {
    for (const when of ["before", "after"] as const) {
      const root = join(await temporary(t), "profile");
      const profile = expectOk(await Profile.open(root));
      const { files, steps } = crashingAt(step, when);
      const fill = async (folder: string) => {
        await files.write(join(folder, "pins.json"), "the pins");
        return succeed(folder);
      };
      const beginning: AccountBeginning = { identity, fill, files, record: { state: "registered" } };
      isWhole = !(await orCrash(profile.create(WANTED, systemClock, beginning))) && steps() <= step;

      const found = await expectOk(await Profile.open(root)).find(WANTED.username, WANTED.tracker);
      if (found === undefined) continue;
      assert.deepEqual(expectOk(await found.load()).keys, keys);
      assert.equal(await readFile(found.pinsPath, "utf8"), "the pins", "with all that came with it");
    }
  }
});

test("an account begins with the keys, the statement and the content that it is given, or not at all", async (t) => {
  const accounts = await temporary(t);
  const keys = createDeviceKeys(createKeys().root);
  const identity = { keys, statement: firstStatement(keys, systemClock) };
  const { folder } = expectOk(await AccountFolder.create(accounts, WANTED, systemClock, { identity }));
  assert.deepEqual(expectOk(await folder.load()).keys, keys);

  const fill = () => Promise.resolve(fail("storage_failed", "no space"));
  const refused = await AccountFolder.create(accounts, WANTED, systemClock, { fill });
  assert.ok(!refused.ok && refused.fault.detail === "no space");
  const throws = () => Promise.reject(new Crash());
  assert.ok(await orCrash(AccountFolder.create(accounts, WANTED, systemClock, { fill: throws })));
  assert.equal((await readdir(accounts)).length, 1, "what was not finished is gone");

  const other = { keys: createKeys(), statement: identity.statement };
  await assert.rejects(AccountFolder.create(accounts, WANTED, systemClock, { identity: other }), TypeError);
  await assert.rejects(folder.rekey(other.keys, firstStatement(other.keys, systemClock)), TypeError);
  await assert.rejects(folder.rekey(createDeviceKeys(keys.root), identity.statement), TypeError);
});

test("S1: files of two devices are never taken for one", async (t) => {
  const folder = await folderIn(t);
  const before = new Map<string, string>();
  for (const name of await readdir(folder.path)) before.set(name, await readFile(join(folder.path, name), "utf8"));
  const { keys, statement } = await renewal(folder);
  expectOk(await folder.rekey(keys, statement));

  for (const name of ["device.json", "seal.json", "tls.pem"]) {
    const current = join(folder.path, name.replace(".", "-2."));
    const whole = await readFile(current, "utf8");
    await writeFile(current, before.get(name) ?? "");
    const loaded = await expectOk(await AccountFolder.open(folder.path)).load();
    assert.ok(!loaded.ok && loaded.fault.code === "storage_failed", name);
    await writeFile(current, whole);
  }
  await writeFile(join(folder.path, "account.json"), before.get("account.json") ?? "");
  const loaded = await expectOk(await AccountFolder.open(folder.path)).load();
  assert.ok(!loaded.ok && loaded.fault.code === "storage_failed", "a statement of before");
});
