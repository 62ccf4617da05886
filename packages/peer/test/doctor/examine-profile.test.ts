// Goal: the profile's folder, the disk and the histories are told as they are, and left as they are. Method: real folders, damaged and forbidden in one way after the other.
import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, readdir, rm, stat, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { systemClock } from "@papo/link";
import { examineHistories, examineProfile } from "../../src/doctor/examine-profile.ts";
import type { DoctorSubject } from "../../src/doctor/report.ts";
import { openHistory } from "../../src/storage/history/open-history.ts";

async function profileFor(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "papo-doctor-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function findingsOf(folder: string): Promise<Partial<Record<DoctorSubject, string>>> {
  const checks = await examineProfile(folder, systemClock);
  return Object.fromEntries(checks.map(({ check, finding }) => [check, finding]));
}

test("a profile as it should be is written to, and left as it was", async (t) => {
  const folder = await profileFor(t);
  const found = await findingsOf(folder);
  assert.equal(found.profile, "profile_ok");
  assert.match(found.disk ?? "", /^disk_(ok|little|slow)$/u);
  assert.deepEqual(await readdir(folder), []);
});

test("one that is not there is not made", async (t) => {
  const folder = join(await profileFor(t), "deep", "down");
  const found = await findingsOf(folder);
  assert.equal(found.profile, "profile_new");
  assert.match(found.disk ?? "", /^disk_(ok|little)$/u);
  assert.equal((await examineHistories(folder)).finding, "history_none");
  await assert.rejects(stat(join(folder, "..")));
});

test("one that others may read, one that is a file, one behind a link", async (t) => {
  const folder = await profileFor(t);
  await chmod(folder, 0o755);
  if (process.platform !== "win32") assert.equal((await findingsOf(folder)).profile, "profile_open_to_others");
  const file = join(folder, "file");
  await writeFile(file, "");
  assert.equal((await findingsOf(file)).profile, "profile_unusable");
  const link = join(folder, "link");
  await symlink(folder, link);
  assert.equal((await findingsOf(link)).profile, "profile_unusable");
});

test("histories: whole, beside whoever has them open; emptied; nonsense; marked by whoever met the damage", async (t) => {
  const folder = await profileFor(t);
  const account = join(folder, "accounts", "a");
  await mkdir(account, { recursive: true });
  assert.equal((await examineHistories(folder)).finding, "history_none");

  const opened = await openHistory({ folder: account, clock: systemClock, onProblem: () => {} });
  assert.ok(opened.ok);
  assert.deepEqual((await examineHistories(folder)).facts, { files: 1 });
  await opened.value.history.close();
  assert.equal((await examineHistories(folder)).finding, "history_ok");

  const other = join(folder, "accounts", "b");
  await mkdir(other);
  const database = join(other, "history.db");
  await writeFile(database, "this is no database, however long it is. ".repeat(200));
  assert.equal((await examineHistories(folder)).finding, "history_damaged");
  await truncate(database, 0);
  assert.equal((await examineHistories(folder)).finding, "history_damaged");
  await rm(database);
  assert.equal((await examineHistories(folder)).finding, "history_ok");
  await writeFile(join(account, "history.db.damaged"), "");
  assert.equal((await examineHistories(folder)).finding, "history_damaged");
});
