// Goal: secrets are read and written only where nobody else can, whole or not at all, and a refusal says what to type.
// Method: real files in a temporary folder, with modes, links and owners as an attacker or an accident would leave them.
import assert from "node:assert/strict";
import { chmod, chown, mkdir, mkdtemp, readFile, readdir, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import {
  type FileOutcome,
  createFileAtomically,
  openPrivateFolder,
  readOrCreatePrivateFile,
  readPrivateFile,
  writeFileAtomically,
  writePrivateFile,
} from "@papo/link";

async function folder(t: TestContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "papo-files-"));
  t.after(() => rm(path, { recursive: true, force: true }));
  return path;
}

function kindOf(outcome: FileOutcome<unknown>): string {
  return outcome.ok ? "ok" : outcome.problem.kind;
}

const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);

test("a private file is written 0600 into a folder made 0700, and read back", async (t) => {
  const path = join(await folder(t), "deep", "profile", "key");
  assert.deepEqual(await readPrivateFile(path), { ok: true, value: undefined });
  assert.equal(kindOf(await writePrivateFile(path, "secret")), "ok");
  assert.deepEqual(await readPrivateFile(path), { ok: true, value: "secret" });
  assert.equal(await modeOf(path), "600");
  assert.equal(await modeOf(join(path, "..")), "700");
});

test("S6: a folder or a file that others may read is refused, with the command that mends it", async (t) => {
  const profile = join(await folder(t), "it's mine");
  const path = join(profile, "key");
  await writePrivateFile(path, "secret");

  await chmod(path, 0o640);
  const open = await readPrivateFile(path);
  assert.deepEqual(open, {
    ok: false,
    problem: { kind: "open_to_others", path, fix: `chmod 600 '${path.replaceAll("'", `'\\''`)}'` },
  });

  await chmod(path, 0o600);
  await chmod(profile, 0o755);
  const exposed = await readPrivateFile(path);
  assert.equal(kindOf(exposed), "open_to_others");
  assert.match(exposed.ok ? "" : (exposed.problem.fix ?? ""), /^chmod 700 /u);
  assert.equal(kindOf(await writePrivateFile(path, "other")), "open_to_others");
  assert.equal(await readFile(path, "utf8"), "secret");
});

test("S6: another user's file is refused", async (t) => {
  const path = join(await folder(t), "key");
  await writePrivateFile(path, "secret");
  // Root can give the file away; anybody else has root's own files to look at.
  const isRoot = process.getuid?.() === 0;
  if (isRoot) await chown(path, 12_345, 12_345);
  const foreign = await readPrivateFile(isRoot ? path : "/etc/passwd");
  assert.equal(kindOf(foreign), "foreign_owner");
  assert.match(foreign.ok ? "" : (foreign.problem.fix ?? ""), /^sudo chown /u);
});

test("S6: a link, a folder or a monster in the file's place is not read", async (t) => {
  const path = await folder(t);
  await writeFile(join(path, "elsewhere"), "not ours", { mode: 0o600 });
  await symlink(join(path, "elsewhere"), join(path, "link"));
  assert.equal(kindOf(await readPrivateFile(join(path, "link"))), "wrong_kind");
  await mkdir(join(path, "folder"));
  assert.equal(kindOf(await readPrivateFile(join(path, "folder"))), "wrong_kind");
  await symlink(path, `${path}-link`);
  t.after(() => rm(`${path}-link`));
  assert.equal(kindOf(await openPrivateFolder(`${path}-link`)), "wrong_kind");
  await writeFile(join(path, "monster"), Buffer.alloc(2_000_000), { mode: 0o600 });
  assert.equal(kindOf(await readPrivateFile(join(path, "monster"))), "too_large");
});

test("S9: where nothing can be written the file system's own word is told", async (t) => {
  const path = join(await folder(t), "file");
  await writeFile(path, "");
  const outcome = await openPrivateFolder(join(path, "profile"));
  assert.deepEqual(outcome, { ok: false, problem: { kind: "failed", path: join(path, "profile"), code: "ENOTDIR" } });
});

test("of two programs that start at once both get the same key", async (t) => {
  const path = join(await folder(t), "key");
  const created = await Promise.all(
    Array.from({ length: 8 }, (_, index) => readOrCreatePrivateFile(path, () => `key ${index}`)),
  );
  const values = new Set(created.map((outcome) => (outcome.ok ? outcome.value : "failed")));
  assert.equal(values.size, 1);
  assert.equal(values.has(await readFile(path, "utf8")), true);
  assert.deepEqual(await readdir(join(path, "..")), ["key"]);
});

test("S8: a write that fails leaves the old file whole and nothing lying about", async (t) => {
  const path = await folder(t);
  const file = join(path, "state");
  await writeFileAtomically(file, "old");
  await mkdir(join(path, "occupied"));
  await writeFile(join(path, "occupied", "x"), "");
  await assert.rejects(() => writeFileAtomically(join(path, "occupied"), "new"));
  await writeFileAtomically(file, Buffer.from("new"));
  assert.equal(await readFile(file, "utf8"), "new");
  assert.equal(await createFileAtomically(file, "newer"), false);
  assert.equal(await readFile(file, "utf8"), "new");
  assert.deepEqual((await readdir(path)).toSorted(), ["occupied", "state"]);
});
