import { ENDPOINTS_MAX, type Endpoint, type Member, PROTOCOL_VERSION, type RoomView } from "@papo/protocol";
import type { Done, MemberView, RoomPageView } from "../commands.ts";
import type { StoredRoom } from "../repositories/room-repository.ts";
import type { RoomDelta } from "../services/announcement.ts";
import type { LiveRoom } from "../services/live-room.ts";
import { type OnlineSession, isSeed } from "../services/online-session.ts";
import { shownAddress } from "../services/shown-address.ts";
import type { Viewer } from "./dialect.ts";

/** What stands beside `status` and `re` in the answer to a command. docs/protocol/tracker.md */
export function answerFields({ cmd, answer }: Done, viewer: Viewer): object {
  switch (cmd) {
    case "HELLO":
      return { ...answer, version: PROTOCOL_VERSION, features: [], observed: viewer.address };
    case "REGISTER":
    case "LOGIN":
    case "LOGOUT":
    case "UNLATCH":
    case "ADMIT_MEMBER":
    case "REMOVE_MEMBER":
    case "TRANSFER_ROOM":
    case "ADDRESSES":
    case "OBSERVE":
    case "CHECK_REACH":
    case "CONNECT":
    case "ANSWER":
    case "PUNCH":
      return answer;
    case "LIST_PEERS":
      return {
        peers: answer.peers.map(({ username, account, rooms }) => {
          return { username, account, connected: true, room: rooms.at(-1)?.name ?? null };
        }),
        next: answer.next,
      };
    case "FIND_PEER":
      return { peer: memberOf(answer.peer, viewer, answer.isNear), binding: answer.binding };
    case "LIST_ROOMS":
      return {
        rooms: answer.rooms.map(({ room, live, joined }) => ({ ...roomViewOf(room, live), joined })),
        next: answer.next,
      };
    case "CREATE_ROOM":
    case "JOIN_ROOM":
      return { ...roomPage(answer, viewer), ticket: answer.ticket };
    case "LIST_MEMBERS":
      return roomPage(answer, viewer);
    case "LEAVE_ROOM":
    case "DELETE_ROOM":
      return { room: answer.room.id };
  }
}

export function updateFields({ live, from, version, changed, gone }: RoomDelta, viewer: Viewer): object {
  const room = roomViewOf(live.room, live, version);
  return { room, from, changed: changed.map((member) => memberOf(member, viewer)), gone };
}

function roomPage({ live, version, members, next }: RoomPageView, viewer: Viewer): object {
  const room = roomViewOf(live.room, live, version);
  return { room, members: members.map((member) => memberOf(member, viewer)), next };
}

function roomViewOf(room: StoredRoom, live: LiveRoom | undefined, version = live?.version ?? 0): RoomView {
  const { id, name, kind, owner, capacity } = room;
  const members = live?.seats.size ?? room.members;
  return { id, name, kind, owner, capacity, members, online: live?.online.size ?? 0, version };
}

/** `isNear`: the viewer shares a room with this member, and may know where its devices are. */
function memberOf({ username, account, sessions }: MemberView, viewer: Viewer, isNear = true): Member {
  // The newest sessions: a device that went without a word may still have an old one.
  const endpoints = sessions.slice(-ENDPOINTS_MAX).map((session) => endpointOf(session, viewer, isNear));
  return { username, account, online: sessions.length > 0, endpoints };
}

/** A seed program is where it is seen; one of ours is where it says itself, to whom that may be shown. */
function endpointOf(session: OnlineSession, viewer: Viewer, isNear: boolean): Endpoint {
  const { device, tls, port, whereabouts } = session;
  if (isSeed(session)) return { device, tls, address: shownAddress(session, viewer), port, addresses: null };
  return { device, tls, address: null, port: null, addresses: isNear ? whereabouts.record : null };
}
