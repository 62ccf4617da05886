// Goal: what an older tracker wrote is opened as it was: nobody is latched out or in, no start is known, and nothing else changes.
// Method: a database with the first schema alone and the rows that its program wrote, and a json file of the first format.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { crc32 } from "node:zlib";
import { systemClock } from "@papo/link";
import { openJsonStore } from "../../src/stores/json/open-json-store.ts";
import { accountsRoomsPeers } from "../../src/stores/sqlite/migrations/0001-accounts-rooms-peers.ts";
import { openSqliteStore } from "../../src/stores/sqlite/open-sqlite-store.ts";
import { emptyFolder, identity, login, named, start, user } from "../conformance/samples.ts";

const gabi = user("gabi", { identity: identity("gabi", 2) });
const nori = user("nori", { weak: true });

function writeFirstSchema(path: string): void {
  const db = new DatabaseSync(path);
  db.exec(`${accountsRoomsPeers} PRAGMA user_version = 1; PRAGMA application_id = ${0x5061706f}`);
  const insert = db.prepare("INSERT INTO user VALUES (?, ?, 'argon2id', ?, ?, ?, ?, ?, ?, ?, ?)");
  for (const { username, skeleton, password, weak, identity: id, createdAt } of [gabi, nori]) {
    assert.ok(password.kind === "argon2id");
    const root = [id?.account ?? null, id?.statement.text ?? null, id?.statement.sig ?? null, id?.version ?? null];
    const row = [username, skeleton, "argon2id", password.phc, weak ? 1 : 0, ...root, createdAt];
    insert.run(...row.filter((_, at) => at !== 2), crc32(JSON.stringify(row)));
  }
  db.close();
}

test("S3, F19: a database of the first schema is brought to today's, with its accounts as they were", async (t) => {
  const directory = await emptyFolder(t);
  await chmod(directory, 0o700);
  writeFirstSchema(join(directory, "tracker.db"));
  for (const _ of ["first", "again"]) {
    const store = await openSqliteStore({ directory });
    assert.ok(store.ok);
    assert.deepEqual(await store.repositories.users.page(undefined, 10), [gabi, nori]);
    await store.repositories.close();
  }

  const store = await openSqliteStore({ directory });
  assert.ok(store.ok);
  const { users, close } = store.repositories;
  const first = start("phone", 1);
  assert.ok(gabi.identity);
  assert.equal(await users.enter(named("gabi"), gabi.identity, login(gabi.identity, ["phone"], first)), "entered");
  await close();
  const reopened = await openSqliteStore({ directory });
  assert.ok(reopened.ok, "its checksum is true");
  assert.deepEqual(await reopened.repositories.users.find(named("gabi")), { ...gabi, starts: [first] });
  await reopened.repositories.close();
});

test("S3: starts that decayed on disk are noticed, also when nothing is left of them", async (t) => {
  const directory = await emptyFolder(t);
  const store = await openSqliteStore({ directory });
  assert.ok(store.ok);
  await store.repositories.users.create({ ...gabi, starts: [start("phone", 7)] });
  await store.repositories.close();
  for (const change of ["starts = '[]'", "starts = replace(starts, '7', '5')", "unlatched = 1"]) {
    const db = new DatabaseSync(join(directory, "tracker.db"));
    const [before] = db.prepare("SELECT unlatched, starts FROM user").all();
    db.exec(`UPDATE user SET ${change}`);
    db.close();
    const refused = await openSqliteStore({ directory });
    assert.ok(!refused.ok && refused.refusal.problem === "damaged", change);
    const mend = new DatabaseSync(join(directory, "tracker.db"));
    mend
      .prepare("UPDATE user SET unlatched = ?, starts = ?")
      .run(Number(before?.["unlatched"]), String(before?.["starts"]));
    mend.close();
  }
});

test("S3, F19: a papo_db.json of the first format is read, and written as today's", async (t) => {
  const directory = await emptyFolder(t);
  await chmod(directory, 0o700);
  const { unlatched: _, unlatchedMs: __, starts: ___, ...old } = gabi;
  const text = JSON.stringify({ written: { users: [], rooms: [] }, users: [old], rooms: [] });
  const sha256 = createHash("sha256").update(text).digest("base64url");
  await writeFile(join(directory, "papo_db.json"), `{"format":1,"sha256":"${sha256}",\n"store":${text}}\n`);
  const store = await openJsonStore({ directory, clock: systemClock });
  assert.ok(store.ok);
  assert.deepEqual(await store.repositories.users.find(named("gabi")), gabi);
  await store.repositories.close();
  assert.match(await readFile(join(directory, "papo_db.json"), "utf8"), /^\{"format":2,/u);
});
