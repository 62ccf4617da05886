import type { Room } from "@papo/peer/api";
import { EARLIER_MESSAGES_SHOWN, ONLINE_NAMES_SHOWN_MAX, type RoomId, type Username } from "@papo/protocol";
import type { Catalogue } from "../catalogue/catalogue.ts";
import { shownName } from "../names/shown-name.ts";
import { shownRoomName } from "../names/shown-room-name.ts";
import type { EventOf, FeedState, FeedStep, FeedView } from "./feed-state.ts";
import { silent } from "./feed-state.ts";
import { textLine } from "./shown-line.ts";

/** What somebody who looks at a room should know beyond its list of people, each on a line; nothing of an ordinary one. */
export function standingTexts({ log }: Room, { kept }: Catalogue): readonly string[] {
  if (log === undefined) return [];
  const { standing, missing, unproven, unlisted } = log;
  const isOver = standing === "closed" || standing === "removed" || standing === "left";
  return [
    ...(standing === "live" || standing === "member" ? [] : [kept.standing[standing]]),
    ...(missing > EARLIER_MESSAGES_SHOWN && !isOver ? [kept.missing(missing)] : []),
    ...(unproven.length > 0 && !isOver ? [kept.unproven(namesOf(unproven))] : []),
    ...(unlisted.length > 0 && !isOver ? [kept.unlisted(namesOf(unlisted))] : []),
  ];
}

function namesOf(usernames: readonly Username[]): string {
  const names = usernames.slice(0, ONLINE_NAMES_SHOWN_MAX).map((name) => shownName(name));
  return usernames.length > names.length ? `${names.join(", ")}, …` : names.join(", ");
}

/** It was said of this room that it opens later. */
export function awaitEntry(state: FeedState, room: RoomId): FeedState {
  return { ...state, awaited: new Set([...state.awaited, room]) };
}

export function onRoomChanged(state: FeedState, { room }: EventOf<"room-changed">, view: FeedView): FeedStep {
  if (!state.awaited.has(room.id) || room.log?.standing === "joining") return silent(state);
  const awaited = new Set([...state.awaited].filter((id) => id !== room.id));
  const after = { ...state, awaited };
  if (room.log?.standing !== "member" && room.log?.standing !== "read-only") return silent(after);
  const { feed, kept } = view.texts;
  return { state: after, lines: [textLine(feed.notice(kept.roomEntered(shownRoomName(room.name))))] };
}
