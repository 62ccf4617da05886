import { type AccountKey, HISTORY_PAGE_MAX, type Outcome, type Username, fail, succeed } from "@papo/protocol";
import type { Delivery, HistoryCursor, HistoryPage, Message } from "../../api.ts";
import type { HistoryReader, PrivateLine, StoredPrivateMessage } from "../../storage/history/history.ts";

export type PageRequest = {
  readonly before?: HistoryCursor | undefined;
  readonly after?: HistoryCursor | undefined;
  readonly limit?: number | undefined;
};

const CURSOR_TEXT = /^p(\d{1,15})$/u;

export function cursorAt(position: number): HistoryCursor {
  // The one place that makes cursors of private chats.
  return `p${position}` as HistoryCursor;
}

/** One line as front ends see it. */
export function presentLine(
  line: StoredPrivateMessage & { readonly position?: number },
  names: { readonly self: Username; readonly other: Username },
  delivery: Delivery | null,
): Message {
  return {
    id: line.id,
    conversation: { kind: "private", username: names.other },
    author: line.own ? names.self : names.other,
    own: line.own,
    content: line.text,
    atMs: Math.min(line.sentMs, line.arrivedMs),
    encrypted: line.encrypted,
    delivery,
    kept: {
      edited: false,
      gone: null,
      reactions: [],
      replyTo: null,
      late: false,
      afterGap: line.afterGap,
      forked: line.forked,
      needsNewer: false,
      notice: null,
      cursor: cursorAt(line.position ?? 0),
    },
  };
}

/**
 * A page of the chats with these accounts, which went by one name one after the other. Positions count over all chats, so that their lines
 * have one order.
 */
export function pageOf(
  history: HistoryReader,
  accounts: readonly AccountKey[],
  request: PageRequest,
): Outcome<{ readonly lines: readonly PrivateLine[] } & Pick<HistoryPage, "before" | "after">> {
  const before = readCursor(request.before);
  const after = readCursor(request.after);
  if (before === "wrong" || after === "wrong") return fail("invalid_message", "cursor: expected one of this chat");
  const limit = Math.max(1, Math.min(request.limit ?? HISTORY_PAGE_MAX, HISTORY_PAGE_MAX));
  const isForward = after !== undefined;
  const place = isForward ? { after, limit } : { before, limit };
  const found = accounts.flatMap((account) => history.privateLines(account, place));
  const oldestFirst = found.toSorted((a, b) => a.position - b.position);
  const lines = isForward ? oldestFirst.slice(0, limit) : oldestFirst.slice(-limit);
  const isAny = (of: Omit<PageRange, "limit">): boolean =>
    accounts.some((account) => history.privateLines(account, { ...of, limit: 1 }).length > 0);
  const first = lines[0]?.position;
  const last = lines.at(-1)?.position;
  return succeed({
    lines,
    before: first !== undefined && isAny({ before: first }) ? cursorAt(first) : null,
    after: last !== undefined && isAny({ after: last }) ? cursorAt(last) : null,
  });
}

type PageRange = Parameters<HistoryReader["privateLines"]>[1];

function readCursor(cursor: HistoryCursor | undefined): number | "wrong" | undefined {
  if (cursor === undefined) return undefined;
  const digits = CURSOR_TEXT.exec(cursor)?.[1];
  return digits === undefined ? "wrong" : Number(digits);
}
