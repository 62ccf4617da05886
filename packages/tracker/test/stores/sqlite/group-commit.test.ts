// Goal: steps that share a transaction do not share a failure, and an answer is only given for what is in the file.
// Method: batches on a real database in memory; one step breaks a constraint, or the file may not grow.
import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { commitTogether } from "../../../src/stores/sqlite/group-commit.ts";
import { createSchema } from "../../../src/stores/sqlite/migrate.ts";
import { SqliteTables } from "../../../src/stores/sqlite/sqlite-tables.ts";
import type { TableCall } from "../../../src/stores/tables.ts";
import { room, user } from "../../conformance/samples.ts";

function database(): { readonly db: DatabaseSync; readonly tables: SqliteTables } {
  const db = new DatabaseSync(":memory:");
  createSchema(db);
  return { db, tables: new SqliteTables(db, { ownedMax: 100, joinedMax: 100 }) };
}

const create = (name: string): TableCall => ({ table: "users", method: "create", args: [user(name)] });

test("one step that fails leaves the others of its transaction done", () => {
  const { db, tables } = database();
  const wrong: TableCall = { table: "rooms", method: "create", args: [room("sala", "a", { capacity: 0 }), "papo"] };
  const answers = commitTogether(db, tables, [create("a"), wrong, create("b"), create("a")]);
  assert.deepEqual(
    answers.map((answer) => (answer.ok ? answer.value : "failed")),
    ["created", "failed", "created", "taken"],
  );
  assert.equal(tables.users.count(), 2);
  assert.deepEqual(tables.rooms.list({ limit: 10 }), []);
});

test("F9: when there is no more room, what was answered is there, what failed is not, and later it works again", () => {
  const { db, tables } = database();
  const pages = Number(db.prepare("PRAGMA page_count").get()?.["page_count"]);
  db.exec(`PRAGMA max_page_count = ${pages + 4}`);
  const names = Array.from({ length: 400 }, (_, index) => `user${index}`);
  const answers = commitTogether(db, tables, names.map(create));
  const made = answers.filter((answer) => answer.ok).length;
  assert.ok(made > 0 && made < names.length, `${made} made`);
  assert.equal(tables.users.count(), made);
  assert.equal(db.isTransaction, false);
  const codes = answers.map((answer) => (answer.ok ? "created" : answer.failed.code));
  assert.deepEqual(new Set(codes), new Set(["created", "SQLITE_FULL"]));

  db.exec("PRAGMA max_page_count = 1000");
  assert.deepEqual(commitTogether(db, tables, [create("late")]), [{ ok: true, value: "created" }]);
});
