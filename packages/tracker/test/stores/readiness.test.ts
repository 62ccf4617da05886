// Goal: F9: a store whose last write failed says so when it is asked, though it goes on answering reads, and is well again as soon as writing works.
// Method: a writer that is locked out, and a file that cannot be put in place; then both are freed.
import assert from "node:assert/strict";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { systemClock } from "@papo/link";
import { StoreFailure } from "../../src/repositories/store-failure.ts";
import { openJsonStore } from "../../src/stores/json/open-json-store.ts";
import { openSqliteStore } from "../../src/stores/sqlite/open-sqlite-store.ts";
import { emptyFolder, named, user } from "../conformance/samples.ts";

test("F9: sqlite is not ready after a write that failed, until one succeeds", async (t) => {
  const directory = await emptyFolder(t);
  const store = await openSqliteStore({ directory });
  assert.ok(store.ok);
  const { users, check, close } = store.repositories;
  t.after(() => close());
  await check();

  const other = new DatabaseSync(join(directory, "tracker.db"));
  other.exec("BEGIN IMMEDIATE");
  await assert.rejects(users.create(user("gabi")), StoreFailure);
  assert.equal(await users.find(named("gabi")), undefined);
  await assert.rejects(check(), StoreFailure);
  other.exec("ROLLBACK");
  other.close();

  await check();
  assert.equal(await users.create(user("gabi")), "created");
});

test("F9: json is not ready after a write that failed, until one succeeds", async (t) => {
  const directory = await emptyFolder(t);
  const store = await openJsonStore({ directory, clock: systemClock });
  assert.ok(store.ok);
  const { users, check, close } = store.repositories;
  t.after(() => close());
  await check();

  const path = join(directory, "papo_db.json");
  await rename(path, join(directory, "kept"));
  await mkdir(path);
  await writeFile(join(path, "in the way"), "");
  await assert.rejects(users.create(user("gabi")), StoreFailure);
  assert.equal(await users.find(named("gabi")), undefined);
  await assert.rejects(check(), StoreFailure);
  await assert.rejects(check(), StoreFailure);
  await rm(path, { recursive: true });

  await check();
  assert.equal(await users.create(user("gabi")), "created");
});
