import type { Message, PeerApi } from "@papo/peer/api";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { FeedView } from "./feed-state.ts";
import { messageLine, noticeOf } from "./messages.ts";
import { dayOf, type ShownLine, textLine } from "./shown-line.ts";

export type Eyes = {
  readonly texts: Catalogue;
  readonly peer: Pick<PeerApi, "room" | "keyChanges">;
  /** As in `FeedView`. */
  readonly isWhole?: boolean;
};

/** Earlier messages as they are now, with the days between them. `above`: what stands over them already. */
export function keptLines(
  messages: readonly Message[],
  { texts, peer, isWhole = false }: Eyes,
  above?: Message,
): readonly ShownLine[] {
  const lines: ShownLine[] = [];
  let day = above === undefined ? "" : dayOf(above.atMs);
  for (const message of messages) {
    if (dayOf(message.atMs) !== day) {
      day = dayOf(message.atMs);
      lines.push(textLine(texts.kept.day(day)));
    }
    const looks = { room: peer.room.bind(peer), keyChanges: peer.keyChanges.bind(peer) };
    const view = { texts, atMs: message.atMs, isWhole, ...looks };
    lines.push(messageOrNotice(message, view));
  }
  return lines;
}

/** What was said, or what happened. */
function messageOrNotice(message: Message, view: FeedView): ShownLine {
  const notice = message.kept?.notice ?? null;
  return notice === null ? messageLine(message, view) : noticeOf(message, notice, view);
}
