import type { Conversation, Room, RoomMember, RoomRole, Trust } from "@papo/peer/api";
import type { Username } from "@papo/protocol";
import { isOverHere } from "../commands/find-room.ts";
import { nameSpan } from "../feed/shown-line.ts";
import { shownName } from "../names/shown-name.ts";
import type { ChatPeer } from "./chat-ports.ts";
import type { MemberRow, Members, Presence } from "./chat-view.ts";
import type { People } from "./people.ts";
import { presenceOf, type Presences } from "./presences.ts";

type Sources = { readonly peer: ChatPeer; readonly people: People; readonly presences: Presences };

/** The people of one tab. Who has not changed is the same object as in `before`. */
export function memberRows(of: Conversation | null, sources: Sources, before: Members | undefined): Members {
  const { chat } = sources.people.texts;
  const rows = of === null ? [] : of.kind === "room" ? roomRows(of, sources) : privateRows(of.username, sources);
  const online = rows.filter(({ presence }) => presence === "here" || presence === "away").length;
  const title = rows.length === 0 ? "" : chat.membersTitle(online, rows.length);
  return kept({ title, rows: rows.toSorted(inOrder) }, before);
}

function roomRows(of: Conversation & { readonly kind: "room" }, sources: Sources): readonly MemberRow[] {
  const room = sources.peer.room(of.id);
  // Who is in a room after one has left it is not known here, and none of one's business.
  return room === undefined || isOverHere(room) ? [] : room.members.map((member) => roomRow(member, room, of, sources));
}

function roomRow(member: RoomMember, room: Room, of: Conversation, { people }: Sources): MemberRow {
  const { username, trust, reach } = member;
  const role = member.role ?? (username === room.owner ? "owner" : null);
  return {
    ...{ username, trust, role },
    name: nameSpan(username, people.nameOf(of, username)),
    prefix: PREFIXES[role ?? "member"],
    presence: presenceOf(member),
    isSelf: reach.kind === "self",
    isIgnored: people.isIgnored(username),
    path: reach.kind === "linked" ? people.texts.chat.links[reach.path] : "",
  };
}

const PREFIXES: Readonly<Record<RoomRole, string>> = { owner: "@", moderator: "%", member: " " };

function privateRows(other: Username, { peer, people, presences }: Sources): readonly MemberRow[] {
  const link = peer.diagnostics().links.find(({ username }) => username === other);
  const trust = peer.pins().find(({ username }) => username === other)?.trust ?? "none";
  const row = (username: Username, presence: Presence, how: Trust): MemberRow => ({
    ...{ username, presence, trust: how, role: null, prefix: " " },
    name: nameSpan(username, shownName(username)),
    isSelf: username === peer.self,
    isIgnored: people.isIgnored(username),
    path: username === other && link !== undefined ? people.texts.chat.links[link.path] : "",
  });
  const self = peer.self === undefined ? [] : [row(peer.self, peer.away() === null ? "here" : "away", "verified")];
  return [row(other, presences.of(other), trust), ...self];
}

const PRESENCE_ORDER: Readonly<Record<Presence, number>> = { here: 0, away: 0, unknown: 1, offline: 2 };
const ROLE_ORDER: Readonly<Record<RoomRole, number>> = { owner: 0, moderator: 1, member: 2 };

function inOrder(one: MemberRow, other: MemberRow): number {
  return (
    PRESENCE_ORDER[one.presence] - PRESENCE_ORDER[other.presence] ||
    ROLE_ORDER[one.role ?? "member"] - ROLE_ORDER[other.role ?? "member"] ||
    (one.name.text.toLowerCase() < other.name.text.toLowerCase() ? -1 : 1)
  );
}

function kept({ title, rows }: Members, before: Members | undefined): Members {
  if (before === undefined) return { title, rows };
  const rowByName = new Map(before.rows.map((row) => [row.username, row]));
  const same = rows.map((row) => {
    const known = rowByName.get(row.username);
    return known !== undefined && isSame(known, row) ? known : row;
  });
  const isAll =
    title === before.title && same.length === before.rows.length && same.every((row, at) => row === before.rows[at]);
  return isAll ? before : { title, rows: same };
}

function isSame(one: MemberRow, other: MemberRow): boolean {
  return (
    one.name.text === other.name.text &&
    one.role === other.role &&
    one.presence === other.presence &&
    one.trust === other.trust &&
    one.isIgnored === other.isIgnored &&
    one.path === other.path
  );
}
