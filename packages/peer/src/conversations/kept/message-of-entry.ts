import type { AccountKey, EntryId } from "@papo/protocol";
import type { Delivery, HistoryCursor, KeptDetails, Message, Reaction } from "../../api.ts";
import type { StoredEntry } from "../../storage/history/history.ts";
import type { RoomState } from "../log/room-state.ts";
import { type Remarks, remarksOn } from "./entry-remarks.ts";
import { noticeOf } from "./entry-notice.ts";
import type { MemberNames } from "./member-names.ts";
import { contentOf, headerOf, isKnownKind } from "./read-entry.ts";

/** What is needed to show the entries of one room. */
export type RoomScene = {
  readonly state: RoomState;
  readonly names: MemberNames;
  readonly self: AccountKey;
  readonly isBlocked: (account: AccountKey) => boolean;
  /** Where an own message stands. */
  readonly delivery: (entry: StoredEntry, auth: readonly EntryId[]) => Delivery;
};

/** What is known of one line beside itself. */
export type LineContext = {
  /** Edits, deletes, reactions and what takes its place, in the room's order. */
  readonly about: readonly StoredEntry[];
  readonly late: boolean;
  readonly afterGap: boolean;
  readonly cursor: HistoryCursor;
};

/** The line as people see it; undefined for what is not shown: void, superseded, by somebody who is blocked, or about keys. */
export function messageOfEntry(entry: StoredEntry, scene: RoomScene, context: LineContext): Message | undefined {
  const { state, names, self } = scene;
  const account = state.accountOf(entry.author);
  const header = headerOf(entry);
  if (entry.isVoid || account === undefined || header === undefined) return undefined;
  if (entry.chain === "content" && scene.isBlocked(account)) return undefined;

  const notice = entry.chain === "control" ? noticeOf(entry, scene) : undefined;
  const isKnown = isKnownKind(entry);
  if (entry.chain === "control" && isKnown && notice === undefined) return undefined;
  const remarks = remarksOn(entry, context.about, (device) => state.accountOf(device));
  if (remarks.supersededBy !== null) return undefined;

  const own = account === self;
  const content = contentOf(entry);
  if (content !== undefined && content.kind !== "message") return undefined;
  // A body of a kind that we know, and that says something else than we know, is a newer Papo's as well.
  const isReadable = isKnown && (entry.body === null || notice !== undefined || content !== undefined);
  return {
    id: entry.id,
    conversation: { kind: "room", id: entry.room },
    author: names.of(account),
    own,
    content: content === undefined ? "" : (remarks.text ?? content.body.text),
    // A label of its author's; nobody writes in the future.
    atMs: Math.min(header.time, entry.arrivedMs),
    encrypted: true,
    delivery: own && entry.chain === "content" ? scene.delivery(entry, header.auth) : null,
    kept: {
      ...detailsOf(remarks, scene),
      ...{ late: context.late, afterGap: context.afterGap, needsNewer: !isReadable, notice: notice ?? null },
      gone: goneOf(entry, remarks),
      replyTo: content?.body.replyTo ?? null,
      cursor: context.cursor,
    },
  };
}

function detailsOf(remarks: Remarks, { names, self }: RoomScene): Pick<KeptDetails, "edited" | "reactions"> {
  const reactions = [...remarks.accountsByEmoji].map(
    ([emoji, accounts]): Reaction => ({
      emoji,
      by: accounts.map((account) => names.of(account)),
      own: accounts.includes(self),
    }),
  );
  return { edited: remarks.text !== null, reactions };
}

function goneOf(entry: StoredEntry, remarks: Remarks): KeptDetails["gone"] {
  if (entry.body !== null || entry.chain === "control") return null;
  return remarks.isDeleted ? "deleted" : "expired";
}
