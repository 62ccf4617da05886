import type { RoomId, RoomName, Username } from "@papo/protocol";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import type {
  AdmitResult,
  JoinResult,
  RemoveResult,
  RoomPage,
  Seat,
  SeatKind,
  StoredRoom,
  TransferResult,
} from "../../repositories/room-repository.ts";
import type { RoomTable } from "../tables.ts";
import { ROOM_COLUMNS, type RoomRow, roomOfRow, rowOfRoom, sumOfRoom } from "./room-rows.ts";
import { RoomPages } from "./room-pages.ts";
import { SqliteSeats, seatOfRow } from "./sqlite-seats.ts";

/** Per account. */
export type RoomLimits = { readonly ownedMax: number; readonly joinedMax: number };

/** The only file that names the `room` table outside of migrations and inspection. */
export class SqliteRooms implements RoomTable {
  readonly #limits: RoomLimits;
  readonly #pages: RoomPages;
  readonly #seats: SqliteSeats;
  readonly #insert: StatementSync;
  readonly #remove: StatementSync;
  readonly #isTaken: StatementSync;
  readonly #ownedBy: StatementSync;
  readonly #takeSeatNumber: StatementSync;
  readonly #addMembers: StatementSync;
  readonly #setOwner: StatementSync;
  readonly #byId: StatementSync;
  readonly #byName: StatementSync;
  readonly #roomsOf: StatementSync;

  constructor(db: DatabaseSync, limits: RoomLimits) {
    this.#limits = limits;
    this.#pages = new RoomPages(db);
    this.#seats = new SqliteSeats(db);
    this.#insert = db.prepare(`
      INSERT INTO room (id, name, fold, kind, owner, capacity, created_at, next_seat, members, sum)
      VALUES (:id, :name, :fold, :kind, :owner, :capacity, :created_at, 1, 0, :sum)`);
    this.#remove = db.prepare("DELETE FROM room WHERE id = ?");
    this.#isTaken = db.prepare("SELECT 1 FROM room WHERE name = ? UNION ALL SELECT 1 FROM room WHERE id = ? LIMIT 1");
    this.#ownedBy = db.prepare("SELECT count(*) AS count FROM room WHERE owner = ?");
    this.#takeSeatNumber = db.prepare(
      "UPDATE room SET next_seat = next_seat + 1 WHERE id = ? RETURNING next_seat - 1 AS seat",
    );
    this.#addMembers = db.prepare("UPDATE room SET members = members + ? WHERE id = ?");
    this.#setOwner = db.prepare("UPDATE room SET owner = ?, sum = ? WHERE id = ?");
    this.#byId = db.prepare(`SELECT ${ROOM_COLUMNS} FROM room WHERE id = ?`);
    this.#byName = db.prepare(`SELECT ${ROOM_COLUMNS} FROM room WHERE name = ?`);
    this.#roomsOf = db.prepare(`
      SELECT ${ROOM_COLUMNS}, seat.username, seat.seat, seat.kind AS seat_kind
      FROM seat JOIN room ON room.id = seat.room
      WHERE seat.username = ?
      ORDER BY seat.id`);
  }

  create(room: Omit<StoredRoom, "members">, ownerSeat: SeatKind): "created" | "exists" | "limit" {
    if (this.#isTaken.get(room.name, room.id) !== undefined) return "exists";
    if (this.#hasMostOwned(room.owner)) return "limit";
    if (this.#seats.countOf(room.owner) >= this.#limits.joinedMax) return "limit";
    this.insert(room);
    this.seat(room, room.owner, ownerSeat);
    return "created";
  }

  join(id: RoomId, username: Username, kind: SeatKind): JoinResult {
    const room = this.find({ id });
    if (room === undefined) return { kind: "missing" };

    const held = this.#seats.find(id, username);
    if (held !== undefined) return this.#rejoin(room, held, kind);
    if (room.kind === "invite" && room.owner !== username) return { kind: "missing" };
    return this.#takeSeat(room, username, kind);
  }

  admit(id: RoomId, by: Username, username: Username): AdmitResult {
    const room = this.find({ id });
    if (room === undefined) return { kind: "missing" };
    if (this.#seats.find(id, by) === undefined) return { kind: "not_member" };
    if (room.kind !== "invite") return { kind: "not_invite" };
    const held = this.#seats.find(id, username);
    return held === undefined ? this.#takeSeat(room, username, "papo") : { kind: "already", room, seat: held };
  }

  #takeSeat(room: StoredRoom, username: Username, kind: SeatKind): JoinResult {
    if (room.owner !== username && this.#isFull(room)) return { kind: "full" };
    if (this.#seats.countOf(username) >= this.#limits.joinedMax) return { kind: "limit" };
    const seat = this.seat(room, username, kind);
    return { kind: "joined", room: { ...room, members: room.members + 1 }, seat };
  }

  remove(id: RoomId, by: Username, username: Username): RemoveResult {
    const room = this.find({ id });
    if (room === undefined) return "missing";
    if (room.owner !== by) return "not_owner";
    if (username === by) return "owner";
    return this.leave(id, username) === "left" ? "removed" : "not_member";
  }

  transfer(id: RoomId, from: Username, to: Username): TransferResult {
    const room = this.find({ id });
    if (room === undefined) return "missing";
    if (room.owner !== from) return "not_owner";
    if (this.#seats.find(id, to) === undefined) return "not_member";
    if (to === from) return "transferred";
    if (this.#hasMostOwned(to)) return "limit";

    const row = rowOfRoom({ ...room, owner: to });
    this.#setOwner.run(to, sumOfRoom(row), id);
    if (this.#seats.find(id, from) !== undefined) this.#seats.move(id, from, this.#nextSeat(id));
    this.#seats.move(id, to, 0);
    return "transferred";
  }

  leave(id: RoomId, username: Username): "left" | "not_member" | "missing" {
    if (this.find({ id }) === undefined) return "missing";
    if (!this.#seats.remove(id, username)) return "not_member";
    this.#addMembers.run(-1, id);
    return "left";
  }

  delete(id: RoomId, username: Username): "deleted" | "not_owner" | "missing" {
    const room = this.find({ id });
    if (room === undefined) return "missing";
    if (room.owner !== username) return "not_owner";
    this.#remove.run(id);
    return "deleted";
  }

  releaseSeedSeats(present: ReadonlySet<Username>): readonly RoomId[] {
    const released = this.#seats.seeds().filter(({ username }) => !present.has(username));
    for (const { room, username } of released) this.leave(room, username);
    return [...new Set(released.map(({ room }) => room))];
  }

  find(by: { readonly id: RoomId } | { readonly name: RoomName }): StoredRoom | undefined {
    const row = ("id" in by ? this.#byId.get(by.id) : this.#byName.get(by.name)) as RoomRow | undefined;
    return row === undefined ? undefined : roomOfRow(row);
  }

  members(id: RoomId, after: number | undefined, limit: number): readonly Seat[] {
    return this.#seats.pageBySeat(id, after ?? -1, limit);
  }

  membersByName(id: RoomId, after: Username | undefined, limit: number): readonly Seat[] {
    return this.#seats.pageByName(id, after ?? "", limit);
  }

  seatOf(id: RoomId, username: Username): Seat | undefined {
    return this.#seats.find(id, username);
  }

  list(page: RoomPage): readonly StoredRoom[] {
    return this.#pages.page(page);
  }

  roomsOf(username: Username): readonly { readonly room: StoredRoom; readonly seat: Seat }[] {
    const rows = this.#roomsOf.all(username) as unknown as readonly (RoomRow & JoinedRow)[];
    return rows.map((row) => ({
      room: roomOfRow(row),
      seat: seatOfRow({ username: row.username, seat: row.seat, kind: row.seat_kind }),
    }));
  }

  /** Whatever the limits, and without members yet. The caller knows that name and id are free. */
  insert(room: Omit<StoredRoom, "members">): void {
    const row = rowOfRoom(room);
    this.#insert.run({ ...row, sum: sumOfRoom(row) });
  }

  /** Whatever the limits: the owner sits in seat 0, anyone else in the next. */
  seat({ id, owner }: Pick<StoredRoom, "id" | "owner">, username: Username, kind: SeatKind): Seat {
    const number = username === owner ? 0 : this.#nextSeat(id);
    const seat = { username, seat: number, kind };
    this.#seats.add(id, seat);
    this.#addMembers.run(1, id);
    return seat;
  }

  #nextSeat(id: RoomId): number {
    return Number(this.#takeSeatNumber.get(id)?.["seat"]);
  }

  #hasMostOwned(username: Username): boolean {
    return Number(this.#ownedBy.get(username)?.["count"]) >= this.#limits.ownedMax;
  }

  #rejoin(room: StoredRoom, held: Seat, kind: SeatKind): JoinResult {
    if (kind === "seed" || held.kind === "papo") return { kind: "already", room, seat: held };
    this.#seats.upgrade(room.id, held.username);
    return { kind: "already", room, seat: { ...held, kind } };
  }

  /** One place is the owner's, sitting in it or not. */
  #isFull({ id, owner, members, capacity }: StoredRoom): boolean {
    const others = members - (this.#seats.find(id, owner) === undefined ? 0 : 1);
    return others >= capacity - 1;
  }
}

type JoinedRow = { readonly username: string; readonly seat: number; readonly seat_kind: SeatKind };
