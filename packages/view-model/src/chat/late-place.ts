import type { Message } from "@papo/peer/api";
import { messageKey } from "./entry.ts";
import { type PageSource, placeOf } from "./page-source.ts";
import type { TimelineWindow } from "./timeline-window.ts";

/** Messages below a late one of which one should be on the screen. */
const LOOKED_AT_BELOW = 16;

/** Puts a message that came late where the conversation's order has it. False when that place was not found. */
export function isPlaced(message: Message, window: TimelineWindow, source: PageSource | undefined): boolean {
  const page = source?.after(placeOf(message), LOOKED_AT_BELOW);
  if (page === undefined) return false;
  const below = page.messages.map((other) => messageKey(other)).find((key) => window.has(key));
  if (below !== undefined) {
    window.insertBefore(below, message);
    return true;
  }
  if (page.after !== null) return isAbove(message, window);
  // Nothing that is shown stands below it.
  window.append({ kind: "message", key: messageKey(message), message });
  return true;
}

/** Nothing of it is on the screen: it will be there when somebody goes up. */
function isAbove(message: Message, { above, entries }: TimelineWindow): boolean {
  const first = entries.find((entry) => entry.kind === "message");
  return above !== null && first !== undefined && message.atMs < first.message.atMs;
}
