import { ONLINE_NAMES_SHOWN_MAX } from "@papo/protocol";
import { excerptOf, shownName } from "@papo/view-model";
import type { ClassicSession } from "./classic-session.ts";

/** What waits for the user: conversations with something new in them, and people who ask to write. */
export function newsTexts({ peer, texts }: ClassicSession): readonly string[] {
  const { kept, classic } = texts;
  const unread = peer.conversations().filter((listed) => listed.unread > 0);
  const places = unread.slice(0, ONLINE_NAMES_SHOWN_MAX).map(({ conversation, title, unread: count }) => {
    const name = conversation.kind === "private" ? shownName(conversation.username) : excerptOf(title);
    return kept.unreadPlace(name, count);
  });
  const rest = unread.length > places.length ? ` ${classic.andMore(unread.length - places.length)}` : "";
  const asking = peer.contactRequests().length;
  return [
    ...(places.length > 0 ? [kept.unreadIn(`${places.join(", ")}${rest}`)] : []),
    ...(asking > 0 ? [kept.requestsWaiting(asking)] : []),
  ];
}
