// Goal: a commit that fails fails alone, words and forgotten rooms are looked after without anybody waiting, and what was deleted is not in
// the file any more.
// Method: the writer's parts on a real file, without its thread; a full disk is a bound on the file's pages.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { type TestContext, test } from "node:test";
import type { HistoryChange } from "../../../src/storage/history/history.ts";
import { wantedBy } from "../../../src/storage/history/search-words.ts";
import { ChangeApplier } from "../../../src/storage/history/sqlite/apply-changes.ts";
import { openForWriting } from "../../../src/storage/history/sqlite/database.ts";
import { commitTogether } from "../../../src/storage/history/sqlite/group-commit.ts";
import { isWhole } from "../../../src/storage/history/sqlite/inspect.ts";
import { pathsOf } from "../../../src/storage/history/sqlite/paths.ts";
import { SearchReader } from "../../../src/storage/history/sqlite/search-reader.ts";
import { SpareTime } from "../../../src/storage/history/sqlite/spare-time.ts";
import { entry, put, putRoom, room, roomId } from "../../conformance/history-samples.ts";
import { emptyFolder } from "./sqlite-fixture.ts";

type Rig = {
  readonly db: DatabaseSync;
  readonly applier: ChangeApplier;
  readonly spare: SpareTime;
  readonly path: string;
};

async function rig(t: TestContext): Promise<Rig> {
  const folder = await emptyFolder(t);
  const { db } = openForWriting(pathsOf(folder), 0);
  t.after(() => db.close());
  const applier = new ChangeApplier(db);
  return { db, applier, spare: new SpareTime(db, applier, 1_000), path: pathsOf(folder).database };
}

const setting = (name: string): HistoryChange[] => [{ kind: "put-setting", name, value: name }];
const names = (db: DatabaseSync) =>
  db
    .prepare("SELECT name FROM setting ORDER BY rowid")
    .all()
    .map(({ name }) => name);

test("a commit that cannot be written fails alone, and nothing of it happens", async (t) => {
  const { db, applier } = await rig(t);
  const bad: HistoryChange[] = [...setting("half"), { kind: "put-setting", name: "x", value: {} as never }];
  const commits = Array.from({ length: 20 }, (_, n) => (n === 7 || n === 13 ? bad : setting(`${n}`)));
  const failures = commitTogether(db, applier, commits).map((failure) => failure !== undefined);
  assert.deepEqual(
    failures,
    commits.map((commit) => commit === bad),
  );
  assert.equal(names(db).length, 18);
  assert.ok(!names(db).includes("half"));
});

test("F9: a full disk fails what does not fit, keeps what is there, and later it works without a restart", async (t) => {
  const { db, applier } = await rig(t);
  commitTogether(db, applier, [[putRoom(room("lobby"))], [put(entry("lobby", "ana", 1))]]);
  const pages = Number(db.prepare("PRAGMA page_count").get()?.["page_count"]);
  db.exec(`PRAGMA max_page_count = ${pages + 2}`);
  const large = put(entry("lobby", "ana", 2, { body: new Uint8Array(30_000) }));
  const [small, failure] = commitTogether(db, applier, [setting("small"), [large]]);
  assert.equal(small, undefined);
  assert.deepEqual(failure, { detail: "the history cannot be written: the disk is full", isDamage: false });
  db.exec("PRAGMA max_page_count = 1000000");
  assert.deepEqual(commitTogether(db, applier, [[large]]), [undefined]);
  assert.equal(db.prepare("SELECT count(*) AS n FROM entry").get()?.["n"], 2);
  assert.ok(isWhole(db));
});

test("searches find the same before, while and after the words are indexed", async (t) => {
  const { db, applier, spare } = await rig(t);
  const said = Array.from({ length: 1_200 }, (_, n) =>
    put(entry("lobby", "ana", n + 1, { text: `número ${n} ${n % 7 === 0 ? "sete" : "outro"}` })),
  );
  commitTogether(db, applier, [[putRoom(room("lobby")), ...said]]);
  const search = new SearchReader(db, 5_000);
  const wanted = wantedBy("numero set");
  assert.ok(wanted !== undefined);
  const found = () => search.search({ wanted, room: null, account: null, offset: 0 }).map(({ line }) => line.text);
  const before = found();
  assert.equal(before.length, 172);
  let pieces = 0;
  while (spare.useSome(true)) {
    pieces += 1;
    assert.deepEqual(found(), before);
  }
  assert.equal(pieces, 3);
  assert.ok(isWhole(db));
});

test("without an idle moment words wait until many do", async (t) => {
  const { db, applier, spare } = await rig(t);
  const commit = (from: number) => Array.from({ length: 600 }, (_, n) => put(entry("lobby", "ana", from + n)));
  commitTogether(db, applier, [[putRoom(room("lobby")), ...commit(1)]]);
  assert.equal(spare.useSome(false), false);
  commitTogether(db, applier, [commit(601)]);
  assert.equal(spare.useSome(false), true);
  assert.equal(spare.useSome(false), false);
});

test("what was deleted is in no byte of the file or its log, its words neither; a forgotten room leaves nothing", async (t) => {
  const { db, applier, spare, path } = await rig(t);
  const secret = entry("lobby", "ana", 1, {
    text: "xilofone secreto",
    body: Buffer.from("salt salt salt 16 xilofone"),
  });
  const other = entry("attic", "ana", 1, { text: "zarabatana", body: Buffer.from("salt salt salt 16 zarabatana") });
  commitTogether(db, applier, [[putRoom(room("lobby")), putRoom(room("attic")), put(secret), put(other)]]);
  while (spare.useSome(true));
  db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  const holds = (word: string) => [path, `${path}-wal`].some((file) => readFileSync(file).includes(word));
  assert.ok(holds("xilofone") && holds("zarabatana"));

  commitTogether(db, applier, [[{ kind: "drop-body", room: roomId("lobby"), id: secret.id }]]);
  spare.useSome(false);
  assert.ok(!holds("xilofone") && !holds("secreto"));

  commitTogether(db, applier, [[{ kind: "forget-room", id: roomId("attic") }]]);
  while (spare.useSome(true));
  assert.ok(!holds("zarabatana"));
  assert.equal(db.prepare("SELECT count(*) AS n FROM room").get()?.["n"], 1);
  assert.ok(isWhole(db));
});
