import { type Outcome, decodeWith, deviceKey, entryId, fail, succeed } from "@papo/protocol";
import type { HistoryCursor } from "../../api.ts";
import type { EntryPosition } from "../../storage/history/history.ts";

/**
 * A place in a room's order as front ends hold it, with what a page above it needs to know of what stands below: `belowMs`, its earliest arrival (what stands
 * above and came later came late), and `timeMs`, its earliest label (notices of before belong above). `Infinity`: nothing, or not known.
 */
export type Place = { readonly position: EntryPosition; readonly belowMs: number; readonly timeMs: number };

export function cursorOf({ position: { effective, author, id }, belowMs, timeMs }: Place): HistoryCursor {
  return `${effective}.${author}.${id}.${numberText(belowMs)}.${numberText(timeMs)}` as HistoryCursor;
}

function numberText(value: number): string {
  return Number.isFinite(value) ? String(value) : "";
}

/** Front ends hand back what they were given; what a user typed instead is refused. */
export function readCursor(cursor: HistoryCursor): Outcome<Place> {
  const [effective = "", device, entry, below = "-", time = "-", ...more] = cursor.split(".");
  const author = decodeWith(deviceKey, device);
  const id = decodeWith(entryId, entry);
  const areNumbers = /^\d{1,16}$/u.test(effective) && [below, time].every((text) => /^\d{0,16}$/u.test(text));
  if (!author.ok || !id.ok || !areNumbers || more.length > 0)
    return fail("message_missing", "cursor: expected one of a room's messages");
  const position = { effective: Number(effective), author: author.value, id: id.value };
  return succeed({ position, belowMs: numberOf(below), timeMs: numberOf(time) });
}

function numberOf(text: string): number {
  return text === "" ? Number.POSITIVE_INFINITY : Number(text);
}
