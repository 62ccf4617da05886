import type { DatabaseSync } from "node:sqlite";
import { type Cell, summed } from "./sums.ts";
import { MARKS, insertInto } from "./tables.ts";

/** Makes what was read of a damaged file agree with itself again, in a transaction of the caller's. */
export function mend(db: DatabaseSync): void {
  nameAgain(db, "device", ({ author }) => author);
  nameAgain(db, "room", ({ room }, id) => room ?? id);
  dropNameless(db);
  dropLooseControl(db);
  shortenHeads(db);
  countPrivateHeads(db);
  countUsage(db);
  putMarks(db);
}

type Header = { readonly author?: string; readonly room?: string | null };

/** A device or room whose row is lost is named by any of its entries. */
function nameAgain(
  db: DatabaseSync,
  table: "device" | "room",
  nameOf: (header: Header, id: string) => string | undefined,
): void {
  const column = table === "device" ? "author" : "room";
  const nameless = db
    .prepare(`
      SELECT e.${column} AS key, e.header, e.id FROM entry e
      WHERE NOT EXISTS (SELECT 1 FROM ${table} t WHERE t.key = e.${column}) GROUP BY e.${column}`)
    .all();
  const insert = db.prepare(insertInto(table, "INSERT OR IGNORE"));
  for (const { key, header, id } of nameless) {
    const name = nameOf(JSON.parse(Buffer.from(header as Uint8Array).toString()) as Header, String(id));
    if (name === undefined) continue;
    const row: readonly Cell[] = table === "device" ? [Number(key), name] : [Number(key), name, null];
    insert.run(...summed(row));
  }
}

/** Entries whose room or author has no name, or another number has it, belong nowhere. */
function dropNameless(db: DatabaseSync): void {
  db.exec(`
    DELETE FROM entry WHERE NOT EXISTS (SELECT 1 FROM device WHERE key = author) OR NOT EXISTS (SELECT 1 FROM room WHERE key = room);
    DELETE FROM private WHERE NOT EXISTS (SELECT 1 FROM chat WHERE key = chat);`);
}

/** A control entry that has lost what stands before it in its chain says nothing. It comes again, with what is lost: others do not say which of the two is lacking. */
function dropLooseControl(db: DatabaseSync): void {
  const rows = db.prepare("SELECT arrival, id, prev FROM entry WHERE chain = 0 ORDER BY room, author, seq").all();
  const drop = db.prepare("DELETE FROM entry WHERE arrival = ?");
  const kept = new Set<unknown>([null]);
  for (const { arrival, id, prev } of rows) {
    if (kept.has(prev)) kept.add(id);
    else drop.run(Number(arrival));
  }
}

/**
 * A head says up to where a chain is held without gaps. Where rows are lost, it goes back to the last one before the first gap; where the first ones are lost,
 * there is none, and others are asked for all of the chain. Of several branches of control, which are whole by now, the head is the longest one's, then the smallest.
 */
function shortenHeads(db: DatabaseSync): void {
  const chains = db.prepare("SELECT DISTINCT room, author, chain FROM entry").all();
  const entries = db.prepare(`
    SELECT seq, id, prev FROM entry WHERE room = ? AND author = ? AND chain = ? AND is_void = 0 ORDER BY seq, id DESC`);
  const put = db.prepare(insertInto("head", "INSERT OR REPLACE"));
  db.exec("DELETE FROM head");
  for (const { room, author, chain } of chains) {
    const place = [Number(room), Number(author), Number(chain)];
    let last: { readonly seq: number; readonly id: string } | undefined;
    for (const { seq, id, prev } of entries.iterate(...place)) {
      const isNext = seq === (last?.seq ?? 0) + 1 && prev === (last?.id ?? null);
      if (chain === 1 && !isNext) break;
      last = { seq: Number(seq), id: String(id) };
    }
    if (last !== undefined) put.run(...summed([...place, last.seq, last.id]));
  }
}

function countPrivateHeads(db: DatabaseSync): void {
  const put = db.prepare(insertInto("private_head", "INSERT OR REPLACE"));
  const heads = db
    .prepare("SELECT chat, device, own, max(seq) AS seq, id FROM private WHERE seq IS NOT NULL GROUP BY chat, device")
    .all();
  for (const { chat, device, own, seq, id } of heads) {
    put.run(...summed([Number(chat), String(device), Number(own), Number(seq), String(id)]));
  }
}

function countUsage(db: DatabaseSync): void {
  const put = db.prepare(insertInto("usage"));
  const counts = db
    .prepare("SELECT room, author, sum(coalesce(length(body), 0)) AS bytes FROM entry GROUP BY room, author")
    .all();
  for (const { room, author, bytes } of counts) put.run(...summed([Number(room), Number(author), Number(bytes)]));
}

/** The word index begins anew. */
function putMarks(db: DatabaseSync): void {
  const last = db
    .prepare(
      "SELECT max(coalesce((SELECT max(arrival) FROM entry), 0), coalesce((SELECT max(arrival) FROM private), 0)) AS last",
    )
    .get();
  db.prepare(insertInto("mark")).run(...summed([MARKS.arrival, Number(last?.["last"])]));
}
