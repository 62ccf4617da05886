import { type RoomId, type RoomName, ROOMS_JOINED_MAX, ROOMS_OWNED_MAX, type Username } from "@papo/protocol";
import { compareText } from "../../repositories/name-order.ts";
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
import { isFull, type KeptRoom, type OrderedSeat, plainSeat, viewOf } from "./kept-room.ts";
import { RoomIndex } from "./room-index.ts";

export class MemoryRooms implements RoomTable {
  readonly #roomById = new Map<RoomId, KeptRoom>();
  readonly #idByName = new Map<RoomName, RoomId>();
  readonly #joinedByUser = new Map<Username, Map<RoomId, OrderedSeat>>();
  readonly #ownedByUser = new Map<Username, number>();
  readonly #index = new RoomIndex();
  #lastOrder = 0;

  create(room: Omit<StoredRoom, "members">, ownerSeat: SeatKind): "created" | "exists" | "limit" {
    if (this.#idByName.has(room.name) || this.#roomById.has(room.id)) return "exists";
    if ((this.#ownedByUser.get(room.owner) ?? 0) >= ROOMS_OWNED_MAX || this.#hasJoinedMost(room.owner)) return "limit";
    this.insert(room, 1);
    this.seat(room.id, { username: room.owner, seat: 0, kind: ownerSeat });
    return "created";
  }

  join(id: RoomId, username: Username, kind: SeatKind): JoinResult {
    const kept = this.#roomById.get(id);
    if (kept === undefined) return { kind: "missing" };

    const held = kept.seats.get(username);
    if (held !== undefined) return this.#rejoin(kept, held, kind);
    if (kept.room.kind === "invite" && kept.room.owner !== username) return { kind: "missing" };
    return this.#takeSeat(kept, username, kind);
  }

  admit(id: RoomId, by: Username, username: Username): AdmitResult {
    const kept = this.#roomById.get(id);
    if (kept === undefined) return { kind: "missing" };
    if (!kept.seats.has(by)) return { kind: "not_member" };
    if (kept.room.kind !== "invite") return { kind: "not_invite" };
    const held = kept.seats.get(username);
    if (held !== undefined) return { kind: "already", room: viewOf(kept), seat: plainSeat(held) };
    return this.#takeSeat(kept, username, "papo");
  }

  #takeSeat(kept: KeptRoom, username: Username, kind: SeatKind): JoinResult {
    const isOwner = kept.room.owner === username;
    if (!isOwner && isFull(kept)) return { kind: "full" };
    if (this.#hasJoinedMost(username)) return { kind: "limit" };

    const seat = { username, seat: isOwner ? 0 : kept.nextSeat++, kind };
    this.seat(kept.room.id, seat);
    return { kind: "joined", room: viewOf(kept), seat };
  }

  remove(id: RoomId, by: Username, username: Username): RemoveResult {
    const kept = this.#roomById.get(id);
    if (kept === undefined) return "missing";
    if (kept.room.owner !== by) return "not_owner";
    if (username === by) return "owner";
    return this.leave(id, username) === "left" ? "removed" : "not_member";
  }

  transfer(id: RoomId, from: Username, to: Username): TransferResult {
    const kept = this.#roomById.get(id);
    if (kept === undefined) return "missing";
    if (kept.room.owner !== from) return "not_owner";
    const [held, own] = [kept.seats.get(to), kept.seats.get(from)];
    if (held === undefined) return "not_member";
    if (to === from) return "transferred";
    if ((this.#ownedByUser.get(to) ?? 0) >= ROOMS_OWNED_MAX) return "limit";

    kept.room = { ...kept.room, owner: to };
    if (own !== undefined) this.#reseat(kept, { ...own, seat: kept.nextSeat++ });
    this.#reseat(kept, { ...held, seat: 0 });
    this.#ownedByUser.set(from, (this.#ownedByUser.get(from) ?? 1) - 1);
    this.#ownedByUser.set(to, (this.#ownedByUser.get(to) ?? 0) + 1);
    return "transferred";
  }

  leave(id: RoomId, username: Username): "left" | "not_member" | "missing" {
    const kept = this.#roomById.get(id);
    if (kept === undefined) return "missing";
    if (!kept.seats.delete(username)) return "not_member";
    this.#joinedByUser.get(username)?.delete(id);
    return "left";
  }

  delete(id: RoomId, username: Username): "deleted" | "not_owner" | "missing" {
    const kept = this.#roomById.get(id);
    if (kept === undefined) return "missing";
    const { room, seats } = kept;
    if (room.owner !== username) return "not_owner";
    for (const member of seats.keys()) this.#joinedByUser.get(member)?.delete(id);
    this.#roomById.delete(id);
    this.#idByName.delete(room.name);
    this.#index.remove(room);
    this.#ownedByUser.set(username, (this.#ownedByUser.get(username) ?? 1) - 1);
    return "deleted";
  }

  releaseSeedSeats(present: ReadonlySet<Username>): readonly RoomId[] {
    const released = [...this.#roomById.values()].flatMap(({ room, seats }) =>
      [...seats.values()]
        .filter(({ kind, username }) => kind === "seed" && username !== room.owner && !present.has(username))
        .map((seat) => ({ id: room.id, username: seat.username })),
    );
    for (const { id, username } of released) this.leave(id, username);
    return [...new Set(released.map(({ id }) => id))].sort(compareText);
  }

  find(by: { readonly id: RoomId } | { readonly name: RoomName }): StoredRoom | undefined {
    const id = "id" in by ? by.id : this.#idByName.get(by.name);
    const kept = id === undefined ? undefined : this.#roomById.get(id);
    return kept === undefined ? undefined : viewOf(kept);
  }

  members(id: RoomId, after: number | undefined, limit: number): readonly Seat[] {
    const sorted = this.#seatsOf(id).sort((left, right) => left.seat - right.seat);
    return sorted.filter(({ seat }) => after === undefined || seat > after).slice(0, limit);
  }

  membersByName(id: RoomId, after: Username | undefined, limit: number): readonly Seat[] {
    const sorted = this.#seatsOf(id).sort((left, right) => compareText(left.username, right.username));
    return sorted.filter(({ username }) => after === undefined || compareText(username, after) > 0).slice(0, limit);
  }

  seatOf(id: RoomId, username: Username): Seat | undefined {
    const seat = this.#roomById.get(id)?.seats.get(username);
    return seat === undefined ? undefined : plainSeat(seat);
  }

  list(page: RoomPage): readonly StoredRoom[] {
    return this.#index.page(page).flatMap((id) => this.find({ id }) ?? []);
  }

  roomsOf(username: Username): readonly { readonly room: StoredRoom; readonly seat: Seat }[] {
    const joined = this.#joinedByUser.get(username) ?? [];
    return [...joined].flatMap(([id, seat]) => {
      const room = this.find({ id });
      return room === undefined ? [] : [{ room, seat: plainSeat(seat) }];
    });
  }

  /** Whatever the limits. The caller knows that name and id are free. */
  insert(room: Omit<StoredRoom, "members">, nextSeat: number): void {
    this.#roomById.set(room.id, { room, seats: new Map(), nextSeat });
    this.#idByName.set(room.name, room.id);
    this.#index.add(room);
    this.#ownedByUser.set(room.owner, (this.#ownedByUser.get(room.owner) ?? 0) + 1);
  }

  /** Whatever the limits; after all earlier seats in the order of joins. */
  seat(id: RoomId, { username, seat, kind }: Seat): void {
    const joined = this.#joinedByUser.get(username) ?? new Map<RoomId, OrderedSeat>();
    const ordered = { username, seat, kind, order: ++this.#lastOrder };
    this.#joinedByUser.set(username, joined.set(id, ordered));
    this.#roomById.get(id)?.seats.set(username, ordered);
  }

  all(): Iterable<KeptRoom> {
    return this.#roomById.values();
  }

  #rejoin(kept: KeptRoom, held: OrderedSeat, kind: SeatKind): JoinResult {
    const seat: OrderedSeat = kind === "papo" ? { ...held, kind } : held;
    this.#reseat(kept, seat);
    return { kind: "already", room: viewOf(kept), seat: plainSeat(seat) };
  }

  /** Another seat for one who has one already. */
  #reseat(kept: KeptRoom, seat: OrderedSeat): void {
    kept.seats.set(seat.username, seat);
    this.#joinedByUser.get(seat.username)?.set(kept.room.id, seat);
  }

  #hasJoinedMost(username: Username): boolean {
    return (this.#joinedByUser.get(username)?.size ?? 0) >= ROOMS_JOINED_MAX;
  }

  #seatsOf(id: RoomId): Seat[] {
    return [...(this.#roomById.get(id)?.seats.values() ?? [])].map(plainSeat);
  }
}
