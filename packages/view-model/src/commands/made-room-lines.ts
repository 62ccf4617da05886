import type { RoomKind, RoomName } from "@papo/protocol";
import type { Catalogue } from "../catalogue/catalogue.ts";
import { type ShownLine, textLine } from "../feed/shown-line.ts";
import { shownRoomName } from "../names/shown-room-name.ts";

type MadeRoom = { readonly kind: RoomKind; readonly name: RoomName };

/** What whoever made a room is told there. A kept room's conversation begins with who made it; a plain one's says nothing of it. */
export function madeRoomLines({ kind, name }: MadeRoom, { classic, feed, kept }: Catalogue): readonly ShownLine[] {
  if (kind === "open") return [];
  const says = kind === "invite" ? [kept.inviteFirst] : [classic.roomCreated(shownRoomName(name)), classic.plainRoom];
  return says.map((text) => textLine(feed.notice(text)));
}
