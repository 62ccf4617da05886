import type { RoomId, RoomKind, RoomName, Username } from "@papo/protocol";

export type StoredRoom = {
  readonly id: RoomId;
  readonly name: RoomName;
  /** NFKC case-folded name, for order and search. Uniqueness compares `name` itself, as the report's program does. */
  readonly fold: string;
  readonly kind: RoomKind;
  readonly owner: Username;
  readonly capacity: number;
  readonly createdAt: string;
  /** Members, the owner counted while a member. The owner's place is kept for ever. */
  readonly members: number;
};

/** `seed`: taken in a seed session, and freed when that is gone; `papo`: kept until LEAVE_ROOM. */
export type SeatKind = "seed" | "papo";

/** One member's place; `seat` counts up per room in the order of joining, the owner's is 0. */
export type Seat = { readonly username: Username; readonly seat: number; readonly kind: SeatKind };

export type JoinResult =
  | { readonly kind: "joined" | "already"; readonly room: StoredRoom; readonly seat: Seat }
  | { readonly kind: "missing" | "full" | "limit" };

/** `not_member`: the one who admits is none. `not_invite`: a room of another kind, which people join by themselves. */
export type AdmitResult = JoinResult | { readonly kind: "not_member" | "not_invite" };

/** `not_member`: there was nobody to take out. `owner`: the owner is not taken out. */
export type RemoveResult = "removed" | "not_member" | "owner" | "not_owner" | "missing";

/** `limit`: the new owner owns as many rooms as an account may. */
export type TransferResult = "transferred" | "not_member" | "limit" | "not_owner" | "missing";

/** Where a page begins: after this room, which may be gone by then. Any `StoredRoom` is one; `foldOf(name)` makes one from a name. */
export type RoomCursor = Pick<StoredRoom, "fold" | "name">;

export type RoomPage = {
  readonly after?: RoomCursor | undefined;
  readonly limit: number;
  /** Only these kinds. */
  readonly kinds?: readonly RoomKind[] | undefined;
  /** Only names whose fold contains this fold. */
  readonly query?: string | undefined;
};

/** The rooms and who is a member of each (report §1.1.2). Check-and-act is one atomic call, durable before it resolves. */
export interface RoomRepository {
  /** The owner becomes the first member. `exists` compares names exactly; `limit` is rooms owned or joined per account. */
  create(room: Omit<StoredRoom, "members">, ownerSeat: SeatKind): Promise<"created" | "exists" | "limit">;
  /**
   * `already` also turns a seed seat into a papo seat. A place is free for its owner even in a full room. An `invite` room is `missing` for
   * everybody but its members and its owner.
   */
  join(id: RoomId, username: Username, seat: SeatKind): Promise<JoinResult>;
  /** Gives `username`, who asks for it, a papo seat because `by`, a member, says so. `already` changes nothing. */
  admit(id: RoomId, by: Username, username: Username): Promise<AdmitResult>;
  /** The owner's place stays reserved but is a member no more until the next join. */
  leave(id: RoomId, username: Username): Promise<"left" | "not_member" | "missing">;
  /** Takes `username` out because `by`, the owner, says so. */
  remove(id: RoomId, by: Username, username: Username): Promise<RemoveResult>;
  /** `to`, a member, is the owner from now on and has seat 0; `from`, the owner until now, has the next seat if a member. To oneself: no change. */
  transfer(id: RoomId, from: Username, to: Username): Promise<TransferResult>;
  delete(id: RoomId, username: Username): Promise<"deleted" | "not_owner" | "missing">;
  find(by: { readonly id: RoomId } | { readonly name: RoomName }): Promise<StoredRoom | undefined>;
  /** By seat. `after` is exclusive. */
  members(id: RoomId, after: number | undefined, limit: number): Promise<readonly Seat[]>;
  /** By username in code point order. `after` is exclusive, and need not be a member any more. */
  membersByName(id: RoomId, after: Username | undefined, limit: number): Promise<readonly Seat[]>;
  /** Undefined when not a member. */
  seatOf(id: RoomId, username: Username): Promise<Seat | undefined>;
  /** In the order of (fold, name) by code points; `after` is exclusive. A page costs its own length, however many rooms there are. */
  list(page: RoomPage): Promise<readonly StoredRoom[]>;
  /**
   * After a restart, when those who wanted to come back had their time: frees every seed seat but the owners' and those of `present`.
   * Tells the rooms that changed.
   */
  releaseSeedSeats(present: ReadonlySet<Username>): Promise<readonly RoomId[]>;
  /** In the order of joining. */
  roomsOf(username: Username): Promise<readonly { readonly room: StoredRoom; readonly seat: Seat }[]>;
}
