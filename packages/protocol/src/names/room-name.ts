import { ROOM_NAME_CHARS_MAX } from "../limits.ts";
import { safeText } from "../text/safe-text.ts";
import { isObjectMember } from "./reserved-names.ts";

/** Why a room may not be given a name, worst first. docs/protocol/names.md §2 has a row for each. */
export type RoomNameProblem = "empty" | "too_long" | "bad_character" | "not_nfc" | "bad_edge" | "reserved";

/**
 * Undefined if a room may be given this name: NFC, 1 to ROOM_NAME_CHARS_MAX code points of printable text with spaces,
 * quotes and emoji, no space first or last. Printable is what `safeText` has no need to change, so that every screen
 * shows a room under the very name it has.
 */
export function checkRoomName(name: string): RoomNameProblem | undefined {
  if (name === "") return "empty";
  if (name.length > 2 * ROOM_NAME_CHARS_MAX || Array.from(name).length > ROOM_NAME_CHARS_MAX) return "too_long";
  if (safeText(name) !== name || DRAWN_EMPTY.test(name)) return "bad_character";
  if (name.normalize("NFC") !== name) return "not_nfc";
  if (OUTER_SPACE.test(name)) return "bad_edge";
  return isObjectMember(name) ? "reserved" : undefined;
}

/** The pattern of Braille without dots: printable by its class, and not to be seen. */
const DRAWN_EMPTY = /\u2800/v;
const OUTER_SPACE = /^\p{Zs}|\p{Zs}$/v;
