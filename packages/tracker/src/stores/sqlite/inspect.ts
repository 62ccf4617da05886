import type { DatabaseSync } from "node:sqlite";
import { StoreRefused } from "../opened-store.ts";
import { ROOM_COLUMNS, type RoomRow, sumOfRoom } from "./room-rows.ts";
import { sumOfRow, USER_COLUMNS, type UserRow } from "./user-rows.ts";

const REPAIR =
  "it is damaged; nothing was changed. Restore a backup, or read what can be read with: sqlite3 tracker.db .recover | sqlite3 repaired.db";

/** Looks at every page and every account before anything relies on them. Bits that flip are found here, not by a user. */
export function inspect(db: DatabaseSync, path: string): void {
  const isSound = integrityOf(db) === "ok" && hasTrueSums(db) && hasTrueCounts(db);
  if (!isSound) throw damaged(path);
}

export function damaged(path: string): StoreRefused {
  return new StoreRefused({ problem: "damaged", path, detail: REPAIR });
}

/** Pages, trees, constraints, and each index against its table. */
function integrityOf(db: DatabaseSync): unknown {
  return db.prepare("PRAGMA integrity_check(1)").get()?.["integrity_check"];
}

function hasTrueSums(db: DatabaseSync): boolean {
  const users = db.prepare(`SELECT ${USER_COLUMNS}, sum FROM user`).iterate() as Iterable<UserRow & Summed>;
  for (const row of users) if (sumOfRow(row) !== row.sum) return false;
  const rooms = db.prepare(`SELECT ${ROOM_COLUMNS}, sum FROM room`).iterate() as Iterable<unknown> as Iterable<
    RoomRow & Summed
  >;
  for (const row of rooms) if (sumOfRoom(row) !== row.sum) return false;
  return true;
}

type Summed = { readonly sum: number };

function hasTrueCounts(db: DatabaseSync): boolean {
  const wrong = db.prepare(`
    SELECT 1 FROM room
    WHERE members <> (SELECT count(*) FROM seat WHERE seat.room = room.id)
       OR next_seat <= (SELECT coalesce(max(seat), 0) FROM seat WHERE seat.room = room.id)
    LIMIT 1`);
  return wrong.get() === undefined;
}
