import type { Username } from "@papo/protocol";
import type { FeedState, FeedView } from "./feed-state.ts";

/**
 * Somebody with whom a connection means nothing now: `asked`, because their key changed and the user has not decided
 * yet; `blocked`, because the user refused the new key.
 */
export type Withheld = "asked" | "blocked";

export function withheld(state: FeedState, username: Username, view: FeedView): Withheld | undefined {
  if (view.keyChanges().some((change) => change.username === username)) return "asked";
  if (state.blocked.has(username)) return "blocked";
  const room = state.focus?.kind === "room" ? view.room(state.focus.id) : undefined;
  return room?.members.find((member) => member.username === username)?.trust === "blocked" ? "blocked" : undefined;
}
