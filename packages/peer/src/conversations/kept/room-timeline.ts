import {
  DEPENDENCY_WAIT_MS,
  type DeviceKey,
  type EntryId,
  HISTORY_PAGE_MAX,
  type Outcome,
  fail,
  succeed,
} from "@papo/protocol";
import type { HistoryCursor, HistoryPage, Message } from "../../api.ts";
import type { EntryLine, HistoryReader, StoredEntry } from "../../storage/history/history.ts";
import type { RoomReplica } from "../log/room-replica.ts";
import { isAfterGap } from "./entries-after-gap.ts";
import { type Place, cursorOf, readCursor } from "./history-cursor.ts";
import { type RoomScene, messageOfEntry } from "./message-of-entry.ts";
import { RoomNotices, type TimeWindow, labelOf } from "./room-notices.ts";

export type PageQuery = { readonly before?: HistoryCursor; readonly after?: HistoryCursor; readonly limit?: number };

/** An entry and what people see of it. */
export type Presented = { readonly entry: StoredEntry; readonly message: Message };

/** What names an entry, in the room's order. */
export type RemarksByEntry = ReadonlyMap<EntryId, readonly StoredEntry[]>;
export const NOTHING_ABOUT: RemarksByEntry = new Map();

/** A run of the room's order, oldest first, between what stands above and below it. `Infinity`: nothing is known to stand there. */
type Stretch = {
  readonly lines: readonly EntryLine[];
  readonly hasOlder: boolean;
  readonly hasNewer: boolean;
  readonly belowMs: number;
  readonly belowTimeMs: number;
};

const FAR = Number.POSITIVE_INFINITY;

/**
 * What was said in one room, page by page and straight from the store: nothing of it is kept in memory. Edits, deletes and reactions are applied as
 * each page is read.
 */
export class RoomTimeline {
  readonly #replica: RoomReplica;
  readonly #history: HistoryReader;
  readonly #scene: () => RoomScene;
  readonly #notices: RoomNotices;
  /** The highest place that a line had when something came last. */
  #end: number | undefined;
  readonly #atEnd = new WeakSet<StoredEntry>();

  constructor(replica: RoomReplica, history: HistoryReader, scene: () => RoomScene) {
    this.#replica = replica;
    this.#history = history;
    this.#scene = scene;
    this.#notices = new RoomNotices(replica, history);
  }

  // ---- pages

  /** The newest page, or the one next to a cursor: at most `limit` lines, fewer where some are not shown, and the notices between them. */
  page({ before, after, limit = HISTORY_PAGE_MAX }: PageQuery): Outcome<HistoryPage> {
    if (before !== undefined && after !== undefined) return fail("message_missing", "page: expected one cursor");
    const cursor = before ?? after;
    const place = cursor === undefined ? undefined : readCursor(cursor);
    if (place !== undefined && !place.ok) return place;
    const size = Math.min(Math.max(Math.trunc(limit), 1), HISTORY_PAGE_MAX);
    return succeed(after === undefined ? this.#pageBefore(place?.value, size) : this.#pageAfter(place?.value, size));
  }

  /** The newest messages, oldest first. */
  newest(): readonly Message[] {
    return this.#pageBefore(undefined, HISTORY_PAGE_MAX).messages;
  }

  /** Where nothing of a stretch is shown, the next one is read: an empty page means that there is nothing more. */
  #pageBefore(from: Place | undefined, size: number): HistoryPage {
    for (let place = from; ; ) {
      const read = this.#linesBefore(place, size + 1);
      const hasOlder = read.length > size;
      const lines = read.slice(0, size).toReversed();
      const below = { belowMs: place?.belowMs ?? FAR, belowTimeMs: place?.timeMs ?? FAR };
      const stretch = { lines, hasOlder, hasNewer: from !== undefined, ...below };
      const messages = this.#show(stretch);
      if (messages.length > 0 || !hasOlder) return { messages, ...this.#edges(stretch) };
      place = placeAbove(stretch);
    }
  }

  #linesBefore(place: Place | undefined, limit: number): readonly EntryLine[] {
    return this.#history.lines(this.#replica.id, {
      ...(place === undefined ? {} : { before: place.position }),
      limit,
    });
  }

  #pageAfter(from: Place | undefined, size: number): HistoryPage {
    for (let place = from; ; ) {
      const read =
        place === undefined ? [] : this.#history.lines(this.#replica.id, { after: place.position, limit: size + 1 });
      // Of what stands further below only the next line is looked at.
      const next = read[size];
      const below = { belowMs: next?.arrivedMs ?? FAR, belowTimeMs: next === undefined ? FAR : labelOf(next) };
      const stretch = {
        lines: read.slice(0, size),
        hasOlder: (place?.position.effective ?? 0) > 0,
        hasNewer: next !== undefined,
        ...below,
      };
      const messages = stretch.lines.length === 0 ? [] : this.#show(stretch);
      const last = stretch.lines.at(-1);
      if (messages.length > 0 || next === undefined || last === undefined) return { messages, ...this.#edges(stretch) };
      place = { position: last, ...FROM_HERE };
    }
  }

  #edges(stretch: Stretch): Pick<HistoryPage, "before" | "after"> {
    const last = stretch.lines.at(-1);
    const above = placeAbove(stretch);
    return {
      before: stretch.hasOlder && above !== undefined ? cursorOf(above) : null,
      after: stretch.hasNewer && last !== undefined ? cursorOf({ position: last, ...FROM_HERE }) : null,
    };
  }

  #show(stretch: Stretch): readonly Message[] {
    const { lines, belowMs } = stretch;
    const scene = this.#scene();
    const about = this.#aboutById(lines);
    const hasGaps = this.#hasGaps();
    const messages: Message[] = [];
    let earliestMs = belowMs;
    for (const line of lines.toReversed()) {
      const message = messageOfEntry(line, scene, {
        about: about.get(line.id) ?? [],
        late: isLate(line, earliestMs),
        afterGap: hasGaps && this.isAfterGap(line),
        cursor: cursorOf({ position: line, belowMs: Math.min(earliestMs, line.arrivedMs), timeMs: labelOf(line) }),
      });
      if (message !== undefined) messages.unshift(message);
      earliestMs = Math.min(earliestMs, line.arrivedMs);
    }
    return this.#withNotices(messages, stretch, scene);
  }

  // ---- notices

  #withNotices(messages: readonly Message[], stretch: Stretch, scene: RoomScene): readonly Message[] {
    const first = stretch.lines[0];
    const fromMs = stretch.hasOlder && first !== undefined ? Math.min(labelOf(first), stretch.belowTimeMs) : -FAR;
    const window: TimeWindow = [fromMs, stretch.belowTimeMs];
    const merged: Message[] = [];
    let at = 0;
    for (const entry of this.#notices.within(window, HISTORY_PAGE_MAX)) {
      const label = labelOf(entry);
      for (let next = messages[at]; next !== undefined && next.atMs <= label; next = messages[at]) {
        merged.push(next);
        at += 1;
      }
      const near = messages[at] ?? merged.at(-1);
      const notice = messageOfEntry(entry, scene, { ...PLAIN, cursor: near?.kept?.cursor ?? cursorAt(entry) });
      if (notice !== undefined) merged.push(notice);
    }
    return [...merged, ...messages.slice(at)];
  }

  // ---- single messages

  /** One message as it is now; undefined: not held, or not shown. */
  message(id: EntryId): Message | undefined {
    const line = this.#history.entry(this.#replica.id, id);
    return line?.shown === true ? this.presentAll([line])[0]?.message : undefined;
  }

  /** The same for whatever may stand on a screen: lines and notices. */
  lineOrNotice(id: EntryId): Message | undefined {
    const entry = this.#history.entry(this.#replica.id, id);
    return entry !== undefined && (entry.shown || entry.chain === "control")
      ? this.presentAll([entry])[0]?.message
      : undefined;
  }

  /** What was shown of it goes: the line with nothing in it. */
  withdrawn(id: EntryId): Message | undefined {
    const line = this.#history.entry(this.#replica.id, id);
    if (line === undefined) return undefined;
    const shown = messageOfEntry({ ...line, isVoid: false }, this.#scene(), { ...PLAIN, cursor: cursorAt(line) });
    return shown?.kept === undefined
      ? undefined
      : { ...shown, content: "", kept: { ...shown.kept, gone: "withdrawn", edited: false, reactions: [] } };
  }

  /** Entries that have just come, or are looked at by themselves, with what is about them; notices among them. */
  presentAll(entries: readonly StoredEntry[], about = this.#aboutById(entries)): readonly Presented[] {
    if (entries.length === 0) return [];
    const { id } = this.#replica;
    const scene = this.#scene();
    const hasGaps = this.#hasGaps();
    return entries.flatMap((entry): Presented[] => {
      const isLine = entry.chain === "content";
      const isAmong = isLine && !this.#atEnd.has(entry);
      const [below] = isAmong ? this.#history.lines(id, { after: entry, limit: 1 }) : [];
      const belowMs = below?.arrivedMs ?? FAR;
      const message = messageOfEntry(entry, scene, {
        about: about.get(entry.id) ?? [],
        late: isLine && isLate(entry, belowMs),
        afterGap: isLine && hasGaps && this.isAfterGap(entry),
        cursor: isLine
          ? cursorOf({ position: entry, belowMs: Math.min(belowMs, entry.arrivedMs), timeMs: labelOf(entry) })
          : this.#newestCursor(entry),
      });
      return message === undefined ? [] : [{ entry, message }];
    });
  }

  /**
   * They have just become durable. Those that stand below everything that came before them are remembered as such: nothing that is older stands below them,
   * and nobody needs to look for it.
   */
  arrived(entries: readonly StoredEntry[]): void {
    const end = (this.#end ??= this.#linesBefore(undefined, 1)[0]?.effective ?? 0);
    for (const entry of entries) {
      if (!entry.shown || entry.effective <= end) continue;
      this.#atEnd.add(entry);
      if (entry.effective > this.#end) this.#end = entry.effective;
    }
  }

  #newestCursor(entry: StoredEntry): HistoryCursor {
    const [newest] = this.#linesBefore(undefined, 1);
    return cursorAt(newest ?? entry);
  }

  #aboutById(entries: readonly StoredEntry[]): RemarksByEntry {
    const byTarget = new Map<EntryId, StoredEntry[]>();
    const targets = entries.filter(({ chain }) => chain === "content").map((entry) => entry.id);
    const about = targets.length === 0 ? [] : this.#history.about(this.#replica.id, targets);
    for (const entry of about) {
      if (entry.target === null) continue;
      const others = byTarget.get(entry.target);
      if (others === undefined) byTarget.set(entry.target, [entry]);
      else others.push(entry);
    }
    return byTarget;
  }

  // ---- gaps, and what was not looked at

  #hasGaps(): boolean {
    return this.#history.missing(this.#replica.id, 1).length > 0;
  }

  /** Whether something that its author had seen is not here yet. */
  isAfterGap(entry: StoredEntry): boolean {
    const base = this.#replica.state.memberByAccount.get(this.#scene().self)?.base ?? NO_BASE;
    return isAfterGap(entry, this.#history, base);
  }

  unread(own: readonly DeviceKey[]): { readonly count: number; readonly first: HistoryCursor | null } {
    const { count, first } = this.#history.unread(this.#replica.id, own);
    return { count, first: first === null ? null : cursorOf({ position: first, ...FROM_HERE }) };
  }
}

const NO_BASE: ReadonlyMap<DeviceKey, number> = new Map();
const FROM_HERE = { belowMs: FAR, timeMs: FAR };
const PLAIN = { about: [], late: false, afterGap: false };

/** Others stood below it before it came: people may have read past this place. What crossed on the way is not called late. */
function isLate(line: StoredEntry, belowMs: number): boolean {
  return belowMs + DEPENDENCY_WAIT_MS <= line.arrivedMs;
}

function cursorAt(entry: StoredEntry): HistoryCursor {
  return cursorOf({ position: entry, ...FROM_HERE });
}

/** Where the stretch above begins, with all that stands below it. */
function placeAbove({ lines, belowMs, belowTimeMs }: Stretch): Place | undefined {
  const [first] = lines;
  if (first === undefined) return undefined;
  return {
    position: first,
    belowMs: lines.reduce((earliest, { arrivedMs }) => Math.min(earliest, arrivedMs), belowMs),
    timeMs: Math.min(labelOf(first), belowTimeMs),
  };
}
