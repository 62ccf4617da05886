// Goal: a history that is in use is copied as it was at one moment, for its owner's eyes only, and put down whole elsewhere; nothing of it is left lying about.
// Method: real files; commits that go on while the copy is made; folders that refuse, and sources that break off.
import assert from "node:assert/strict";
import { mkdir, readFile, readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { copyHistory, placeHistory } from "../../../src/storage/history/copy-history.ts";
import { emptyFolder, historyIn } from "./sqlite-fixture.ts";

test("S7: what was committed is in the copy, all of a commit or none of it, while others are being written", async (t) => {
  const [from, to] = [await emptyFolder(t), await emptyFolder(t)];
  const history = await historyIn(t, from);
  const pair = (value: string) => history.commit(["a", "b"].map((name) => ({ kind: "put-setting", name, value })));
  assert.ok((await pair("0")).ok);
  const writing = Promise.all(Array.from({ length: 200 }, (_, n) => pair(String(n + 1))));
  const copy = await copyHistory(from);
  assert.ok(copy.ok);
  const [name] = (await readdir(from)).filter((file) => file.startsWith("history.copy-"));
  assert.equal((await stat(join(from, name ?? ""))).mode & 0o777, 0o600);
  assert.ok((await placeHistory(to, copy.value.content())).ok);
  await copy.value.remove();
  await writing;

  assert.deepEqual(
    (await readdir(from)).filter((file) => file.startsWith("history.copy-")),
    [],
  );
  assert.equal((await stat(join(to, "history.db"))).mode & 0o777, 0o600);
  const copied = await historyIn(t, to);
  assert.notEqual(copied.setting("a"), undefined);
  assert.equal(copied.setting("a"), copied.setting("b"));
  assert.equal(history.setting("a"), "200");
});

test("S8: what a program left that ended while it copied is removed by the next copy; other files stay", async (t) => {
  const folder = await emptyFolder(t);
  await historyIn(t, folder);
  await writeFile(join(folder, "history.copy-0123456789ab.db"), "half");
  await writeFile(join(folder, "history.copy-mine.db"), "mine");
  const copy = await copyHistory(folder);
  assert.ok(copy.ok);
  await copy.value.remove();
  assert.deepEqual(
    (await readdir(folder)).filter((file) => file.startsWith("history.copy")),
    ["history.copy-mine.db"],
  );
});

test("F9: where there is no history, or no place for one, that is said; what stands there is not replaced", async (t) => {
  const folder = await emptyFolder(t);
  const none = await copyHistory(folder);
  assert.equal(!none.ok && none.fault.code, "storage_failed");
  assert.deepEqual(await readdir(folder), []);

  const pieces = async function* (): AsyncGenerator<Uint8Array> {
    yield Buffer.from("new");
  };
  await writeFile(join(folder, "history.db"), "old");
  const there = await placeHistory(folder, pieces());
  assert.equal(!there.ok && there.fault.code, "storage_failed");
  assert.equal(await readFile(join(folder, "history.db"), "utf8"), "old");
  const nowhere = await placeHistory(join(folder, "missing"), pieces());
  assert.equal(!nowhere.ok && nowhere.fault.code, "storage_failed");
});

test("what the source throws is the caller's to hear", async (t) => {
  const folder = await emptyFolder(t);
  await mkdir(join(folder, "in"));
  const broken = async function* (): AsyncGenerator<Uint8Array> {
    yield Buffer.from("half");
    throw new RangeError("the backup breaks off");
  };
  await assert.rejects(placeHistory(join(folder, "in"), broken()), RangeError);
});
