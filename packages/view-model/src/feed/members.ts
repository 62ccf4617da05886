import { sameConversation } from "../conversation-key.ts";
import { memberName } from "../names/look-alikes.ts";
import { shownName } from "../names/shown-name.ts";
import { linkedText } from "./links.ts";
import { shownRoomName } from "../names/shown-room-name.ts";
import type { EventOf, FeedState, FeedStep, FeedView } from "./feed-state.ts";
import { silent, withEntry, withoutEntry } from "./feed-state.ts";
import { textLine, timedLine } from "./shown-line.ts";

type MemberEvent = EventOf<"member-joined" | "member-left" | "member-online" | "member-offline">;

/** Told in the room itself only, in the report's words (§6.6). */
export function onMember(state: FeedState, event: MemberEvent, view: FeedView): FeedStep {
  if (!sameConversation({ kind: "room", id: event.room.id }, state.focus)) return silent(state);
  switch (event.kind) {
    case "member-online":
      return onPresence(state, event, view, "here");
    case "member-offline":
      return onPresence(state, event, view, "away");
    case "member-joined":
      return onJoined(state, event, view);
    case "member-left":
      return onLeft(state, event, view);
  }
}

/** A link that opened or ended may have told it already. */
function onPresence(
  state: FeedState,
  { room, username }: MemberEvent,
  view: FeedView,
  presence: "here" | "away",
): FeedStep {
  const { online, offline } = view.texts.feed;
  const outOfReachTold = presence === "here" ? withoutEntry(state.outOfReachTold, username) : state.outOfReachTold;
  const presenceTold = withEntry(state.presenceTold, username, presence);
  const after = { ...state, outOfReachTold, presenceTold };
  if (state.presenceTold.get(username) === presence) return silent(after);
  const name = memberName(room, username);
  return { state: after, lines: [timedLine(view.atMs, presence === "here" ? online(name) : offline(name))] };
}

/** The link may be there before the tracker's word that this is a member: then it was no news yet. */
function onJoined(state: FeedState, { room, username }: MemberEvent, view: FeedView): FeedStep {
  const { roomUpdated, joined } = view.texts.feed;
  const name = memberName(room, username);
  const lines = [textLine(roomUpdated(shownRoomName(room.name))), timedLine(view.atMs, joined(name))];
  if ((state.linkCounts.get(username) ?? 0) === 0) {
    return { state: { ...state, presenceTold: withoutEntry(state.presenceTold, username) }, lines };
  }
  const reach = room.members.find((member) => member.username === username)?.reach;
  const link = reach?.kind === "linked" ? reach : ({ encrypted: true, path: "direct" } as const);
  return {
    state: { ...state, presenceTold: withEntry(state.presenceTold, username, "here") },
    lines: [...lines, textLine(linkedText(link, name, view))],
  };
}

function onLeft(state: FeedState, { room, username }: MemberEvent, view: FeedView): FeedStep {
  const { roomUpdated, left } = view.texts.feed;
  const updated = textLine(roomUpdated(shownRoomName(room.name)));
  return {
    state: { ...state, presenceTold: withoutEntry(state.presenceTold, username) },
    lines: [updated, timedLine(view.atMs, left(memberName(room, username)))],
  };
}

export function onRoomClosed(state: FeedState, event: EventOf<"room-closed">, view: FeedView): FeedStep {
  if (state.leaving === event.id) return silent(state);
  return { state, lines: [textLine(view.texts.feed.notice(endText(event, view)))] };
}

/** What is kept of a room can be read after its end. */
function endText({ id, name, reason }: EventOf<"room-closed">, { texts, room }: FeedView): string {
  const { feed, kept } = texts;
  const shown = shownRoomName(name);
  const isKept = room(id)?.log !== undefined;
  switch (reason) {
    case "deleted":
      return isKept ? kept.roomClosed(shown) : feed.roomDeleted(shown);
    case "removed":
      return isKept ? kept.roomRemoved(shown) : feed.roomLeft(shown);
    case "left":
      return feed.roomLeft(shown);
  }
}

export function onPrivateLeft(state: FeedState, event: EventOf<"private-left">, view: FeedView): FeedStep {
  if (!sameConversation({ kind: "private", username: event.username }, state.focus)) return silent(state);
  return { state, lines: [timedLine(view.atMs, view.texts.feed.privateLeft(shownName(event.username)))] };
}
