// Goal: a backup's parts are words, whatever wrote it: none can name a place on this disk.
// Method: the reader is given parts as bytes, which the writer would not write.
import assert from "node:assert/strict";
import { test } from "node:test";
import { succeed } from "@papo/protocol";
import { BackupUnreadable } from "../../../src/storage/backup/backup-unreadable.ts";
import { readParts, writeParts } from "../../../src/storage/backup/parts.ts";

const PATHS = [
  ...["../../.ssh/authorized_keys", "/etc/passwd", "C:\\windows\\x", "\\\\host\\share", "a/b", ".bashrc", ".."],
  ...["name\0", "NUL:", "CON", "x".repeat(65), "ação"],
];

async function* nothing(): AsyncGenerator<Uint8Array, void, undefined> {}

async function* partNamed(name: string): AsyncGenerator<Uint8Array, void, undefined> {
  yield Buffer.from([name.length, ...Buffer.from(name, "latin1"), 0, 0, 0, 0, 0]);
}

for (const name of PATHS) {
  test(`X1: a part named ${JSON.stringify(name)} is neither read nor written`, async () => {
    const taken: string[] = [];
    const take = async (part: { readonly name: string }) => {
      taken.push(part.name);
      return succeed(part.name);
    };
    await assert.rejects(readParts(partNamed(name), take), BackupUnreadable);
    assert.deepEqual(taken, []);
    await assert.rejects(async () => {
      for await (const _bytes of writeParts([{ name, content: nothing() }]));
    }, TypeError);
  });
}

test("X1: the names that Papo itself gives are read", async () => {
  const taken: string[] = [];
  for (const name of ["account.json", "history-2.db", "x".repeat(64)]) {
    await readParts(partNamed(name), async (part) => {
      taken.push(part.name);
      return succeed(part.name);
    });
  }
  assert.deepEqual(taken, ["account.json", "history-2.db", "x".repeat(64)]);
});
