// Goal: keys and pins are private, whole, one process's at a time, and never silently lost or replaced.
// Method: real folders under the system's temporary one; files damaged, opened to others and locked by real processes that are killed.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, chown, mkdtemp, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { systemClock } from "@papo/link";
import { NamePins } from "../../src/identity/name-pins.ts";
import type { AccountFolder } from "../../src/storage/account-folder.ts";
import { AccountLock } from "../../src/storage/account-lock.ts";
import { PinFile } from "../../src/storage/pin-file.ts";
import { Profile } from "../../src/storage/profile.ts";
import { holdAccount } from "../../src/storage/sign-in-folder.ts";
import { expectOk, keysFor, named } from "../world-fixture.ts";

async function temporary(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "papo-profile-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function account(t: TestContext): Promise<{ root: string; profile: Profile; folder: AccountFolder }> {
  const root = join(await temporary(t), "olá perfil");
  const profile = expectOk(await Profile.open(root));
  const wanted = { username: named("gabi"), tracker: "T".repeat(43), trackerAddress: "papo://10.0.0.1:6060" };
  const { folder } = expectOk(await profile.create(wanted, systemClock));
  return { root, profile, folder };
}

test("S9: a profile path with spaces and Unicode works; one that cannot be made is a clear fault", async (t) => {
  const { folder } = await account(t);
  expectOk(await folder.load());
  const file = join(await temporary(t), "a file");
  await writeFile(file, "");
  const refused = await Profile.open(join(file, "profile"));
  assert.ok(!refused.ok && refused.fault.code === "storage_failed" && refused.fault.detail.includes("ENOTDIR"));
});

test("S6: everything is 0600 in 0700 folders, and keys that others could read are refused with the remedy", async (t) => {
  const { root, folder } = await account(t);
  for (const name of await readdir(folder.path))
    assert.equal((await stat(join(folder.path, name))).mode & 0o777, 0o600, name);
  for (const path of [root, join(root, "accounts"), folder.path])
    assert.equal((await stat(path)).mode & 0o777, 0o700, path);

  await chmod(join(folder.path, "root.json"), 0o644);
  const loaded = await folder.load();
  assert.ok(!loaded.ok && loaded.fault.detail.includes("chmod 600"));
  await chmod(root, 0o755);
  const opened = await Profile.open(root);
  assert.ok(!opened.ok && opened.fault.detail.includes("chmod 700"));
});

test("S6: a profile, an account or a key of another user is refused with the remedy, and other accounts stay usable", async (t) => {
  const { root, profile, folder } = await account(t);
  const other = { username: named("nori"), tracker: "T".repeat(43), trackerAddress: "papo://10.0.0.1:6060" };
  expectOk(await profile.create(other, systemClock));
  // Root can give a file away; anybody else has root's own folder to look at.
  if (process.getuid?.() !== 0) {
    const foreign = await Profile.open("/usr");
    assert.ok(!foreign.ok && foreign.fault.detail.includes("sudo chown -R"));
    return;
  }
  const refusedWith = (outcome: { readonly ok: boolean; readonly fault?: { readonly detail: string } }): string =>
    outcome.fault?.detail ?? "accepted";

  await chown(join(folder.path, "root.json"), 12_345, 12_345);
  assert.match(refusedWith(await folder.load()), /belongs to another user.*sudo chown -R/u);
  await chown(join(folder.path, "root.json"), 0, 0);
  await chown(folder.path, 12_345, 12_345);
  assert.equal(await profile.find(named("gabi"), other.tracker), undefined);
  assert.notEqual(await profile.find(named("nori"), other.tracker), undefined);
  const [problem] = await profile.problems();
  assert.equal(problem?.file, folder.path);
  assert.match(problem?.fault.detail ?? "", /belongs to another user.*sudo chown -R/u);
  const held = await holdAccount(profile, { ...other, username: named("gabi") }, "known", systemClock);
  assert.match(refusedWith(held), /sudo chown -R/u, "not that there are no keys");
  await chown(folder.path, 0, 0);
  assert.deepEqual(await profile.problems(), []);

  await chown(root, 12_345, 12_345);
  assert.match(refusedWith(await Profile.open(root)), /belongs to another user.*sudo chown -R/u);
});

test("S1: keys that were cut or changed are refused, never used and never replaced", async (t) => {
  const { folder } = await account(t);
  for (const name of ["root.json", "device.json", "seal.json", "tls.pem"]) {
    const path = join(folder.path, name);
    const whole = await readFile(path, "utf8");
    for (const damage of [whole.slice(0, whole.length / 2), flipped(whole), ""]) {
      await writeFile(path, damage);
      const loaded = await folder.load();
      assert.ok(!loaded.ok && loaded.fault.code === "storage_failed", `${name} as ${damage.length} of ${whole.length}`);
      assert.equal(await readFile(path, "utf8"), damage);
    }
    await writeFile(path, whole);
  }
  expectOk(await folder.load());
});

/** One character in the middle of the key is another. */
function flipped(text: string): string {
  const at = text.indexOf('"secretKey":"') === -1 ? Math.floor(text.length / 2) : text.indexOf('"secretKey":"') + 20;
  return `${text.slice(0, at)}${text[at] === "A" ? "B" : "A"}${text.slice(at + 1)}`;
}

test("S8: a crash while an account is made leaves a whole one or one that nobody sees", async (t) => {
  const { root, profile } = await account(t);
  const accounts = join(root, "accounts");
  assert.deepEqual(
    (await readdir(accounts)).filter((name) => name.startsWith(".")),
    [],
  );
  const found = await profile.find(named("gabi"), "T".repeat(43));
  assert.equal(found?.record.state, "registering");
  assert.deepEqual(await profile.knownAccounts(), []);
});

const HOLDER = `
  const { AccountLock } = await import(process.argv[1]);
  const taken = await AccountLock.take(process.argv[2]);
  process.stdout.write(taken.ok ? "taken" : taken.fault.code);
  process.stdin.resume();
`;

test("F14: the lock of an account ends with its process, even when that is killed", async (t) => {
  const path = join(await temporary(t), "lock");
  const module = new URL("../../src/storage/account-lock.ts", import.meta.url).href;
  const holder = spawn(process.execPath, ["--conditions=source", "--input-type=module", "-e", HOLDER, module, path], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  t.after(() => holder.kill("SIGKILL"));
  const [said] = (await once(holder.stdout, "data")) as [Buffer];
  assert.equal(String(said), "taken");
  const refused = await AccountLock.take(path);
  assert.ok(!refused.ok && refused.fault.code === "busy");
  assert.ok(await AccountLock.isTaken(path));

  holder.kill("SIGKILL");
  await once(holder, "exit");
  assert.ok(!(await AccountLock.isTaken(path)));
  expectOk(await AccountLock.take(path)).release();
});

function met(name: string) {
  const { keys, statement } = keysFor(name);
  return {
    username: named(name),
    account: keys.root.publicKey,
    device: keys.device.publicKey,
    tls: keys.tls.key,
    statement,
    binding: null,
    epoch: null,
    features: [],
  };
}

test("pins survive: what was written is read back, decisions included", async (t) => {
  const path = join(await temporary(t), "pins.json");
  const file = new PinFile(path, null);
  const pins = new NamePins();
  pins.meet(met("nori"), "2026-11-20T12:00:00Z");
  pins.meet({ ...met("mallory"), username: named("nori") }, "2026-11-20T12:00:00Z");
  pins.block(named("nori"));
  expectOk(await file.write(() => pins.all()));
  const { pins: again } = expectOk(await new PinFile(path, null).read());
  assert.deepEqual(again.all(), pins.all());
  assert.equal(again.standing(named("nori"), keysFor("mallory").keys.root.publicKey), "blocked");
  assert.equal(again.standing(named("nori"), keysFor("nori").keys.root.publicKey), "trusted");
});

test("S1: a damaged file of pins is set aside, kept and said, at whatever byte it was cut", async (t) => {
  const folder = await temporary(t);
  const path = join(folder, "pins.json");
  const pins = new NamePins();
  pins.meet(met("nori"), "2026-11-20T12:00:00Z");
  expectOk(await new PinFile(path, null).write(() => pins.all()));
  const whole = await readFile(path);
  const cuts = [0, 1, Math.floor(whole.length / 3), whole.length - 1];
  for (const [n, cut] of cuts.entries()) {
    await writeFile(path, whole.subarray(0, cut), { mode: 0o600 });
    const read = expectOk(await new PinFile(path, null).read());
    assert.equal(read.problem?.fault.code, "storage_failed");
    assert.deepEqual(await readFile(`${path}.damaged-${n + 1}`), whole.subarray(0, cut), "kept as it was");
    assert.deepEqual(read.pins.all(), []);
  }
});

test("S8: writes of pins that overlap end with the last state, and leave no half file behind", async (t) => {
  const folder = await temporary(t);
  const path = join(folder, "pins.json");
  const file = new PinFile(path, null);
  const pins = new NamePins();
  const writes = ["nori", "yuki", "zeca", "mallory"].map((name) => {
    pins.meet(met(name), "2026-11-20T12:00:00Z");
    return file.write(() => pins.all());
  });
  for (const write of await Promise.all(writes)) expectOk(write);
  assert.equal(expectOk(await new PinFile(path, null).read()).pins.all().length, 4);
  assert.deepEqual(await readdir(folder), ["pins.json"]);
});
