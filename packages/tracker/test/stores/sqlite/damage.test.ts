// Goal: a file that is not as it was written is refused with a hint, or gives the last good state; it is never taken for an empty
// one, never replaced, and nothing crashes.
// Method: a small store written by the real writer, then cut and flipped at many places, opened by the very function that the writer
// thread uses.
import assert from "node:assert/strict";
import { chmod, chown, copyFile, mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { before, after, describe, test } from "node:test";
import type { Repositories } from "../../../src/repositories/repositories.ts";
import { type StoreProblem, StoreRefused } from "../../../src/stores/opened-store.ts";
import { openForWriting } from "../../../src/stores/sqlite/database.ts";
import { openSqliteStore } from "../../../src/stores/sqlite/open-sqlite-store.ts";
import { SqliteTables } from "../../../src/stores/sqlite/sqlite-tables.ts";
import { emptyFolder, identity, named, room, user } from "../../conformance/samples.ts";

const NAMES = ["ana", "bia", "caio", "davi", "eva"];

async function opened(directory: string): Promise<Repositories> {
  const result = await openSqliteStore({ directory });
  assert.ok(result.ok, "the store opens");
  return result.repositories;
}

/** One account after the other, each in its own commit, and a room for each. */
async function fill(store: Repositories): Promise<void> {
  for (const name of NAMES) {
    await store.users.create(user(name, { identity: identity(name, 1) }));
    await store.rooms.create(room(`sala ${name}`, name), "papo");
  }
}

type Content = {
  readonly users: readonly unknown[];
  readonly rooms: readonly unknown[];
  readonly seats: readonly unknown[];
};

/** What the writer would find, or why it refuses. */
function find(directory: string): Content | StoreProblem {
  try {
    const db = openForWriting(directory);
    try {
      const tables = new SqliteTables(db, { ownedMax: 100, joinedMax: 100 });
      const rooms = tables.rooms.list({ limit: 100 });
      const seats = rooms.map(({ id }) => tables.rooms.members(id, undefined, 100));
      return { users: tables.users.page(undefined, 100), rooms, seats };
    } finally {
      db.close();
    }
  } catch (error) {
    assert.ok(error instanceof StoreRefused, `expected a refusal, not ${String(error)}`);
    return error.refusal.problem;
  }
}

describe("S1: a damaged tracker.db", () => {
  let origin = "";
  let whole: Buffer;
  let cleanUp: (() => Promise<void>) | undefined;

  before(async () => {
    origin = await emptyFolder({ after: (hook) => (cleanUp = hook) });
    const store = await opened(origin);
    await fill(store);
    await store.close();
    whole = await readFile(join(origin, "tracker.db"));
  });
  after(() => cleanUp?.());

  async function findIn(content: Uint8Array): Promise<Content | StoreProblem> {
    const directory = join(origin, "damaged");
    await rm(directory, { recursive: true, force: true });
    await mkdir(directory, { mode: 0o700 });
    await writeFile(join(directory, "tracker.db"), content, { mode: 0o600 });
    return find(directory);
  }

  test("cut anywhere, it is refused, unless only padding is gone", async () => {
    const intact = await findIn(whole);
    const cuts = new Set([0, 1, 15, 16, 99, 100, 101, 511, 512, 1023, 4095, 4096, 4097, whole.length - 1]);
    for (let at = 4096; at < whole.length; at += 4096) cuts.add(at).add(at + 700);
    for (const cut of cuts) {
      const found = await findIn(whole.subarray(0, cut));
      if (typeof found === "string") assert.equal(found, "damaged", `cut at ${cut}`);
      else assert.deepEqual(found, intact, `cut at ${cut}`);
    }
    assert.equal(await findIn(whole.subarray(0, whole.length - 4096)), "damaged");
  });

  test("a bit flipped anywhere is noticed, or it holds nothing of ours", async () => {
    const intact = (await findIn(whole)) as Content;
    assert.equal(intact.users.length, NAMES.length);
    const problems = new Map<unknown, number>();
    for (let at = 0; at < whole.length; at += at < 110 ? 1 : 83) {
      const flipped = Uint8Array.from(whole);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8));
      const found = await findIn(flipped);
      const problem = typeof found === "string" ? found : "none";
      problems.set(problem, (problems.get(problem) ?? 0) + 1);
      if (typeof found === "string") assert.match(found, /^(damaged|newer)$/u, `flip at ${at}`);
      else assert.deepEqual(found, intact, `flip at ${at}`);
    }
    assert.ok((problems.get("damaged") ?? 0) > 50, "many places matter");
  });

  test("flipped or cut in its log, it holds the last good prefix", async () => {
    const directory = await emptyFolder({ after: () => undefined });
    const store = await opened(directory);
    await fill(store);
    const parts = await Promise.all(["tracker.db", "tracker.db-wal"].map((name) => readFile(join(directory, name))));
    await store.close();
    await rm(directory, { recursive: true });
    const [main, log] = parts;
    assert.ok(main !== undefined && log !== undefined && log.length > 0);

    const lengths = new Set<number>();
    for (let at = 0; at <= log.length; at += at < 40 ? 10 : 2_003) {
      const flipped = Uint8Array.from(log);
      flipped[at] = (flipped[at] ?? 0) ^ 0x10;
      for (const damaged of [flipped, log.subarray(0, at)]) {
        const copy = join(origin, "with-log");
        await rm(copy, { recursive: true, force: true });
        await mkdir(copy, { mode: 0o700 });
        await writeFile(join(copy, "tracker.db"), main);
        await writeFile(join(copy, "tracker.db-wal"), damaged);
        const found = find(copy);
        assert.ok(typeof found !== "string", `opens with the log damaged at ${at}`);
        assert.deepEqual(
          found.users,
          NAMES.slice(0, found.users.length).map((name) => user(name, { identity: identity(name, 1) })),
        );
        lengths.add(found.users.length);
      }
    }
    assert.ok(lengths.size > 2, "some prefixes are longer than others");
  });
});

test("S1: an empty file, or a log without its file, is not a new store", async (t) => {
  const directory = await emptyFolder(t);
  const store = await opened(directory);
  await fill(store);
  await copyFile(join(directory, "tracker.db-wal"), join(directory, "kept"));
  await store.close();

  await writeFile(join(directory, "tracker.db"), "");
  assert.equal(find(directory), "damaged");
  await rm(join(directory, "tracker.db"));
  await copyFile(join(directory, "kept"), join(directory, "tracker.db-wal"));
  assert.equal(find(directory), "damaged");
  assert.equal((await stat(join(directory, "tracker.db-wal"))).size > 0, true);
});

test("S3, F19: a newer schema and another program's file are refused and left as they are", async (t) => {
  const directory = await emptyFolder(t);
  const path = join(directory, "tracker.db");
  await (await opened(directory)).close();
  change(path, "PRAGMA user_version = 99");
  const newer = await readFile(path);
  const refused = await openSqliteStore({ directory });
  assert.ok(!refused.ok);
  assert.equal(refused.refusal.problem, "newer");
  assert.equal(refused.refusal.path, path);
  assert.deepEqual(await readFile(path), newer);

  await rm(path);
  change(path, "CREATE TABLE song (title TEXT)");
  assert.equal(find(directory), "damaged");
  assert.deepEqual(tablesIn(path), ["song"]);

  await writeFile(path, "not a database, but a letter to a friend");
  const letter = await openSqliteStore({ directory });
  assert.ok(!letter.ok);
  assert.equal(letter.refusal.problem, "damaged");
  assert.match(letter.refusal.detail, /nothing was changed.*\.recover/u);
});

function change(path: string, sql: string): void {
  const db = new DatabaseSync(path);
  db.exec(sql);
  db.close();
}

function tablesIn(path: string): unknown[] {
  const db = new DatabaseSync(path, { readOnly: true });
  const names = db
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")
    .all()
    .map(({ name }) => name);
  db.close();
  return names;
}

test("a store is opened once at a time, and again after it was closed", async (t) => {
  const directory = await emptyFolder(t);
  const first = await opened(directory);
  const second = await openSqliteStore({ directory });
  assert.ok(!second.ok);
  assert.equal(second.refusal.problem, "in_use");
  await first.users.create(user("gabi"));
  await first.close();
  const third = await opened(directory);
  assert.ok(await third.users.find(named("gabi")));
  await third.close();
});

test("S9: spaces and other scripts in the path are nothing special, and what cannot be a folder is said", async (t) => {
  const base = await emptyFolder(t);
  const directory = join(base, "pasta com espaço", "ключ \u{1F600}");
  await (await opened(directory)).close();
  assert.ok((await stat(join(directory, "tracker.db"))).isFile());

  await writeFile(join(base, "file"), "");
  for (const [path, problem] of [
    [join(base, "file"), /^(not_a_directory|unwritable)$/u],
    [join(base, "file", "below"), /^(not_a_directory|unwritable)$/u],
    [join(base, "x".repeat(300)), /^unwritable$/u],
  ] as const) {
    const refused = await openSqliteStore({ directory: path });
    assert.ok(!refused.ok);
    assert.match(refused.refusal.problem, problem);
    assert.ok(refused.refusal.detail.length > 0);
  }
});

test("S6: a folder that others can open is refused; the files in ours are for us alone", async (t) => {
  const directory = await emptyFolder(t);
  const store = await opened(directory);
  await fill(store);
  for (const name of ["tracker.db", "tracker.db-wal", "tracker.db-shm", "tracker.lock"]) {
    assert.equal((await stat(join(directory, name))).mode & 0o777, 0o600, name);
  }
  await store.close();
  await chmod(directory, 0o755);
  const refused = await openSqliteStore({ directory });
  assert.ok(!refused.ok);
  assert.equal(refused.refusal.problem, "open_to_others");
  assert.match(refused.refusal.fix ?? "", /chmod 700/u);
});

test("S6: a folder of another user is refused", async (t) => {
  const directory = await emptyFolder(t);
  const self = process.getuid?.() ?? 0;
  // Whoever is not root cannot give a folder away, but finds one that is root's.
  if (self === 0) await chown(directory, 65_534, 65_534);
  const refused = await openSqliteStore({ directory: self === 0 ? directory : "/" });
  assert.ok(!refused.ok);
  assert.equal(refused.refusal.problem, "foreign_owner");
});
