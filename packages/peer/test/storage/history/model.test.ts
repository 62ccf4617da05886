// Goal: the history on disk and the one in memory are one and the same to whoever uses them.
// Method: the same random lists of changes go to both, with restarts in between; whatever can be asked is asked of both.
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { fail, succeed } from "@papo/protocol";
import fc from "fast-check";
import type { History, HistoryChange } from "../../../src/storage/history/history.ts";
import { MemoryHistory } from "../../../src/storage/history/memory/memory-history.ts";
import { pack, unpack } from "../../../src/storage/history/packed-changes.ts";
import { wantedBy } from "../../../src/storage/history/search-words.ts";
import { ChangeApplier } from "../../../src/storage/history/sqlite/apply-changes.ts";
import { openForWriting } from "../../../src/storage/history/sqlite/database.ts";
import { commitTogether } from "../../../src/storage/history/sqlite/group-commit.ts";
import { pathsOf } from "../../../src/storage/history/sqlite/paths.ts";
import { SearchReader } from "../../../src/storage/history/sqlite/search-reader.ts";
import { SpareTime } from "../../../src/storage/history/sqlite/spare-time.ts";
import { SqliteHistory } from "../../../src/storage/history/sqlite/sqlite-history.ts";
import {
  account,
  chat,
  device,
  entry,
  entryId,
  message,
  room,
  roomId,
  signature,
} from "../../conformance/history-samples.ts";
import { emptyFolder } from "./sqlite-fixture.ts";

const ROOMS = ["lobby", "attic"] as const;
const PEOPLE = ["ana", "bob", "caio"] as const;
const WORDS = ["café", "chá", "Cha", "bolo"] as const;

const aRoom = fc.constantFrom(...ROOMS);
const someone = fc.constantFrom(...PEOPLE);
const seq = fc.integer({ min: 1, max: 6 });
const chainOf = fc.constantFrom("content", "control" as const);
const anEntry = fc
  .record({ where: aRoom, who: someone, seq, chain: chainOf, effective: fc.integer({ min: 1, max: 9 }) })
  .chain(({ where, who, seq: n, chain, effective }) =>
    fc
      .record({ text: fc.option(fc.constantFrom(...WORDS)), target: fc.option(aTarget()), isVoid: fc.boolean() })
      .map((rest) =>
        entry(where, who, n, { chain: chain as "content", effective, shown: chain === "content", ...rest }),
      ),
  );

function aTarget() {
  return fc.tuple(aRoom, someone, seq).map(([where, who, n]) => entry(where, who, n).id);
}

const ofEntry = fc.tuple(aRoom, aTarget()).map(([where, id]) => ({ room: roomId(where), id }));

const change: fc.Arbitrary<HistoryChange> = fc.oneof(
  { weight: 8, arbitrary: anEntry.map((stored): HistoryChange => ({ kind: "put-entry", entry: stored })) },
  fc
    .tuple(aRoom, fc.nat(20))
    .map(([name, readUpTo]): HistoryChange => ({ kind: "put-room", room: room(name, { readUpTo }) })),
  aRoom.map((name): HistoryChange => ({ kind: "forget-room", id: roomId(name) })),
  ofEntry.map((at): HistoryChange => ({ kind: "drop-body", ...at })),
  fc
    .tuple(ofEntry, fc.constantFrom(...WORDS))
    .map(([at, text]): HistoryChange => ({ kind: "put-body", ...at, body: Uint8Array.of(1, 2, 3), text })),
  ofEntry.map((at): HistoryChange => ({ kind: "put-signature", ...at, signature: Uint8Array.from(signature(at.id)) })),
  fc.tuple(ofEntry, seq).map(([at, effective]): HistoryChange => ({ kind: "set-effective", ...at, effective })),
  fc.tuple(aRoom, someone, chainOf, seq, seq, fc.boolean()).map(
    ([name, who, chain, from, to, isVoid]): HistoryChange => ({
      kind: "set-void",
      room: roomId(name),
      author: device(who),
      chain,
      from,
      to,
      isVoid,
    }),
  ),
  fc.tuple(aRoom, someone, chainOf, seq).map(
    ([name, who, chain, n]): HistoryChange => ({
      kind: "put-head",
      room: roomId(name),
      author: device(who),
      chain,
      seq: n,
      id: entryId(`${n}`),
    }),
  ),
  fc
    .tuple(aRoom, aTarget(), aTarget())
    .map(
      ([name, missing, dependent]): HistoryChange => ({ kind: "put-missing", room: roomId(name), missing, dependent }),
    ),
  ofEntry.map(({ room: where, id }): HistoryChange => ({ kind: "remove-missing", room: where, missing: id })),
  fc
    .tuple(someone, fc.nat(20))
    .map(([name, readUpTo]): HistoryChange => ({ kind: "put-chat", chat: chat(name, { readUpTo }) })),
  fc.tuple(someone, someone, fc.option(seq), fc.boolean(), fc.boolean(), fc.constantFrom(...WORDS)).map(
    ([withWhom, who, n, own, shown, text]): HistoryChange => ({
      kind: "put-private",
      message: message(withWhom, who, n, { own, shown, text }),
    }),
  ),
  someone.map(
    (name): HistoryChange => ({
      kind: "remove-progress",
      account: account(name),
      chain: device("mine"),
      device: device("phone"),
    }),
  ),
  fc.tuple(someone, seq).map(
    ([name, confirmed]): HistoryChange => ({
      kind: "put-progress",
      progress: { account: account(name), chain: device("mine"), device: device("phone"), from: 1, confirmed, read: 0 },
    }),
  ),
);

/** Everything that can be asked, as text. Arrivals are left as they are: both count alike. */
async function all(history: History): Promise<string> {
  const inRooms = ROOMS.map((name) => {
    const id = roomId(name);
    const lines = history.lines(id, { limit: 100 });
    const ids = ROOMS.flatMap((where) =>
      PEOPLE.flatMap((who) => [1, 2, 3, 4, 5, 6].map((n) => entry(where, who, n).id)),
    );
    return [
      ...[lines, history.heads(id), history.control(id), history.about(id, ids), history.missing(id, 50)],
      ...[
        history.unread(id),
        history.unread(id, [device(PEOPLE[0] ?? "")]),
        history.arrival(id),
        history.receipts(id),
        ids.map((one) => history.dependents(id, one)),
      ],
      ids.map((one) => history.entry(id, one)),
      lines.map((line) => history.lines(id, { before: line, limit: 2 }).length),
      lines.map((line) => history.lines(id, { after: line, limit: 2 }).map(({ arrival }) => arrival)),
      ...PEOPLE.map((who) => [
        history.bodyBytes(id, device(who)),
        history.range(id, device(who), "content", 2, 3),
        [1, 2, 3].map((n) => history.entryAt(id, device(who), "control", n)),
      ]),
    ];
  });
  const inChats = PEOPLE.map((name) => [
    ...[history.privateLines(account(name), { limit: 100 }), history.privateHeads(account(name))],
    ...[history.unreadPrivate(account(name)), history.progress(account(name))],
    PEOPLE.map((who) => history.privateChain(account(name), device(who), 2, 10)),
  ]);
  const searches = [{ text: "ch" }, { text: "cafe", room: roomId("lobby") }, { text: "bolo", account: account("ana") }];
  const found = await Promise.all(searches.map((query) => history.search(query)));
  return JSON.stringify([history.rooms(), history.chats(), inRooms, inChats, found], (_key, value: unknown) => {
    if (value instanceof Map) return [...(value as Map<unknown, unknown>)];
    if (value instanceof Uint8Array) return [...value];
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
  });
}

/** The history of a file without its threads: each commit is written at once. */
function onDisk(folder: string): History {
  const paths = pathsOf(folder);
  const { db, rescued } = openForWriting(paths, Number.MAX_SAFE_INTEGER);
  assert.equal(rescued, undefined);
  const applier = new ChangeApplier(db);
  const spare = new SpareTime(db, applier, 3);
  const reader = new SearchReader(db, 50);
  const close = () => Promise.resolve();
  return new SqliteHistory(db, {
    onDamage: () => assert.fail("all of it can be read"),
    writer: {
      close,
      commit(changes) {
        const { cells, bytes, commits } = pack([changes]);
        const [failure] = commitTogether(db, applier, unpack({ cells, bytes, commits }));
        while (spare.useSome(changes.length % 2 === 0));
        return Promise.resolve(failure === undefined ? succeed(undefined) : fail("storage_failed", failure.detail));
      },
    },
    searcher: {
      close,
      search({ text, room: place, account: whom }) {
        const wanted = wantedBy(text);
        assert.ok(wanted !== undefined);
        return Promise.resolve(
          succeed(reader.search({ wanted, room: place ?? null, account: whom ?? null, offset: 0 })),
        );
      },
    },
  });
}

test("the same changes give the same answers on disk and in memory, across restarts", async (t) => {
  const folder = await emptyFolder(t);
  let run = 0;
  const commitsOf = fc.array(fc.array(change, { minLength: 1, maxLength: 8 }), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(commitsOf, async (commits) => {
      const own = join(folder, `${run++}`);
      await mkdir(own);
      let disk = onDisk(own);
      let memory = new MemoryHistory();
      const half = commits.length >>> 1;
      for (const part of [commits.slice(0, half), commits.slice(half)]) {
        for (const changes of part) {
          assert.ok((await disk.commit(changes)).ok);
          assert.ok((await memory.commit(changes)).ok);
        }
        assert.equal(await all(disk), await all(memory));
        await disk.close();
        disk = onDisk(own);
        memory = memory.crash();
        assert.equal(await all(disk), await all(memory));
      }
      await disk.close();
    }),
    { numRuns: 30 },
  );
});
