import type { ListedRoom, Room } from "@papo/peer/api";
import {
  LISTED_PAGES_UNASKED_MAX,
  type ListedPeer,
  type Outcome,
  PAGE_ITEMS_MAX,
  type RoomId,
  type RoomName,
  type Username,
} from "@papo/protocol";
import { nameSpan, type ShownLine, shownName, shownRoomName, textLine } from "@papo/view-model";
import type { ClassicSession } from "./classic-session.ts";
import type { Ending } from "./ending.ts";

type Page<Item, Key> = { readonly items: readonly Item[]; readonly next: Key | null };
type Asked<Key> = { readonly after?: Key; readonly query?: string };

type Listing<Item, Key> = {
  readonly title: string;
  readonly none: string;
  readonly line: (item: Item) => ShownLine;
  readonly fetch: (asked: Asked<Key>) => Promise<Outcome<Page<Item, Key>>>;
};

export function listPeers(session: ClassicSession): Promise<Ending> {
  const { classic } = session.texts;
  return list(session, {
    title: classic.peersTitle,
    none: classic.noPeers,
    line: (peer: ListedPeer) => peerLine(session, peer),
    fetch: async (asked: Asked<Username>) => {
      const page = await session.peer.listPeers(asked);
      return page.ok ? { ok: true, value: { items: page.value.peers, next: page.value.next } } : page;
    },
  });
}

/** The tracker's rooms (§6.5), then those of which only this device still knows. */
export async function listRooms(session: ClassicSession): Promise<Ending> {
  const { classic } = session.texts;
  const listed = new Set<RoomId>();
  const ending = await list(session, {
    title: classic.roomsTitle,
    none: classic.noRooms,
    line: (room: ListedRoom) => {
      listed.add(room.id);
      return roomLine(session, room);
    },
    fetch: async (asked: Asked<RoomName>) => {
      const page = await session.peer.listRooms(asked);
      return page.ok ? { ok: true, value: { items: page.value.rooms, next: page.value.next } } : page;
    },
  });
  if (ending === "menu") showUnlisted(session, listed);
  return ending;
}

function showUnlisted(session: ClassicSession, listed: ReadonlySet<RoomId>): void {
  const { kept } = session.texts;
  const rooms = session.peer.rooms().filter(({ id, log }) => log !== undefined && !listed.has(id));
  if (rooms.length === 0) return;
  const lines = rooms.map(
    (room) => `${kept.keptRoomLine(shownRoomName(room.name))}${marked(keptMarks(session, room))}`,
  );
  session.say("", kept.keptRoomsTitle, ...lines);
}

/** How an own room stands, where that is not as usual, and what is new in it. */
function keptMarks({ texts }: ClassicSession, { log }: Room): readonly string[] {
  if (log === undefined) return [];
  const { standing, unread } = log;
  return [
    ...(standing === "member" || standing === "live" ? [] : [texts.kept.standingMark[standing]]),
    ...(unread > 0 ? [texts.kept.unreadMark(unread)] : []),
  ];
}

function marked(marks: readonly string[]): string {
  return marks.length === 0 ? "" : ` [${marks.join(", ")}]`;
}

/** `- nori (Online: True, Sala: None)` (§6.4), the name in its colour. */
function peerLine({ texts }: ClassicSession, peer: ListedPeer): ShownLine {
  const room = peer.room === null ? null : shownRoomName(peer.room);
  const name = shownName(peer.username);
  const line = texts.classic.peerLine(name, peer.connected, room);
  const at = line.indexOf(name);
  const spans = [{ text: line.slice(0, at) }, nameSpan(peer.username, name), { text: line.slice(at + name.length) }];
  return { spans };
}

/** `- TESTE (Participantes: 0/3)` (§6.5), and what is unusual about the room. */
function roomLine(session: ClassicSession, room: ListedRoom): ShownLine {
  const { roomLine: line, roomMarks } = session.texts.classic;
  const own = session.peer.room(room.id);
  const marks = [
    ...(room.kind === "open" ? [] : [roomMarks[room.kind]]),
    ...(room.joined ? [roomMarks.joined] : []),
    ...(own === undefined ? [] : keptMarks(session, own)),
  ];
  return textLine(`${line(shownRoomName(room.name), room.members, room.capacity)}${marked(marks)}`);
}

async function list<Item, Key>(session: ClassicSession, listing: Listing<Item, Key>): Promise<Ending> {
  let asked: Asked<Key> = {};
  for (let pages = 1; ; pages += 1) {
    const page = await session.patiently(listing.fetch(asked));
    if (!page.ok) {
      session.failedBy(page.fault);
      return "menu";
    }
    const { items, next } = page.value;
    if (pages === 1) session.say("", listing.title);
    session.show(items.map(listing.line));
    if (items.length === 0) session.say(asked.query === undefined ? listing.none : session.texts.classic.noMatches);
    if (next === null) return "menu";

    const more = await askForMore(session, pages);
    if (more === "menu" || more === "quit") return more;
    asked = more.query === undefined ? { ...asked, after: next } : more;
  }
}

/** A script is not asked: its next line answers the menu. */
async function askForMore(session: ClassicSession, pages: number): Promise<Ending | { readonly query?: string }> {
  const { classic } = session.texts;
  if (!session.console.interactive) {
    if (pages < LISTED_PAGES_UNASKED_MAX) return {};
    session.say(classic.moreHidden(LISTED_PAGES_UNASKED_MAX * PAGE_ITEMS_MAX));
    return "menu";
  }
  const answer = await session.askLine(classic.more);
  if (answer === undefined) return "quit";
  if (answer === "0") return "menu";
  return answer === "" ? {} : { query: answer.slice(0, QUERY_CHARS_MAX) };
}

/** As the tracker takes it. */
const QUERY_CHARS_MAX = 64;
