import { ROOM_NAME_CHARS_MAX, type RoomName, safeText } from "@papo/protocol";

/** A room's name as it may stand on a screen: safe, on one line, cut where no new name may be longer. */
export function shownRoomName(name: RoomName): string {
  const characters = [...safeText(name)];
  if (characters.length <= ROOM_NAME_CHARS_MAX) return characters.join("");
  return `${characters.slice(0, ROOM_NAME_CHARS_MAX).join("")}…`;
}
