import {
  type Fault,
  type Outcome,
  PAGE_BYTES_MAX,
  ROOM_VIEW_MEMBERS_MAX,
  type RoomId,
  type RoomKind,
  type RoomName,
  type Username,
  fail,
  fault,
  succeed,
} from "@papo/protocol";
import type { MemberView, RoomPageView, RoomReference } from "../commands.ts";
import type { DialectPolicy } from "../dialects/dialect-policy.ts";
import type { JoinResult, RoomRepository, StoredRoom } from "../repositories/room-repository.ts";
import { foldOf } from "../repositories/name-order.ts";
import type { AccountDirectory } from "./account-directory.ts";
import type { Announcements } from "./announcements.ts";
import type { LiveRoom } from "./live-room.ts";
import type { LiveRooms } from "./live-rooms.ts";
import type { OnlineSession } from "./online-session.ts";
import { fitting, memberBytesBound } from "./page-budget.ts";
import type { PlainRooms } from "./plain-rooms.ts";
import type { Presence } from "./presence.ts";
import { seeOut } from "./see-out.ts";

export type NewRoom = {
  readonly id: RoomId;
  readonly name: RoomName;
  readonly kind: RoomKind;
  readonly capacity: number;
  readonly createdAt: string;
};

type Parts = {
  readonly repository: RoomRepository;
  readonly live: LiveRooms;
  readonly presence: Presence;
  readonly announcements: Announcements;
  readonly directory: AccountDirectory;
  readonly plainRooms: PlainRooms;
};

/** What members do with rooms. Each change is in the store before anybody hears of it. */
export class Rooms {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async create(room: NewRoom, owner: OnlineSession, policy: DialectPolicy): Promise<Outcome<RoomPageView>> {
    const refusal = refuseKind(room.kind, owner, policy);
    if (refusal !== undefined) return { ok: false, fault: refusal };

    const { repository, live, plainRooms } = this.#parts;
    const stored = { ...room, fold: foldOf(room.name), owner: owner.username };
    const created = await repository.create(stored, policy.seat);
    if (created === "exists") return fail("room_exists", "another room name");
    if (created === "limit") return fail("limit_reached", "fewer rooms");

    const opened = await live.alone(room.id, async () => {
      const held = await live.hold({ ...stored, members: 1 });
      this.#enter(held, owner);
      return held;
    });
    plainRooms.touch(opened.room);
    return this.#answer(opened, owner, policy);
  }

  async join(
    { room: name, roomId }: { readonly room: RoomName; readonly roomId: RoomId | undefined },
    joiner: OnlineSession,
    policy: DialectPolicy,
  ): Promise<Outcome<RoomPageView>> {
    const { live, plainRooms, repository } = this.#parts;
    const room = await repository.find({ name });
    const isMeant = room !== undefined && (roomId === undefined || room.id === roomId);
    if (!isMeant || !this.#mayBeSeen(room, joiner, policy)) return fail("room_missing", "an existing room");
    const refusal = refuseKind(room.kind, joiner, policy);
    if (refusal !== undefined) return { ok: false, fault: refusal };

    const entered = await live.alone(room.id, async () => {
      const result = await this.#takeSeat(room, joiner, policy);
      if (!("seat" in result)) return result;
      return { kind: "entered", live: await this.#settle(result, joiner, policy) } as const;
    });
    if (entered.kind !== "entered") return { ok: false, fault: JOIN_FAULTS[entered.kind] };

    plainRooms.touch(room);
    return this.#answer(entered.live, joiner, policy);
  }

  /** Whoever was admitted sits by the word of the member who did it, as long as that one is a member. */
  async #takeSeat({ id }: StoredRoom, joiner: OnlineSession, policy: DialectPolicy): Promise<JoinResult> {
    const { repository, live } = this.#parts;
    const opened = live.get(id);
    const admission = opened?.admissions.of(joiner);
    if (opened === undefined || admission === undefined) return repository.join(id, joiner.username, policy.seat);
    const result = await repository.admit(id, admission.by, joiner.username);
    if (result.kind === "full" || result.kind === "limit") return result;
    opened.admissions.drop(joiner.username);
    return "seat" in result ? result : { kind: "missing" };
  }

  /** Those who were there before hear of it here, so before the joiner has its answer. */
  async #settle(
    result: Extract<JoinResult, { kind: "joined" | "already" }>,
    joiner: OnlineSession,
    policy: DialectPolicy,
  ): Promise<LiveRoom> {
    const { live: rooms, announcements } = this.#parts;
    const live = await rooms.hold(result.room);
    live.sit(result.seat);
    if (result.kind === "joined") {
      this.#enter(live, joiner);
      return live;
    }
    this.#listen(live, joiner);
    if (policy.announcesRejoin) {
      announcements.echo(live, joiner);
      announcements.changed(live, joiner, joiner);
    }
    return live;
  }

  #enter(live: LiveRoom, session: OnlineSession): void {
    const { live: rooms, presence, announcements } = this.#parts;
    const user = presence.get(session.username);
    if (user !== undefined) rooms.enter(live, user, user.sessions);
    announcements.changed(live, session, session);
  }

  /** A member already, and yet this session may not have heard of the room: a login and a JOIN on another device can cross. */
  #listen(live: LiveRoom, session: OnlineSession): void {
    const { live: rooms, presence } = this.#parts;
    const user = presence.get(session.username);
    if (user !== undefined && !live.listenersLike(session).has(session)) rooms.enter(live, user, [session]);
  }

  /** The room is held until here, so that the page is read from one that is still in memory. */
  async #answer(live: LiveRoom, session: OnlineSession, policy: DialectPolicy): Promise<Outcome<RoomPageView>> {
    try {
      if (policy.oneRoomAtATime) await this.#leaveOthers(session, live.room.id);
      const page = await this.page(live, undefined);
      // Deleted, or left on another device, in the meantime: that was told already, and this would say the contrary.
      return live.seats.has(session.username) ? succeed(page) : fail("room_missing", "an existing room");
    } finally {
      this.#parts.live.release(live);
    }
  }

  async leave(reference: RoomReference, leaver: OnlineSession, policy: DialectPolicy): Promise<Outcome<StoredRoom>> {
    const room = await this.#find(reference, leaver, policy);
    if (room === undefined) return fail("room_missing", "an existing room");
    const left = await this.leaveAs(room, leaver.username, leaver);
    if (left === "missing") return fail("room_missing", "an existing room");
    return left === "left" ? succeed(room) : fail("not_member", "a room of yours");
  }

  /** Takes a user out of a room; `by` is the session that asked, if one did. */
  leaveAs(room: StoredRoom, username: Username, by?: OnlineSession): Promise<"left" | "not_member" | "missing"> {
    const { repository, live, plainRooms } = this.#parts;
    return live.alone(room.id, async () => {
      const result = await repository.leave(room.id, username);
      const opened = live.get(room.id);
      if (result !== "left" || opened === undefined) return result;

      seeOut(this.#parts, opened, { username, reason: "left", by });
      plainRooms.touch(room);
      return result;
    });
  }

  /** Seats were freed in the store alone: whoever is there learns it. */
  refresh(id: RoomId): Promise<void> {
    const { live, announcements, directory } = this.#parts;
    return live.alone(id, async () => {
      const opened = live.get(id);
      if (opened === undefined) return;
      const stored = new Set((await live.seatsOf(id)).map((seat) => seat.username));
      for (const username of [...opened.seats.keys()].filter((each) => !stored.has(each))) {
        live.exit(opened, username);
        announcements.changed(opened, { username, account: directory.get(username) ?? null, unseen: true });
      }
    });
  }

  async #leaveOthers(session: OnlineSession, except: RoomId): Promise<void> {
    const rooms = await this.#parts.repository.roomsOf(session.username);
    for (const { room, seat } of rooms) {
      if (room.id !== except && seat.kind === "seed") await this.leaveAs(room, session.username, session);
    }
  }

  async delete(reference: RoomReference, by: OnlineSession, policy: DialectPolicy): Promise<Outcome<StoredRoom>> {
    const { repository, live, announcements, plainRooms } = this.#parts;
    const room = await this.#find(reference, by, policy);
    if (room === undefined) return fail("room_missing", "an existing room");
    return live.alone(room.id, async () => {
      const result = await repository.delete(room.id, by.username);
      if (result === "missing") return fail("room_missing", "an existing room");
      if (result === "not_owner") return fail("not_owner", "a room of your own");

      plainRooms.remove(room.id);
      const opened = live.get(room.id);
      if (opened === undefined) return succeed(room);
      const listeners = [...opened.papoListeners.keys(), ...opened.seedListeners.keys()];
      live.end(opened);
      announcements.close(
        opened,
        "deleted",
        listeners.filter((session) => session !== by),
      );
      return succeed(room);
    });
  }

  async #find(reference: RoomReference, by: OnlineSession, policy: DialectPolicy): Promise<StoredRoom | undefined> {
    const room = await this.#parts.repository.find(reference);
    if (room === undefined || this.#isHidden(room, by, policy)) return undefined;
    return policy.roomKinds.includes(room.kind) ? room : undefined;
  }

  /** Whoever was admitted sees an `invite` room as its members do. */
  #mayBeSeen(room: StoredRoom, by: OnlineSession, policy: DialectPolicy): boolean {
    if (!this.#isHidden(room, by, policy)) return true;
    return policy.roomKinds.includes(room.kind) && this.#parts.live.get(room.id)?.admissions.of(by) !== undefined;
  }

  /** An `invite` room does not exist for those who are not in it. All rooms of somebody who is online are in memory. */
  #isHidden({ id, kind, owner }: StoredRoom, by: OnlineSession, policy: DialectPolicy): boolean {
    if (kind !== "invite") return false;
    const isInside = owner === by.username || this.#parts.live.get(id)?.seats.has(by.username) === true;
    return !isInside || !policy.roomKinds.includes(kind);
  }

  /** One page of members by name, all read at the same moment. */
  async page(live: LiveRoom, after: Username | undefined): Promise<RoomPageView> {
    const { directory, presence } = this.#parts;
    for (;;) {
      const usernames = live.names
        .after(after)
        .take(ROOM_VIEW_MEMBERS_MAX + 1)
        .toArray();
      const shown = usernames.slice(0, ROOM_VIEW_MEMBERS_MAX);
      const known = shown.map((username) => [username, directory.get(username)] as const);
      const views = known.flatMap(([username, account]) =>
        account === undefined ? [] : [presence.view(username, account)],
      );
      if (views.length === shown.length) return pageOf(live, views, usernames.length);
      await directory.load(shown);
    }
  }
}

/** `following` are those on the page and at least one more, if there is one. */
function pageOf(live: LiveRoom, views: readonly MemberView[], following: number): RoomPageView {
  const members = fitting(views, PAGE_BYTES_MAX, memberBytesBound);
  const next = members.length < following ? (members.at(-1)?.username ?? null) : null;
  return { live, version: live.version, members, next };
}

/** A room that is not for this dialect or this program. Which words that takes is the dialect's business. */
function refuseKind(kind: RoomKind, session: OnlineSession, policy: DialectPolicy): Fault | undefined {
  if (!policy.roomKinds.includes(kind)) return fault("room_kind_refused", `kind: ${policy.roomKinds.join(" or ")}`);
  if (kind === "plain" && !session.plaintext) return fault("plaintext_refused", "a session with plaintext: true");
  return undefined;
}

const JOIN_FAULTS = {
  missing: fault("room_missing", "an existing room"),
  full: fault("room_full", "a room with a free place"),
  limit: fault("limit_reached", "fewer rooms"),
} as const;
