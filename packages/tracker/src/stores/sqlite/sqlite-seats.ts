import type { RoomId, Username } from "@papo/protocol";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Seat, SeatKind } from "../../repositories/room-repository.ts";

type SeatRow = { readonly username: string; readonly seat: number; readonly kind: SeatKind };

/** Who sits where: the only file that writes the `seat` table. The count in `room.members` is its caller's care. */
export class SqliteSeats {
  readonly #insert: StatementSync;
  readonly #upgrade: StatementSync;
  readonly #move: StatementSync;
  readonly #remove: StatementSync;
  readonly #find: StatementSync;
  readonly #joinedBy: StatementSync;
  readonly #bySeat: StatementSync;
  readonly #byName: StatementSync;
  readonly #seeds: StatementSync;

  constructor(db: DatabaseSync) {
    this.#insert = db.prepare("INSERT INTO seat (room, username, seat, kind) VALUES (?, ?, ?, ?)");
    this.#upgrade = db.prepare("UPDATE seat SET kind = 'papo' WHERE room = ? AND username = ?");
    this.#move = db.prepare("UPDATE seat SET seat = ? WHERE room = ? AND username = ?");
    this.#remove = db.prepare("DELETE FROM seat WHERE room = ? AND username = ?");
    this.#find = db.prepare("SELECT username, seat, kind FROM seat WHERE room = ? AND username = ?");
    this.#joinedBy = db.prepare("SELECT count(*) AS count FROM seat WHERE username = ?");
    this.#bySeat = db.prepare(
      "SELECT username, seat, kind FROM seat WHERE room = ? AND seat > ? ORDER BY seat LIMIT ?",
    );
    this.#byName = db.prepare(
      "SELECT username, seat, kind FROM seat WHERE room = ? AND username > ? ORDER BY username LIMIT ?",
    );
    this.#seeds = db.prepare(`
      SELECT seat.room, seat.username
      FROM seat JOIN room ON room.id = seat.room
      WHERE seat.kind = 'seed' AND seat.username <> room.owner
      ORDER BY seat.room`);
  }

  add(room: RoomId, { username, seat, kind }: Seat): void {
    this.#insert.run(room, username, seat, kind);
  }

  upgrade(room: RoomId, username: Username): void {
    this.#upgrade.run(room, username);
  }

  /** To a number that nobody has. */
  move(room: RoomId, username: Username, seat: number): void {
    this.#move.run(seat, room, username);
  }

  /** False when there was none. */
  remove(room: RoomId, username: Username): boolean {
    return this.#remove.run(room, username).changes === 1;
  }

  find(room: RoomId, username: Username): Seat | undefined {
    const row = this.#find.get(room, username) as SeatRow | undefined;
    return row === undefined ? undefined : seatOfRow(row);
  }

  countOf(username: Username): number {
    return Number(this.#joinedBy.get(username)?.["count"]);
  }

  pageBySeat(room: RoomId, after: number, limit: number): readonly Seat[] {
    return (this.#bySeat.all(room, after, limit) as unknown as readonly SeatRow[]).map(seatOfRow);
  }

  pageByName(room: RoomId, after: string, limit: number): readonly Seat[] {
    return (this.#byName.all(room, after, limit) as unknown as readonly SeatRow[]).map(seatOfRow);
  }

  /** All seed seats of all rooms, owners' aside. */
  seeds(): readonly { readonly room: RoomId; readonly username: Username }[] {
    return this.#seeds.all() as unknown as readonly { readonly room: RoomId; readonly username: Username }[];
  }
}

export function seatOfRow({ username, seat, kind }: SeatRow): Seat {
  return { username: username as Username, seat, kind };
}
