import { safeText } from "@papo/protocol";
import { memberName } from "../names/look-alikes.ts";
import { shownName } from "../names/shown-name.ts";
import { type EventOf, type FeedState, type FeedStep, type FeedView, silent } from "./feed-state.ts";
import { timedLine } from "./shown-line.ts";

/** Told where one talks with them. Of oneself the command has said it. */
export function onAway(state: FeedState, { username, text }: EventOf<"away">, view: FeedView): FeedStep {
  const name = nameHere(state, username, view);
  if (name === undefined) return silent(state);
  const { away, back } = view.texts.feed;
  return { state, lines: [timedLine(view.atMs, text === null ? back(name) : away(name, safeText(text)))] };
}

/** As they are called in the conversation on the screen; undefined: they are not in it. */
function nameHere(
  { focus }: FeedState,
  username: EventOf<"away">["username"],
  { room: roomWith }: FeedView,
): string | undefined {
  if (focus === null) return undefined;
  if (focus.kind === "private") return focus.username === username ? shownName(username) : undefined;
  const room = roomWith(focus.id);
  const member = room?.members.find((candidate) => candidate.username === username);
  return room === undefined || member === undefined || member.reach.kind === "self"
    ? undefined
    : memberName(room, username);
}
