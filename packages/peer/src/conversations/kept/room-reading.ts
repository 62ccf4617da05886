import { type Outcome, type RoomId, decodeWith, entryId, fail, succeed } from "@papo/protocol";
import type { Explanation, HistoryCursor, HistoryPage, Message, MessageReference, SearchHit } from "../../api.ts";
import type { EntryLine } from "../../storage/history/history.ts";
import { explainMessage } from "./explain.ts";
import type { KeptPorts } from "./kept-ports.ts";
import type { KeptRoom } from "./kept-room.ts";
import { eachMessage, exportJson } from "./room-export.ts";
import type { RoomShelf } from "./room-shelf.ts";
import type { PageQuery } from "./room-timeline.ts";

/** What was said in the rooms that are kept, as it is now: pages, what a search found, lists, exports, explanations. */
export class RoomReading {
  readonly #ports: KeptPorts;
  readonly #shelf: RoomShelf;

  constructor(ports: KeptPorts, shelf: RoomShelf) {
    this.#ports = ports;
    this.#shelf = shelf;
  }

  /** The newest, oldest first: at most HISTORY_PAGE_MAX, and the notices between them. */
  messages(id: RoomId): readonly Message[] {
    return this.#shelf.get(id)?.timeline.newest() ?? [];
  }

  history(id: RoomId, page: PageQuery = {}): Outcome<HistoryPage> {
    const room = this.#shelf.find(id);
    return room.ok ? room.value.timeline.page(page) : room;
  }

  /** What a search found, as it is now; an edit that was found stands for what it edited. Undefined: not shown any more. */
  hit(line: EntryLine): SearchHit | undefined {
    const room = this.#shelf.get(line.room);
    const message = line.target === null || line.shown ? line.id : line.target;
    const found = room?.timeline.message(message);
    if (found?.kept === undefined || found.kept.gone !== null) return undefined;
    return { message: found, cursor: found.kept.cursor };
  }

  message({ conversation, id }: MessageReference): Message | undefined {
    const room = conversation.kind === "room" ? this.#shelf.get(conversation.id) : undefined;
    const entry = decodeWith(entryId, id);
    return entry.ok ? room?.timeline.lineOrNotice(entry.value) : undefined;
  }

  unread(id: RoomId): { readonly count: number; readonly first: HistoryCursor | null } {
    return this.#shelf.get(id)?.unread() ?? { count: 0, first: null };
  }

  /** Everything that can be read here, the newest activity first. */
  conversations(): readonly {
    readonly id: RoomId;
    readonly title: string;
    readonly unread: number;
    readonly atMs: number;
  }[] {
    return this.byActivity().map((room) => ({
      id: room.id,
      title: room.name,
      unread: room.unread().count,
      atMs: this.#lastMs(room),
    }));
  }

  /** The newest activity first. */
  byActivity(): readonly KeptRoom[] {
    const rooms = this.#shelf.all().map((room) => ({ room, atMs: this.#lastMs(room) }));
    return rooms.toSorted((one, other) => other.atMs - one.atMs).map(({ room }) => room);
  }

  #lastMs({ id }: KeptRoom): number {
    return this.#ports.history.lines(id, { limit: 1 })[0]?.arrivedMs ?? 0;
  }

  eachMessage(id: RoomId): Outcome<AsyncIterable<Message>> {
    const room = this.#shelf.find(id);
    return room.ok ? succeed(eachMessage(room.value)) : room;
  }

  exportHistory(id: RoomId): Outcome<AsyncIterable<string>> {
    const room = this.#shelf.find(id);
    return room.ok ? succeed(exportJson(room.value, this.#ports.history)) : room;
  }

  why({ conversation, id }: MessageReference): Outcome<Explanation> {
    const room = conversation.kind === "room" ? this.#shelf.get(conversation.id) : undefined;
    const entry = decodeWith(entryId, id);
    const line = room !== undefined && entry.ok ? this.#ports.history.entry(room.id, entry.value) : undefined;
    const message = line === undefined ? undefined : room?.timeline.message(line.id);
    if (room === undefined || line === undefined || message === undefined)
      return fail("message_missing", "message: expected one that is kept here");
    return succeed(explainMessage({ room, line, message }, this.#ports));
  }
}
