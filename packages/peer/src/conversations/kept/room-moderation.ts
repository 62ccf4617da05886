import {
  type AccountKey,
  type Outcome,
  type RoomId,
  TOPIC_BYTES_MAX,
  type Username,
  fail,
  succeed,
} from "@papo/protocol";
import type { RoomRole } from "../../api.ts";
import type { Draft } from "../log/room-replica.ts";
import type { KeptPorts } from "./kept-ports.ts";
import type { KeptRoom } from "./kept-room.ts";
import { whyNotWritable } from "./kept-standing.ts";
import { cutsOf } from "./log-cuts.ts";
import type { RoomShelf } from "./room-shelf.ts";
import type { TrackerErrands } from "./tracker-errands.ts";

/** Roles, removals and the topic. The log judges whether an act counts; here it is said beforehand, so that nobody writes what counts for nothing. */
export class RoomModeration {
  readonly #ports: KeptPorts;
  readonly #shelf: RoomShelf;
  readonly #errands: TrackerErrands;

  constructor(ports: KeptPorts, shelf: RoomShelf, errands: TrackerErrands) {
    this.#ports = ports;
    this.#shelf = shelf;
    this.#errands = errands;
  }

  /** `owner` hands the room over: from then on it is theirs, here and at the tracker. */
  async setRole(id: RoomId, username: Username, role: RoomRole): Promise<Outcome<RoomId>> {
    const found = this.#target(id, username);
    if (!found.ok) return found;
    const { room, account } = found.value;
    if (roleOf(room) !== "owner") return fail("not_owner", "role: the owner gives them");
    if (account === room.self) return fail("not_allowed", "username: expected somebody else");
    if (room.state.memberByAccount.get(account)?.role === role) return succeed(id);
    return this.#write(room, { chain: "control", kind: "role", body: { account, role } });
  }

  /** What they have written up to what we hold of it stays; nothing later of theirs counts. */
  async remove(id: RoomId, username: Username, bar: boolean): Promise<Outcome<RoomId>> {
    const found = this.#target(id, username);
    if (!found.ok) return found;
    const { room, account } = found.value;
    const { memberByAccount } = room.state;
    const own = memberByAccount.get(room.self)?.rank ?? Number.POSITIVE_INFINITY;
    const theirs = memberByAccount.get(account)?.rank ?? Number.POSITIVE_INFINITY;
    if (own >= theirs) return fail("not_allowed", "username: expected a lower rank");
    const cuts = [...cutsOf(room.replica, account)];
    return this.#write(room, { chain: "control", kind: "remove", body: { account, bar, cuts } });
  }

  async setTopic(id: RoomId, text: string): Promise<Outcome<RoomId>> {
    const found = this.#shelf.find(id);
    if (!found.ok) return found;
    const room = found.value;
    if (!text.isWellFormed()) return fail("bad_text", "topic: expected some text");
    if (Buffer.byteLength(text) > TOPIC_BYTES_MAX)
      return fail("frame_too_large", `topic: limit ${TOPIC_BYTES_MAX} bytes`);
    const role = roleOf(room);
    if (role !== "owner" && role !== "moderator") return fail("not_allowed", "topic: owner and moderators set it");
    return this.#write(room, { chain: "control", kind: "topic", body: { text } });
  }

  #target(id: RoomId, username: Username): Outcome<{ readonly room: KeptRoom; readonly account: AccountKey }> {
    const room = this.#shelf.find(id);
    if (!room.ok) return room;
    const account = room.value.accountOf(username);
    const isMember = account !== undefined && room.value.state.memberByAccount.has(account);
    if (!isMember) return fail("peer_missing", "username: expected a member of the room");
    return succeed({ room: room.value, account });
  }

  async #write(room: KeptRoom, draft: Draft): Promise<Outcome<RoomId>> {
    const refused = whyNotWritable(room.standing);
    if (refused !== undefined) return { ok: false, fault: refused };
    const written = await room.writer.write(draft);
    if (!written.ok) return written;
    this.#errands.look(room);
    this.#ports.spread.membersChanged(room.id);
    return succeed(room.id);
  }
}

function roleOf(room: KeptRoom): RoomRole | undefined {
  return room.state.memberByAccount.get(room.self)?.role;
}
