import { type AccountKey, type Fault, type Outcome, type RoomId, type Username, fault, succeed } from "@papo/protocol";
import type { MemberChanged } from "../commands.ts";
import type { RoomRepository, StoredRoom } from "../repositories/room-repository.ts";
import type { AccountDirectory } from "./account-directory.ts";
import type { Announcements } from "./announcements.ts";
import type { LiveRoom } from "./live-room.ts";
import type { LiveRooms } from "./live-rooms.ts";
import type { OnlineSession } from "./online-session.ts";
import type { Presence } from "./presence.ts";
import { seeOut } from "./see-out.ts";

type Parts = {
  readonly repository: RoomRepository;
  readonly live: LiveRooms;
  readonly presence: Presence;
  readonly announcements: Announcements;
  readonly directory: AccountDirectory;
};

type Newcomer = { readonly username: Username; readonly account: AccountKey };

/** What members do about the membership of others, in rooms that have a log. It decides there; here it is who is told what. */
export class Memberships {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Why this session may admit nobody to that room, whoever it is. All rooms of somebody who is online are in memory. */
  refuseAdmission(id: RoomId, { username }: OnlineSession): Fault | undefined {
    const opened = this.#parts.live.get(id);
    if (opened?.seats.has(username) !== true) return ADMIT_FAULTS.not_member;
    return opened.room.kind === "invite" ? undefined : ADMIT_FAULTS.not_invite;
  }

  async admit(id: RoomId, newcomer: Newcomer, by: OnlineSession): Promise<Outcome<MemberChanged>> {
    const { repository, live } = this.#parts;
    return live.alone(id, async () => {
      const result = await repository.admit(id, by.username, newcomer.username);
      if (!("seat" in result)) return { ok: false, fault: ADMIT_FAULTS[result.kind] };
      if (result.kind === "joined") {
        const opened = await live.hold(result.room);
        opened.sit(result.seat);
        this.#welcome(opened, newcomer);
        live.release(opened);
      }
      return succeed({ room: id, username: newcomer.username });
    });
  }

  /** The newcomer's own sessions hear of the room as they would of one that another device of theirs has joined. */
  #welcome(opened: LiveRoom, { username, account }: Newcomer): void {
    const { live, presence, announcements } = this.#parts;
    const user = presence.get(username);
    if (user !== undefined) live.enter(opened, user, user.sessions);
    announcements.changed(opened, { username, account });
  }

  async remove(id: RoomId, username: Username, by: OnlineSession): Promise<Outcome<MemberChanged>> {
    const { repository, live } = this.#parts;
    const refusal = await this.#refuse(id, by);
    if (refusal !== undefined) return { ok: false, fault: refusal };
    return live.alone(id, async () => {
      const result = await repository.remove(id, by.username, username);
      const opened = live.get(id);
      if (result === "removed" && opened !== undefined) seeOut(this.#parts, opened, { username, reason: "removed" });
      if (result === "removed" || result === "not_member") return succeed({ room: id, username });
      return { ok: false, fault: REMOVE_FAULTS[result] };
    });
  }

  async transfer(id: RoomId, username: Username, by: OnlineSession): Promise<Outcome<MemberChanged>> {
    const { repository, live, announcements, directory } = this.#parts;
    const refusal = await this.#refuse(id, by);
    if (refusal !== undefined) return { ok: false, fault: refusal };
    await directory.load([username]);
    return live.alone(id, async () => {
      const result = await repository.transfer(id, by.username, username);
      if (result !== "transferred") return { ok: false, fault: TRANSFER_FAULTS[result] };
      const opened = live.get(id);
      if (opened !== undefined && opened.room.owner !== username) {
        opened.handOver(username, await live.seatsOf(id));
        announcements.changed(opened, { username, account: directory.get(username) ?? null });
      }
      return succeed({ room: id, username });
    });
  }

  /** What the owner of a room with a log may ask. An `invite` room does not exist for those who are not in it. */
  async #refuse(id: RoomId, by: OnlineSession): Promise<Fault | undefined> {
    const room = await this.#parts.repository.find({ id });
    if (room === undefined || this.#isHidden(room, by)) return fault("room_missing", "an existing room");
    if (room.owner !== by.username) return fault("not_owner", "a room of your own");
    return room.kind === "plain" ? fault("room_kind_refused", "kind: open or invite") : undefined;
  }

  #isHidden({ id, kind, owner }: StoredRoom, by: OnlineSession): boolean {
    const isInside = owner === by.username || this.#parts.live.get(id)?.seats.has(by.username) === true;
    return kind === "invite" && !isInside;
  }
}

const ADMIT_FAULTS = {
  missing: fault("not_member", "a room of yours"),
  not_member: fault("not_member", "a room of yours"),
  not_invite: fault("room_kind_refused", "kind: invite"),
  full: fault("room_full", "a room with a free place"),
  limit: fault("limit_reached", "an account that is in fewer rooms"),
} as const;

const REMOVE_FAULTS = {
  missing: fault("room_missing", "an existing room"),
  not_owner: fault("not_owner", "a room of your own"),
  owner: fault("invalid_message", "username: expected another than the owner's"),
} as const;

const TRANSFER_FAULTS = {
  missing: fault("room_missing", "an existing room"),
  not_owner: fault("not_owner", "a room of your own"),
  not_member: fault("not_member", "username: expected a member"),
  limit: fault("limit_reached", "an account that owns fewer rooms"),
} as const;
