import { type AccountKey, ROOM_CAPACITY_DEFAULT, type Username } from "@papo/protocol";
import type { Room, RoomLogDetails, RoomMember } from "../../api.ts";
import type { RoomView } from "../../tracker-session/room-view.ts";
import type { LogMember, RoomState } from "../log/room-state.ts";
import type { KeptPorts } from "./kept-ports.ts";
import { withAway } from "../present-room.ts";
import type { KeptRoom } from "./kept-room.ts";

/** A kept room as front ends see it: its people from its log, who is there from the tracker and the links. Members are gathered when somebody looks. */
export function presentKeptRoom(room: KeptRoom, ports: KeptPorts): Room {
  const { state, name, id } = room;
  const view = ports.view(id);
  let members: readonly RoomMember[] | undefined;
  let log: RoomLogDetails | undefined;
  return {
    ...{ id, name, kind: state.genesis?.room ?? room.stored.kind },
    owner: ownerOf(room),
    capacity: state.genesis?.capacity ?? view?.room.capacity ?? ROOM_CAPACITY_DEFAULT,
    memberCount: state.genesis === undefined ? (view?.memberByName.size ?? 0) : state.memberByAccount.size,
    get members() {
      members ??= presentMembers(room, ports, view);
      return members;
    },
    get log() {
      log ??= presentLog(room, view);
      return log;
    },
  };
}

function ownerOf({ state, names }: KeptRoom): Username | null {
  for (const { account, role } of state.memberByAccount.values()) if (role === "owner") return names.of(account);
  return null;
}

function presentMembers(room: KeptRoom, ports: KeptPorts, view: RoomView | undefined): readonly RoomMember[] {
  if (room.state.genesis === undefined) return presentListed(room, ports, view);
  const onlineAccounts = new Set<AccountKey>();
  for (const { account, online } of view?.memberByName.values() ?? [])
    if (account !== null && online && ports.isTold()) onlineAccounts.add(account);
  return [...room.state.memberByAccount.values()]
    .map((member) => presentMember(room, member, onlineAccounts.has(member.account), ports))
    .toSorted((one, other) => (one.username < other.username ? -1 : 1));
}

/** Until the log comes, the people whom the tracker lists: of them somebody is to be reached, or it does not come. */
function presentListed(room: KeptRoom, { people }: KeptPorts, view: RoomView | undefined): readonly RoomMember[] {
  return [...(view?.memberByName.values() ?? [])].map(({ username, account, online }) => {
    const away = withAway(people.away(username));
    if (account === room.self)
      return { username, account, online: true, trust: "verified", reach: { kind: "self" }, ...away };
    return {
      username,
      account,
      online,
      trust: people.trust(username, account),
      reach: people.reach(username),
      ...away,
    };
  });
}

function presentMember(room: KeptRoom, { account, role }: LogMember, isOnline: boolean, ports: KeptPorts): RoomMember {
  const username = room.names.of(account);
  const away = withAway(ports.people.away(username));
  if (account === room.self)
    return { username, account, online: true, trust: "verified", reach: { kind: "self" }, role, ...away };
  const reach = ports.people.reach(username);
  const online = isOnline || reach.kind === "linked";
  return { username, account, online, trust: ports.people.trust(username, account), reach, role, ...away };
}

function presentLog(room: KeptRoom, view: RoomView | undefined): RoomLogDetails {
  const { state } = room;
  return {
    standing: room.standing,
    topic: state.topic,
    history: state.genesis?.history ?? "all",
    role: state.memberByAccount.get(room.self)?.role ?? null,
    unread: room.unread().count,
    missing: room.missing,
    unproven: unprovenIn(state, view),
    unlisted: unlistedIn(state, view).map((account) => room.names.of(account)),
  };
}

/** Whom the tracker lists, and who is no member by the log. */
function unprovenIn(state: RoomState, view: RoomView | undefined): readonly Username[] {
  if (view === undefined || state.genesis === undefined) return [];
  const listed = [...view.memberByName.values()];
  return listed
    .filter(({ account }) => account === null || !state.memberByAccount.has(account))
    .map(({ username }) => username);
}

/** Members by the log whom the tracker does not list. */
function unlistedIn(state: RoomState, view: RoomView | undefined): readonly AccountKey[] {
  if (view === undefined || state.genesis === undefined) return [];
  const listed = new Set([...view.memberByName.values()].map(({ account }) => account));
  return [...state.memberByAccount.keys()].filter((account) => !listed.has(account));
}
