import { sameConversation } from "../conversation-key.ts";
import { shownName } from "../names/shown-name.ts";
import { shownRoomName } from "../names/shown-room-name.ts";
import type { EventOf, FeedState, FeedStep, FeedView } from "./feed-state.ts";
import { silent } from "./feed-state.ts";
import { memberName } from "./messages.ts";
import { type ShownLine, textLine, timedLine } from "./shown-line.ts";

type MemberEvent = EventOf<"member-joined" | "member-left" | "member-online" | "member-offline">;

/** Told in the room itself only, in the report's words (§6.6). */
export function onMember(state: FeedState, event: MemberEvent, view: FeedView): FeedStep {
  const { room, username, kind } = event;
  if (!sameConversation({ kind: "room", id: room.id }, state.focus)) return silent(state);
  const { feed } = view.texts;
  const name = memberName(room, username);
  switch (kind) {
    case "member-online":
      return { state, lines: [timedLine(view.atMs, feed.online(name))] };
    case "member-offline":
      return { state, lines: [timedLine(view.atMs, feed.offline(name))] };
    case "member-joined":
    case "member-left": {
      const text = kind === "member-joined" ? feed.joined(name) : feed.left(name);
      const updated = textLine(feed.roomUpdated(shownRoomName(room.name)));
      const linked = kind === "member-joined" ? alreadyLinked(state, event, view) : [];
      return { state, lines: [updated, timedLine(view.atMs, text), ...linked] };
    }
  }
}

/** The link may be there before the tracker's word that this is a member: then it was no news yet. */
function alreadyLinked(state: FeedState, { room, username }: MemberEvent, view: FeedView): readonly ShownLine[] {
  if ((state.linkCounts.get(username) ?? 0) === 0) return [];
  const reach = room.members.find((member) => member.username === username)?.reach;
  const { linked, linkedPlain } = view.texts.feed;
  const isPlain = reach?.kind === "linked" && !reach.encrypted;
  return [textLine((isPlain ? linkedPlain : linked)(memberName(room, username)))];
}

export function onRoomClosed(state: FeedState, event: EventOf<"room-closed">, view: FeedView): FeedStep {
  if (state.leaving === event.id) return silent(state);
  const { feed } = view.texts;
  const name = shownRoomName(event.name);
  const text = event.reason === "deleted" ? feed.roomDeleted(name) : feed.roomLeft(name);
  return { state, lines: [textLine(feed.notice(text))] };
}

export function onPrivateLeft(state: FeedState, event: EventOf<"private-left">, view: FeedView): FeedStep {
  if (!sameConversation({ kind: "private", username: event.username }, state.focus)) return silent(state);
  return { state, lines: [timedLine(view.atMs, view.texts.feed.privateLeft(shownName(event.username)))] };
}
