import type { Username } from "@papo/protocol";
import type { AccountDirectory } from "./account-directory.ts";
import type { RoomClosing } from "./announcement.ts";
import type { Announcements } from "./announcements.ts";
import type { LiveRoom } from "./live-room.ts";
import type { LiveRooms } from "./live-rooms.ts";
import type { OnlineSession } from "./online-session.ts";
import type { Presence } from "./presence.ts";

type Parts = {
  readonly live: LiveRooms;
  readonly presence: Presence;
  readonly announcements: Announcements;
  readonly directory: AccountDirectory;
};

type Leaving = {
  readonly username: Username;
  readonly reason: RoomClosing["reason"];
  /** The session that asked, if one of the user's own did. It has its answer. */
  readonly by?: OnlineSession | undefined;
};

/** The store has taken a user out of a room: those who stay and the user's own sessions learn it. Call it alone for the room. */
export function seeOut(parts: Parts, opened: LiveRoom, { username, reason, by }: Leaving): void {
  const { live, presence, announcements, directory } = parts;
  const others = presence.sessionsOf(username).filter((session) => session !== by);
  const listening = others.filter((session) => opened.listenersLike(session).has(session));
  live.exit(opened, username);
  announcements.close(opened, reason, listening);
  const unseen = presence.sessionsOf(username).length === 0;
  announcements.changed(opened, { username, account: directory.get(username) ?? null, unseen });
}
