import type { AccountKey, DeviceKey, EntryId, MessageId, RoomId } from "@papo/protocol";
import type { EntryLine, PrivateLine } from "../history.ts";
import { type Cell, isSound } from "./sums.ts";
import { COLUMNS, columnsOf } from "./tables.ts";

/** What `entryOf` reads: a whole row, then the names of its room and author. The tables are joined in this order whatever is guessed of them. */
export const ENTRY_CELLS = `${columnsOf("entry", "e.")}, r.id, d.id`;
export const ENTRY_SOURCE = "entry e CROSS JOIN room r ON r.key = e.room CROSS JOIN device d ON d.key = e.author";
/** The same for the entries of one room, found first by its name. */
export function entriesOfRoom(index: string): string {
  return `room r CROSS JOIN entry e INDEXED BY ${index} ON e.room = r.key CROSS JOIN device d ON d.key = e.author`;
}

export const PRIVATE_CELLS = `${columnsOf("private", "p.")}, c.account`;
export const PRIVATE_SOURCE = "private p CROSS JOIN chat c ON c.key = p.chat";
export function privateOfChat(index: string): string {
  return `chat c CROSS JOIN private p INDEXED BY ${index} ON p.chat = c.key`;
}

const ENTRY_ROW_CELLS = COLUMNS.entry.length + 1;
const PRIVATE_ROW_CELLS = COLUMNS.private.length + 1;

/** Undefined when the row is not what was written. */
export function entryOf(cells: readonly Cell[]): EntryLine | undefined {
  if (!isSound(cells.slice(0, ENTRY_ROW_CELLS))) return undefined;
  const [arrival, , id, , , chain, seq, prev, effective, kind, target, shown, isVoid, arrivedMs, text] = cells;
  const [header, signature, body] = cells.slice(15, 18);
  const [room, author] = cells.slice(ENTRY_ROW_CELLS);
  return {
    arrival: arrival as number,
    room: room as RoomId,
    id: id as EntryId,
    author: author as DeviceKey,
    chain: chain === 0 ? "control" : "content",
    seq: seq as number,
    prev: prev as EntryId | null,
    effective: effective as number,
    kind: kind as string,
    header: header as Uint8Array,
    signature: signature as Uint8Array | null,
    body: body as Uint8Array | null,
    target: target as EntryId | null,
    text: text as string | null,
    shown: shown === 1,
    isVoid: isVoid === 1,
    arrivedMs: arrivedMs as number,
  };
}

/** Undefined when the row is not what was written. */
export function privateOf(cells: readonly Cell[]): PrivateLine | undefined {
  if (!isSound(cells.slice(0, PRIVATE_ROW_CELLS))) return undefined;
  const [position, , id, device, own, seq, prev, text, sentMs, arrivedMs, encrypted] = cells;
  const [supersededDevice, supersededId, shown, afterGap, forked, , account] = cells.slice(11);
  return {
    position: position as number,
    account: account as AccountKey,
    id: id as MessageId,
    device: device as DeviceKey,
    own: own === 1,
    seq: seq as number | null,
    prev: prev as MessageId | null,
    text: text as string,
    sentMs: sentMs as number,
    arrivedMs: arrivedMs as number,
    encrypted: encrypted === 1,
    supersedes: supersededId === null ? null : { device: supersededDevice as DeviceKey, id: supersededId as MessageId },
    shown: shown === 1,
    afterGap: afterGap === 1,
    forked: forked === 1,
  };
}
