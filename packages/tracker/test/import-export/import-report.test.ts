// Goal: an original tracker's folder goes into any store whole or not at all, untouched itself; and back out, with what an original
// tracker cannot be told said to the operator.
// Method: files as the original writes them (and as people damage them), read into each store; an export read by a fresh import.
import assert from "node:assert/strict";
import { readdir, readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { systemClock } from "@papo/link";
import type { RoomName } from "@papo/protocol";
import { exportReport } from "../../src/import-export/export-report.ts";
import { importReport } from "../../src/import-export/import-report.ts";
import type { Repositories } from "../../src/repositories/repositories.ts";
import { StoreFailure } from "../../src/repositories/store-failure.ts";
import { openJsonStore } from "../../src/stores/json/open-json-store.ts";
import { openMemoryStore } from "../../src/stores/memory/open-memory-store.ts";
import { openSqliteStore } from "../../src/stores/sqlite/open-sqlite-store.ts";
import { emptyFolder, identity, named, room, user } from "../conformance/samples.ts";
import { everything } from "../conformance/store-conformance.ts";

const ALICE = "03ac674216f3e15c761ee1a5e255f067953623c8b388b4459e13f978d7c846f4";
const MARCOS = "7c82a52267c5a53838a5874962e86e81e9af01f51af585d149733b4b14be1cc2";

const peer = (username: string, changes: object = {}) => ({
  username,
  last_ping: {},
  address: "127.0.0.1",
  port: 5000,
  connected: true,
  ...changes,
});

async function folderWith(t: TestContext, files: Readonly<Record<string, unknown>>): Promise<string> {
  const directory = await emptyFolder(t);
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(directory, name), typeof content === "string" ? content : JSON.stringify(content, null, 4));
  }
  return directory;
}

const take = (from: string, into: Repositories) => importReport({ from, into, clock: systemClock });

/** The folder's files with their content, to see that reading changed nothing. */
async function contentOf(directory: string): Promise<readonly string[]> {
  const names = (await readdir(directory)).toSorted();
  return Promise.all(names.map(async (name) => `${name}: ${await readFile(join(directory, name), "utf8")}`));
}

const STORES = {
  memory: async () => openMemoryStore(),
  sqlite: async (t: TestContext) => {
    const opened = await openSqliteStore({ directory: await emptyFolder(t) });
    assert.ok(opened.ok);
    return opened.repositories;
  },
  json: async (t: TestContext) => {
    const opened = await openJsonStore({ directory: await emptyFolder(t), clock: systemClock });
    assert.ok(opened.ok);
    return opened.repositories;
  },
} as const;

const SESSIONS = {
  "users_db.json": {
    alice: ALICE,
    bob: "bcb9b4d8cc25b2eb8d2cf36c7c3dfff2230cfc0d6",
    marcos: MARCOS,
    rаul: ALICE,
    raul: ALICE,
  },
  "rooms_db.json": {
    TESTE: { name: "TESTE", peer_owner: peer("alice"), peer_one: peer("bob"), peer_two: peer("ghost") },
    "owner away": { name: "owner away", peer_owner: null, peer_one: null, peer_two: peer("marcos") },
    nobody: { name: "nobody", peer_owner: null, peer_one: null, peer_two: null },
    haunted: { name: "haunted", peer_owner: peer("ghost"), peer_one: peer("alice"), peer_two: null },
    strange: 7,
  },
  "peers_db.json": { alice: peer("alice", { last_ping: "2025-05-01T10:00:00" }), bob: peer("bob", { port: "5001" }) },
};

for (const [name, open] of Object.entries(STORES)) {
  describe(`import into ${name}`, () => {
    test("S4: the report's files come in, weak passwords, look-alikes, rooms and last addresses included", async (t) => {
      const from = await folderWith(t, SESSIONS);
      const before = await contentOf(from);
      const into = await open(t);
      t.after(() => into.close());
      const report = await take(from, into);
      assert.ok(report.ok);
      assert.deepEqual(
        [report.users, report.rooms],
        [
          { added: 5, kept: [] },
          { added: 2, kept: [] },
        ],
      );
      assert.deepEqual(Object.fromEntries(report.notes.map(({ kind, names }) => [kind, names])), {
        unusable_password: ["bob"],
        look_alike: ["raul"],
        unknown_member: ["ghost", "ghost"],
        owner_replaced: ["owner away"],
        room_without_owner: ["nobody", "haunted"],
        unusable_entry: ["strange"],
      });

      const alice = await into.users.find(named("alice"));
      assert.deepEqual([alice?.password, alice?.weak, alice?.identity], [{ kind: "sha256", hex: ALICE }, true, null]);
      const teste = await into.rooms.find({ name: "TESTE" as RoomName });
      assert.deepEqual([teste?.kind, teste?.owner, teste?.capacity, teste?.members], ["plain", "alice", 3, 2]);
      assert.equal((await into.rooms.find({ name: "owner away" as RoomName }))?.owner, "marcos");
      const seen = { address: "127.0.0.1", port: 5000, lastPing: "2025-05-01T10:00:00", connected: false };
      assert.deepEqual(await into.peers.find(named("alice")), { username: "alice", ...seen });
      assert.equal((await into.peers.find(named("bob")))?.port, null);
      assert.deepEqual(await contentOf(from), before);

      const again = await take(from, into);
      assert.ok(again.ok);
      assert.deepEqual([again.users.added, again.users.kept.length, again.rooms.kept.length], [0, 5, 2]);
      assert.equal(await into.users.count(), 5);
    });

    test("S4, S8: one unreadable file, and nothing is imported", async (t) => {
      const into = await open(t);
      t.after(() => into.close());
      for (const [file, content, problem] of [
        ["rooms_db.json", "[]", "not_a_report_file"],
        ["rooms_db.json", '{"TESTE": {', "not_a_report_file"],
        ["peers_db.json", '"text"', "not_a_report_file"],
        ["peers_db.json", "\uFEFF{}", "not_a_report_file"],
        ["rooms_db.json", "[".repeat(100_000), "not_a_report_file"],
      ] as const) {
        const from = await folderWith(t, { ...SESSIONS, [file]: content });
        const before = await contentOf(from);
        assert.deepEqual(await take(from, into), { ok: false, problem, file });
        assert.deepEqual(await contentOf(from), before);
      }
      assert.equal(await into.users.count(), 0);
      assert.deepEqual(await into.rooms.list({ limit: 10 }), []);
    });
  });
}

test("S4: empty, missing and far too large files", async (t) => {
  const into = openMemoryStore();
  const nothing = await folderWith(t, { "readme.txt": "hello" });
  assert.deepEqual(await take(nothing, into), { ok: false, problem: "nothing_found", file: "users_db.json" });
  assert.equal((await take(join(nothing, "readme.txt"), into)).ok, false);

  const empty = await folderWith(t, { "users_db.json": "", "rooms_db.json": " \n" });
  const report = await take(empty, into);
  assert.ok(report.ok);
  assert.deepEqual([report.users.added, report.rooms.added, report.notes], [0, 0, []]);

  const large = await folderWith(t, { ...SESSIONS, "rooms_db.json": "" });
  await truncate(join(large, "rooms_db.json"), 100_000_000);
  assert.deepEqual(await take(large, into), { ok: false, problem: "too_large", file: "rooms_db.json" });
  assert.equal(await into.users.count(), 0);
});

test("T8: names that are special in JavaScript come in as names, except the one that no answer can carry", async (t) => {
  const text = `{"__proto__": "${ALICE}", "constructor": "${ALICE}", "hasOwnProperty": "${ALICE}"}`;
  const into = openMemoryStore();
  const report = await take(
    await folderWith(t, { "users_db.json": text, "rooms_db.json": '{"__proto__": {"peer_owner": "constructor"}}' }),
    into,
  );
  assert.ok(report.ok);
  assert.deepEqual(report.notes, [{ kind: "unusable_entry", names: ["__proto__", "__proto__"] }]);
  assert.ok(await into.users.find(named("constructor")));
  assert.equal("peer_owner" in {}, false);
});

test("a room may name somebody who has an account here and none in the files", async (t) => {
  const into = openMemoryStore();
  await into.users.create(user("gabi"));
  const rooms = { nova: { name: "nova", peer_owner: peer("gabi"), peer_one: null, peer_two: null } };
  const report = await take(await folderWith(t, { "rooms_db.json": rooms }), into);
  assert.ok(report.ok);
  assert.deepEqual([report.rooms.added, report.notes], [1, []]);
});

test("S8: an import that the store cannot keep changes nothing", async (t) => {
  const into = openMemoryStore();
  await into.close();
  await assert.rejects(take(await folderWith(t, SESSIONS), into), StoreFailure);
});

test("an export tells who and what an original tracker cannot serve, and reads back as it was", async (t) => {
  const from = openMemoryStore();
  await from.users.create(user("alice", { password: { kind: "sha256", hex: ALICE }, weak: true }));
  await from.users.create(user("josé", { identity: identity("josé", 1) }));
  await from.users.create(user("nori"));
  const plain = room("SALA \u{1F600}", "alice", { kind: "plain", capacity: 10 });
  await from.rooms.create(plain, "seed");
  for (const name of ["josé", "nori", "bia"]) await from.rooms.join(plain.id, named(name), "papo");
  await from.rooms.create(room("open", "nori"), "papo");
  await from.peers.save({
    username: named("alice"),
    address: "192.0.2.1",
    port: 5000,
    lastPing: null,
    connected: true,
  });

  const to = join(await emptyFolder(t), "out");
  assert.deepEqual(await exportReport({ from, to }), {
    ok: true,
    users: 3,
    rooms: 1,
    lockedOut: ["josé", "nori"].toSorted(),
    withoutTheirKey: ["josé"],
    hiddenRooms: ["open"],
    shortenedRooms: ["SALA \u{1F600}"],
  });
  const alice = peer("alice", { address: "192.0.2.1", connected: false });
  const unseen = (name: string) => peer(name, { address: null, port: null, connected: false });
  const rooms: unknown = JSON.parse(await readFile(join(to, "rooms_db.json"), "utf8"));
  assert.deepEqual(rooms, {
    "SALA \u{1F600}": { name: "SALA \u{1F600}", peer_owner: alice, peer_one: unseen("josé"), peer_two: unseen("nori") },
  });
  for (const file of await readdir(to)) assert.match(await readFile(join(to, file), "latin1"), /^[\n -~]*$/u);

  const into = openMemoryStore();
  assert.ok((await take(to, into)).ok);
  const back = await everything(into);
  assert.deepEqual(
    back.accounts.map(({ password }) => password),
    (await everything(from)).accounts.map(({ password }) => password),
  );
  assert.deepEqual(
    back.rooms.map(({ members }) => members),
    [3],
  );
  assert.deepEqual(await exportReport({ from, to }), { ok: false, problem: "already_there", file: "users_db.json" });
});

test("an export of more than a page of everything is complete", async (t) => {
  const from = openMemoryStore();
  const names = Array.from({ length: 250 }, (_, index) => `user${index}`);
  for (const name of names) {
    await from.users.create(user(name));
    await from.rooms.create(room(`room ${name}`, name, { kind: "plain" }), "seed");
    await from.peers.save({ username: named(name), address: null, port: null, lastPing: null, connected: false });
  }
  const to = await emptyFolder(t);
  await exportReport({ from, to });
  for (const file of ["users_db.json", "rooms_db.json", "peers_db.json"]) {
    assert.equal(Object.keys(JSON.parse(await readFile(join(to, file), "utf8")) as object).length, names.length, file);
  }
});
