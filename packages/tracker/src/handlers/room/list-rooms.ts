import { PAGE_BYTES_MAX, PAGE_ITEMS_MAX, type RoomName, succeed } from "@papo/protocol";
import type { RoomEntry } from "../../commands.ts";
import type { Domain, Handler, Member } from "../../domain.ts";
import { compareText, foldOf } from "../../repositories/name-order.ts";
import type { RoomCursor, RoomPage, StoredRoom } from "../../repositories/room-repository.ts";
import { fitting, textBytesBound } from "../../services/page-budget.ts";

/** What one room takes in a list besides its name and its owner's, at most. */
const ROOM_FIXED_BYTES = 224;

/** docs/protocol/tracker.md §4.6 */
export const listRooms: Handler<"LIST_ROOMS"> = async ({ order }, caller, domain) => {
  if (order.by === "activity") return succeed({ rooms: mostRecent(caller, domain), next: null });
  return succeed(await page(order, caller, domain));
};

type ByName = { readonly after: RoomName | undefined; readonly query: string | undefined };

async function page({ after, query }: ByName, caller: Member, domain: Domain) {
  const range = {
    after: after === undefined ? undefined : { fold: foldOf(after), name: after },
    limit: PAGE_ITEMS_MAX + 1,
    kinds: caller.policy.roomKinds.filter((kind) => kind !== "invite"),
    query: query === undefined ? undefined : foldOf(query),
  };
  const listed = await domain.roomRepository.list(range);
  const read = [...listed, ...ownInvites(range, caller, domain)].sort(inOrder).slice(0, range.limit);
  const shown = fitting(read.slice(0, PAGE_ITEMS_MAX), PAGE_BYTES_MAX, roomBytesBound);
  const next = shown.length < read.length ? (shown.at(-1)?.name ?? null) : null;
  return { rooms: shown.map((room) => entryOf(room, caller, domain)), next };
}

/** Rooms that are listed to their members only, and those are few. All rooms of somebody who is online are in memory. */
function ownInvites({ after, query = "" }: RoomPage, { online }: Member, { presence }: Domain): StoredRoom[] {
  return [...(presence.get(online.username)?.rooms.values() ?? [])]
    .map(({ room }) => room)
    .filter((room) => room.kind === "invite" && room.fold.includes(query))
    .filter((room) => after === undefined || inOrder(room, after) > 0);
}

function inOrder(left: RoomCursor, right: RoomCursor): number {
  return compareText(left.fold, right.fold) || compareText(left.name, right.name);
}

/** For a client that gets one short answer: its own rooms first. */
function mostRecent(caller: Member, domain: Domain): RoomEntry[] {
  const mine = [...(domain.presence.get(caller.online.username)?.rooms.values() ?? [])].map(({ room }) => room);
  const own = mine.filter((room) => caller.policy.roomKinds.includes(room.kind));
  const others = domain.plainRooms.mostRecent().filter((room) => !own.some(({ id }) => id === room.id));
  return [...own, ...others].map((room) => entryOf(room, caller, domain));
}

function entryOf(room: StoredRoom, { online }: Member, { liveRooms }: Domain): RoomEntry {
  const live = liveRooms.get(room.id);
  return { room, live, joined: live?.seats.has(online.username) === true };
}

function roomBytesBound(room: StoredRoom): number {
  return ROOM_FIXED_BYTES + textBytesBound(room.name) + textBytesBound(room.owner);
}
