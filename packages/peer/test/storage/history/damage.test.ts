// Goal: a file that is not as it was written gives what it held, or is set aside, kept and read as far as it can be; it is never taken for
// an empty one, and nothing crashes. What a newer Papo wrote is not touched.
// Method: a small history written by the real writer, then cut and flipped at many places, opened by the very function that the writer's
// thread uses and read by the readers that the main thread uses.
import assert from "node:assert/strict";
import { mkdir, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, before, describe, test } from "node:test";
import { systemClock } from "@papo/link";
import { openHistory } from "../../../src/storage/history/open-history.ts";
import { openForWriting } from "../../../src/storage/history/sqlite/database.ts";
import { pathsOf } from "../../../src/storage/history/sqlite/paths.ts";
import { PrivateReader } from "../../../src/storage/history/sqlite/private-reader.ts";
import { Reading } from "../../../src/storage/history/sqlite/reading.ts";
import type { Rescue } from "../../../src/storage/history/sqlite/rescue.ts";
import { RoomReader } from "../../../src/storage/history/sqlite/room-reader.ts";
import {
  account,
  chat,
  device,
  entry,
  entryId,
  message,
  put,
  putMessage,
  putRoom,
  room,
  roomId,
} from "../../conformance/history-samples.ts";
import { emptyFolder, openedIn } from "./sqlite-fixture.ts";

const ENTRIES = 120;
const PLACES = 96;
const LOG_PLACES = 12;
const LOBBY = roomId("lobby");
const ANA = account("ana");

type Found = { readonly content: Content; readonly rescued: Rescue | undefined };
type Content = { readonly lines: readonly string[]; readonly messages: readonly string[]; readonly head: number };

async function fill(folder: string): Promise<void> {
  const { history } = await openedIn(folder);
  await history.commit([putRoom(room("lobby")), { kind: "put-chat", chat: chat("ana") }]);
  for (let seq = 1; seq <= ENTRIES; seq += 1) {
    const stored = entry("lobby", "ana", seq);
    const head = { author: stored.author, chain: stored.chain, seq, id: stored.id };
    void history.commit([put(stored), { kind: "put-head", room: LOBBY, ...head }]);
    if (seq % 10 === 0) await history.commit([putMessage(message("ana", "phone", seq))]);
  }
  await history.close();
}

/** What the next start would find. Throws nothing but what the writer's thread would pass on as a refusal. */
function findIn(folder: string): Found {
  const { db, rescued } = openForWriting(pathsOf(folder), Number.MAX_SAFE_INTEGER);
  try {
    const reading = new Reading(db, () => assert.fail("what was opened can be read"));
    const rooms = new RoomReader(reading);
    const lines = rooms.linesBefore(LOBBY, undefined, 1_000).map(({ text }) => text ?? "");
    const messages = new PrivateReader(reading).linesBefore(ANA, undefined, 1_000).map(({ text }) => text);
    return { content: { lines, messages, head: rooms.heads(LOBBY)[0]?.seq ?? 0 }, rescued };
  } finally {
    db.close();
  }
}

describe("S1: a damaged history.db", () => {
  let origin = "";
  let whole: Buffer;
  let intact: Content;
  let cleanUp: (() => Promise<void>) | undefined;

  before(async () => {
    origin = await emptyFolder({ after: (hook) => (cleanUp = hook) });
    await fill(origin);
    whole = await readFile(join(origin, "history.db"));
    intact = findIn(origin).content;
    assert.deepEqual([intact.lines.length, intact.messages.length, intact.head], [ENTRIES, ENTRIES / 10, ENTRIES]);
  });
  after(() => cleanUp?.());

  async function tryWith(content: Uint8Array): Promise<Found> {
    const folder = join(origin, "damaged");
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { mode: 0o700 });
    await writeFile(join(folder, "history.db"), content, { mode: 0o600 });
    const found = findIn(folder);
    if (found.rescued === undefined) assert.deepEqual(found.content, intact);
    else await isKept(found.rescued.file, content);
    // Nothing was made up, and the next start finds the same without any damage.
    assert.ok(found.content.lines.every((text) => intact.lines.includes(text)));
    assert.deepEqual(findIn(folder), { content: found.content, rescued: undefined });
    assert.deepEqual(
      (await readdir(folder)).filter((name) => /\.new|\.read|db\.damaged/u.test(name)),
      [],
    );
    return found;
  }

  async function isKept(file: string, content: Uint8Array): Promise<void> {
    assert.ok((await readFile(file)).equals(content), "the damaged file is kept as it was");
    assert.equal((await stat(file)).mode & 0o777, 0o600);
  }

  test("F10, S1: one flipped byte loses one thing at most, and never all", async () => {
    let rescues = 0;
    for (let place = 0; place < PLACES; place += 1) {
      const at = Math.floor(((place + 0.5) * whole.length) / PLACES);
      const flipped = Buffer.from(whole);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (place % 8));
      const { content, rescued } = await tryWith(flipped);
      if (rescued !== undefined) rescues += 1;
      // A page of the table holds a handful of entries; other pages hold none.
      assert.ok(content.lines.length >= ENTRIES - 16, `byte ${at}: ${content.lines.length} lines left`);
    }
    assert.ok(rescues > 0, "some flips did matter");
  });

  test("F10, S1: each byte of the header and of the schema may be wrong", async () => {
    for (let at = 0; at < 320; at += 4) {
      const flipped = Buffer.from(whole);
      flipped[at] = (flipped[at] ?? 0) ^ 0xff;
      const isVersion = at >= 60 && at < 64;
      if (isVersion) continue;
      const { content } = await tryWith(flipped);
      assert.ok(content.lines.length > 0, `byte ${at}`);
    }
  });

  test("F10, S1: cut anywhere, what is left of it is read", async () => {
    let most = 0;
    for (let size = 0; size < whole.length; size += Math.ceil(whole.length / 40)) {
      const { content, rescued } = await tryWith(whole.subarray(0, size));
      assert.ok(rescued !== undefined);
      most = Math.max(most, content.lines.length);
    }
    assert.ok(most > ENTRIES / 2, `${most} lines were read`);
  });

  test("F10, S1, I9: of a log that is changed in the middle nothing is lost without a word; one that a crash ended is whole", async (t) => {
    const folder = await emptyFolder(t);
    const { history } = await openedIn(folder);
    await history.commit([putRoom(room("lobby"))]);
    for (let seq = 1; seq <= ENTRIES; seq += 1) await history.commit([put(entry("lobby", "ana", seq))]);
    // As a kill would leave them.
    const [file, log] = [await readFile(join(folder, "history.db")), await readFile(join(folder, "history.db-wal"))];
    await history.close();
    const findWith = async (bytes: Uint8Array): Promise<Found> => {
      const copy = join(origin, "with-log");
      await rm(copy, { recursive: true, force: true });
      await mkdir(copy, { mode: 0o700 });
      await writeFile(join(copy, "history.db"), file, { mode: 0o600 });
      await writeFile(join(copy, "history.db-wal"), bytes, { mode: 0o600 });
      return findIn(copy);
    };
    assert.equal((await findWith(log)).content.lines.length, ENTRIES);
    for (let place = 0; place < LOG_PLACES; place += 1) {
      const flipped = Buffer.from(log);
      const at = Math.floor((place * log.length) / LOG_PLACES);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (place % 8));
      const { content, rescued } = await findWith(flipped);
      assert.ok(rescued !== undefined || content.lines.length >= ENTRIES - 1, `byte ${at}`);
    }
    const overwritten = Buffer.from(log).fill(0xa5, Math.floor(log.length / 3), Math.floor(log.length / 2));
    assert.ok((await findWith(overwritten)).rescued !== undefined, "many frames in a row");
    for (let size = 0; size < log.length; size += Math.ceil(log.length / LOG_PLACES))
      assert.equal((await findWith(log.subarray(0, size))).rescued, undefined, `a crash after ${size} bytes`);
  });

  for (const { seq, head } of [
    { seq: 60, head: 59 },
    { seq: 1, head: 0 },
  ])
    test(`F10: a head does not promise what was lost: entry ${seq}`, async () => {
      const at = whole.indexOf(JSON.stringify({ room: LOBBY, author: device("ana"), chain: "content", seq }));
      const flipped = Buffer.from(whole);
      flipped[at + 3] = 0x58;
      const { content, rescued } = await tryWith(flipped);
      assert.equal(rescued?.lost, 1);
      assert.deepEqual([content.lines.length, content.head], [ENTRIES - 1, head]);
    });

  test("F10: control entries that have lost what stands before them are taken for lost, branches are not", async (t) => {
    const folder = await emptyFolder(t);
    const { history } = await openedIn(folder);
    const control = { chain: "control" } as const;
    const branch = { ...control, id: entryId("branch"), prev: entryId("lobby ana control 1") };
    await history.commit([
      putRoom(room("lobby")),
      ...[1, 2, 3].map((seq) => put(entry("lobby", "ana", seq, control))),
      put(entry("lobby", "ana", 2, branch)),
      ...[1, 2, 3].map((seq) => put(entry("lobby", "bia", seq, control))),
    ]);
    await history.close();
    const file = join(folder, "history.db");
    const content = await readFile(file);
    const lost = content.indexOf(JSON.stringify({ room: LOBBY, author: device("bia"), chain: "control", seq: 2 }));
    content[lost + 3] = 0x58;
    await writeFile(file, content);
    const { db, rescued } = openForWriting(pathsOf(folder), Number.MAX_SAFE_INTEGER);
    t.after(() => db.close());
    assert.equal(rescued?.lost, 1);
    const rooms = new RoomReader(new Reading(db, () => assert.fail("what was opened can be read")));
    assert.deepEqual(
      [...rooms.control(LOBBY)].map(({ author, seq }) => `${author} ${seq}`).toSorted(),
      [...[1, 2, 2, 3].map((seq) => `${device("ana")} ${seq}`), `${device("bia")} 1`].toSorted(),
    );
    assert.deepEqual(
      rooms
        .heads(LOBBY)
        .map(({ author, seq }) => `${author} ${seq}`)
        .toSorted(),
      [`${device("ana")} 3`, `${device("bia")} 1`].toSorted(),
    );
  });

  test("S8: a crash while it is set aside leads to the same end", async () => {
    const flipped = Buffer.from(whole);
    flipped.fill(0xff, 0, 200);
    const folder = join(origin, "crashed");
    await mkdir(folder, { mode: 0o700 });
    // The copy was made and named, the log is gone, the new file was half made.
    await writeFile(join(folder, "history.damaged-1.db"), flipped, { mode: 0o600 });
    await writeFile(join(folder, "history.db.damaged"), "history.damaged-1.db");
    await writeFile(join(folder, "history.db.new"), whole.subarray(0, 5_000));
    const { content, rescued } = findIn(folder);
    assert.equal(rescued?.file, join(folder, "history.damaged-1.db"));
    assert.equal(content.lines.length, ENTRIES);
    assert.deepEqual((await readdir(folder)).sort(), ["history.damaged-1.db", "history.db"]);
  });

  test("S1: damage that is met later is told once, nothing more is written, and the next start saves what it can", async (t) => {
    const folder = await emptyFolder(t);
    await fill(folder);
    const problems: string[] = [];
    const { history } = await openedIn(folder, ({ fault }) => void problems.push(fault.code));
    const damage = new DatabaseSync(join(folder, "history.db"));
    damage.exec("UPDATE entry SET text = 'forged' WHERE seq = 60");
    damage.close();
    const lines = history.lines(LOBBY, { limit: 200 });
    assert.equal(lines.length, ENTRIES - 1);
    history.lines(LOBBY, { limit: 200 });
    assert.deepEqual(problems, ["storage_failed"]);
    await history.close();

    const again = await openedIn(folder);
    assert.ok(again.problem?.file.endsWith("history.damaged-1.db"));
    assert.equal(again.history.lines(LOBBY, { limit: 200 }).length, ENTRIES - 1);
    await again.history.close();
    const third = await openedIn(folder);
    assert.equal(third.problem, undefined);
    await third.history.close();
  });
});

test("S3, F19: what a newer Papo has written is refused and not touched", async (t) => {
  const folder = await emptyFolder(t);
  await fill(folder);
  const file = join(folder, "history.db");
  const db = new DatabaseSync(file);
  db.exec("PRAGMA user_version = 99");
  db.close();
  const before = await readFile(file);
  const opened = await openHistory({ folder, clock: systemClock, onProblem: () => assert.fail() });
  assert.equal(opened.ok ? "" : opened.fault.code, "unsupported");
  assert.ok((await readFile(file)).equals(before));
  assert.deepEqual(await readdir(folder), ["history.db"]);
});

test("S9: a folder that cannot be written is a fault with the path in it", async (t) => {
  const folder = join(await emptyFolder(t), "none");
  const opened = await openHistory({ folder, clock: systemClock, onProblem: () => assert.fail() });
  assert.ok(!opened.ok && opened.fault.code === "storage_failed" && opened.fault.detail.startsWith(folder));
});
