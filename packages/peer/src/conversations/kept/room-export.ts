import { type EntryId, HISTORY_PAGE_MAX, decodeWith, entryId, keyText } from "@papo/protocol";
import type { HistoryCursor, Message } from "../../api.ts";
import type { HistoryReader, StoredEntry } from "../../storage/history/history.ts";
import { cursorOf } from "./history-cursor.ts";
import type { KeptRoom } from "./kept-room.ts";
import { contentOf, controlOf } from "./read-entry.ts";

/** Every message of one room, oldest first. Read page by page: its length does not matter. */
export async function* eachMessage(room: KeptRoom): AsyncIterable<Message> {
  let cursor: HistoryCursor | null = beginningOf(room);
  while (cursor !== null) {
    const page = room.timeline.page({ after: cursor });
    if (!page.ok) return;
    yield* page.value.messages;
    cursor = page.value.after;
    // Others may have something to do in between.
    await Promise.resolve();
  }
}

/** Before everything: the first entry of a room has 1. */
function beginningOf(room: KeptRoom): HistoryCursor {
  const position = { effective: 0, author: room.ownDevice, id: genesisId(room) };
  return cursorOf({ position, belowMs: Number.POSITIVE_INFINITY, timeMs: Number.POSITIVE_INFINITY });
}

/** The id of a room is that of its first entry. */
function genesisId({ id }: KeptRoom): EntryId {
  const decoded = decodeWith(entryId, id);
  if (!decoded.ok) throw new TypeError("a room's id is an entry's");
  return decoded.value;
}

/**
 * One room as lines of JSON: first what it is, then every entry that counts or counted, chain by chain, with the exact bytes of its header, so that anybody can
 * check the signatures again. docs/protocol/room-log.md §2
 */
export async function* exportJson(room: KeptRoom, history: HistoryReader): AsyncIterable<string> {
  yield `${JSON.stringify({ format: "papo-room/1", room: room.id, name: room.name })}\n`;
  for (const { author, chain } of history.heads(room.id)) {
    for (let from = 1; ; ) {
      const entries = history.range(room.id, author, chain, from, HISTORY_PAGE_MAX);
      for (const entry of entries) yield jsonLine(entry);
      const last = entries.at(-1);
      if (last === undefined || entries.length < HISTORY_PAGE_MAX) break;
      from = last.seq + 1;
      await Promise.resolve();
    }
  }
}

function jsonLine(entry: StoredEntry): string {
  const { id, header, signature, body } = entry;
  const line = {
    id,
    header: Buffer.from(header).toString("utf8"),
    signature: signature === null ? null : keyText(signature),
    body: body === null ? null : keyText(body),
    says: (contentOf(entry) ?? controlOf(entry))?.body ?? null,
  };
  return `${JSON.stringify(line)}\n`;
}
