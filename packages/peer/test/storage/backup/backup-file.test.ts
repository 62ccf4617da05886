// Goal: the file of a backup is made where nothing was, whole or not at all, and what others planted in its place is neither followed nor waited for.
// Method: real files; links and a pipe at the file's name, and content that fails as a full disk does.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { succeed } from "@papo/protocol";
import { readBackupFile, writeBackupFile } from "../../../src/storage/backup/backup-file.ts";
import type { BackupPart } from "../../../src/storage/backup/parts.ts";
import type { DeriveKey } from "../../../src/storage/backup/passphrase-key.ts";

const derive: DeriveKey = (passphrase, { salt }) =>
  Promise.resolve(createHash("sha256").update(passphrase).update(salt).digest());

async function temporary(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "papo-backup-file-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

function part(fails?: Error): BackupPart {
  async function* content(): AsyncGenerator<Uint8Array, void, undefined> {
    yield Buffer.alloc(200_000);
    if (fails !== undefined) throw fails;
  }
  return { name: "history", content: content() };
}

test("X3: links and pipes at the name of a backup are not followed, not replaced, and not waited for", async (t) => {
  const folder = await temporary(t);
  const victim = join(folder, "victim");
  await writeFile(victim, "theirs");
  await symlink(victim, join(folder, "link"));
  await symlink(join(folder, "nowhere"), join(folder, "dangling"));
  execFileSync("mkfifo", [join(folder, "pipe")]);
  const before = (await readdir(folder)).toSorted();
  for (const name of ["link", "dangling", "pipe"]) {
    const written = await writeBackupFile(join(folder, name), "passphrase", [part()], { derive });
    assert.ok(!written.ok && written.fault.code === "storage_failed", name);
  }
  assert.equal(await readFile(victim, "utf8"), "theirs");
  assert.equal(existsSync(join(folder, "nowhere")), false);
  assert.deepEqual((await readdir(folder)).toSorted(), before);

  const read = await readBackupFile(join(folder, "pipe"), "passphrase", async () => succeed(undefined), { derive });
  assert.ok(!read.ok && read.fault.code === "storage_failed");
});

test("X8: a disk that fills up in the middle leaves nothing of the file, and later it works", async (t) => {
  const folder = await temporary(t);
  const file = join(folder, "gabi.papo");
  const full = Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
  const refused = await writeBackupFile(file, "passphrase", [part(full)], { derive });
  assert.ok(!refused.ok && refused.fault.code === "storage_failed");
  assert.deepEqual(await readdir(folder), []);
  assert.ok((await writeBackupFile(file, "passphrase", [part()], { derive })).ok);
});
