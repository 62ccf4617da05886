// Goal: many who search at once do not stand in the way of one who writes.
// Method: searches and one write on a real file; what had been answered when the write was.
import assert from "node:assert/strict";
import { test } from "node:test";
import { openSqliteStore } from "../../../src/stores/sqlite/open-sqlite-store.ts";
import { emptyFolder, room, user } from "../../conformance/samples.ts";

test("a write waits for one search at most, however many were asked before it, and all are answered", async (t) => {
  const opened = await openSqliteStore({ directory: await emptyFolder(t) });
  assert.ok(opened.ok);
  const { rooms, users, close } = opened.repositories;
  await rooms.create(room("TESTE", "gabi"), "papo");

  let answered = 0;
  const search = async () => {
    const found = await rooms.list({ limit: 10, query: "est" });
    answered += 1;
    return found.length;
  };
  const searches = Array.from({ length: 50 }, search);
  await users.create(user("nori"));
  assert.ok(answered <= 1, `${answered} came first`);
  assert.deepEqual(new Set(await Promise.all(searches)), new Set([1]));
  await close();
});
