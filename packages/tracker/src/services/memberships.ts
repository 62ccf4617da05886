import { type Fault, type Outcome, type RoomId, type Username, fault, succeed } from "@papo/protocol";
import type { MemberChanged } from "../commands.ts";
import type { RoomRepository, StoredRoom } from "../repositories/room-repository.ts";
import type { Newcomer } from "./admissions.ts";
import type { AccountDirectory } from "./account-directory.ts";
import type { Announcements } from "./announcements.ts";
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

  /** A place for the newcomer to take, or not: nobody is seated but by their own JOIN_ROOM. */
  async admit(id: RoomId, newcomer: Newcomer, by: OnlineSession): Promise<Outcome<MemberChanged>> {
    return this.#parts.live.alone(id, async () => {
      // The caller may have left, or the room have ended, since it was asked.
      const refusal = this.refuseAdmission(id, by);
      if (refusal !== undefined) return { ok: false, fault: refusal };
      const opened = this.#parts.live.get(id);
      if (opened?.seats.has(newcomer.username) === false) opened.admissions.add(newcomer, by.username);
      return succeed({ room: id, username: newcomer.username });
    });
  }

  async remove(id: RoomId, username: Username, by: OnlineSession): Promise<Outcome<MemberChanged>> {
    const { repository, live } = this.#parts;
    const refusal = await this.#refuse(id, by);
    if (refusal !== undefined) return { ok: false, fault: refusal };
    return live.alone(id, async () => {
      const result = await repository.remove(id, by.username, username);
      const opened = live.get(id);
      if (result === "removed" || result === "not_member") opened?.admissions.drop(username);
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
  not_member: fault("not_member", "a room of yours"),
  not_invite: fault("room_kind_refused", "kind: invite"),
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
