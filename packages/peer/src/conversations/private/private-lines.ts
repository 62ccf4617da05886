import {
  type AccountKey,
  HISTORY_PAGE_MAX,
  type Outcome,
  type Username,
  accountKey,
  decodeWith,
  deviceKey,
  fail,
  messageId,
  succeed,
} from "@papo/protocol";
import * as v from "valibot";
import type { Delivery, HistoryCursor, HistoryPage, Message } from "../../api.ts";
import type { HistoryReader, PrivateLine, StoredPrivateMessage } from "../../storage/history/history.ts";

export type PageRequest = {
  readonly before?: HistoryCursor | undefined;
  readonly after?: HistoryCursor | undefined;
  readonly limit?: number | undefined;
};

const POSITION_TEXT = /^p(\d{1,15})$/u;

// The two places that make cursors of private chats.

export function cursorAt(position: number): HistoryCursor {
  return `p${position}` as HistoryCursor;
}

/** Of a line that was stored a moment ago: where it stands is looked up when somebody goes there. */
function cursorOf({ account, device, id }: StoredPrivateMessage): HistoryCursor {
  return `m.${account}.${device}.${id}` as HistoryCursor;
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
      cursor: line.position === undefined ? cursorOf(line) : cursorAt(line.position),
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
  const before = readCursor(history, request.before);
  const after = readCursor(history, request.after);
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

function readCursor(history: HistoryReader, cursor: HistoryCursor | undefined): number | "wrong" | undefined {
  if (cursor === undefined) return undefined;
  const digits = POSITION_TEXT.exec(cursor)?.[1];
  if (digits !== undefined) return Number(digits);
  const [, account, device, id] = cursor.split(".");
  const line = decodeWith(lineName, { account, device, id });
  if (!line.ok) return "wrong";
  return history.privateMessage(line.value.account, line.value.device, line.value.id)?.position ?? "wrong";
}

const lineName = v.object({ account: accountKey, device: deviceKey, id: messageId });
