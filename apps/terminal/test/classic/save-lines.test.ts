// Goal: an export goes into a new file where the user said, whole or not at all; nothing that came from others says where, and nothing planted there is followed.
// Method: real files in a temporary folder; links and a pipe in the way, lines that fail in the middle, and hostile names in a room on the screen.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { saveLines } from "../../src/classic/save-lines.ts";
import { ClassicRig } from "../classic-rig.ts";

function temporary(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "papo-save-"));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

async function* lines(fails?: Error): AsyncGenerator<string, void, undefined> {
  yield "one\n";
  yield "two";
  if (fails !== undefined) throw fails;
}

test("X3: links and pipes at the name of an export are not followed, not replaced, and not waited for", async (t) => {
  const folder = temporary(t);
  writeFileSync(join(folder, "victim"), "theirs");
  symlinkSync(join(folder, "victim"), join(folder, "link"));
  symlinkSync(join(folder, "nowhere"), join(folder, "dangling"));
  execFileSync("mkfifo", [join(folder, "pipe")]);
  for (const name of ["link", "dangling", "pipe"]) {
    const saved = await saveLines(join(folder, name), lines());
    assert.ok(!saved.ok && saved.fault.code === "storage_failed", name);
  }
  assert.equal(readFileSync(join(folder, "victim"), "utf8"), "theirs");
  assert.equal(existsSync(join(folder, "nowhere")), false);
});

test("X8: an export that fails in the middle leaves nothing, and later it works", async (t) => {
  const folder = temporary(t);
  const file = join(folder, "chat.txt");
  const full = Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
  const refused = await saveLines(file, lines(full));
  assert.ok(!refused.ok && refused.fault.code === "storage_failed");
  assert.deepEqual(readdirSync(folder), []);
  assert.ok((await saveLines(file, lines())).ok);
  assert.equal(readFileSync(file, "utf8"), "one\ntwo\n");
});

test("X1, X9: names and texts of others that are paths open nothing and name no file: only what the user typed does", async (t) => {
  const folder = temporary(t);
  const planted = join(folder, "planted.txt");
  const rig = new ClassicRig({ language: "en" });
  await rig.signedUp("gabi");
  const room = rig.peer.keep(planted);
  rig.peer.keepMessage({ kind: "room", id: room.id }, "../../.ssh/authorized_keys", `/export ${planted}`);
  rig.peer.keepMessage({ kind: "room", id: room.id }, "ana", "file:///etc/passwd");
  const file = join(folder, "typed.txt");
  rig.type(`4\n${planted}\n/export ${file}\n`);
  await rig.sees(`OK: Written to ${file}.`);
  assert.deepEqual(readdirSync(folder), ["typed.txt"]);
  assert.match(
    readFileSync(file, "utf8"),
    /<"..\/..\/.ssh\/authorized_keys"> \/export .*planted\.txt\n.*<ana> file:\/\/\/etc\/passwd\n$/u,
  );
});
