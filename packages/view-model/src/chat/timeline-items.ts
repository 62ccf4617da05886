import type { Conversation, Message } from "@papo/peer/api";
import { dayOf } from "../feed/shown-line.ts";
import { noticeText } from "../feed/room-notice.ts";
import type { TimelineItem } from "./chat-view.ts";
import { condensed, type Movement, movementIn } from "./condensed.ts";
import { dayLabel, shortTime } from "./day-label.ts";
import { type Entry, type MessageEntry, noticeIn } from "./entry.ts";
import type { Eyes } from "./eyes.ts";
import { messageItem } from "./message-item.ts";

/** Lines of one person that follow one another within this time need the name once. */
const GROUPED_WITHIN_MS = 300_000;

/** In front of notices where there is no column for what they are. */
const STARS = /^\*+ /u;

/** What stands around the entries. */
export type Around = {
  /** At the upper end. */
  readonly edge: string | undefined;
  /** Above which entry the mark of what is new stands, and what it says. */
  readonly unread: { readonly key: string; readonly label: string } | undefined;
};

/** Makes items of entries. Who asks again gets the same objects for what has not changed. */
export class TimelineItems {
  readonly #of: Conversation | null;
  readonly #eyes: Eyes;
  /** Those that are not messages, which know their own. */
  #itemByKey: ReadonlyMap<string, TimelineItem> = new Map();

  constructor(of: Conversation | null, eyes: Eyes) {
    this.#of = of;
    this.#eyes = eyes;
  }

  make(entries: readonly Entry[], around: Around): readonly TimelineItem[] {
    const version = this.#eyes.versionOf(this.#of);
    const making = new Making(this.#of, this.#eyes, { version, itemByKey: this.#itemByKey });
    if (around.edge !== undefined) making.put({ kind: "edge", key: "edge", label: around.edge });
    for (const entry of entries) {
      if (entry.key === around.unread?.key) making.markUnread(around.unread.label);
      making.take(entry, entries);
    }
    const { items, others } = making.finished();
    this.#itemByKey = others;
    return items;
  }
}

type Before = { readonly version: number; readonly itemByKey: ReadonlyMap<string, TimelineItem> };

/** One pass over the entries, from above to below. */
class Making {
  readonly #of: Conversation | null;
  readonly #eyes: Eyes;
  readonly #before: Before;
  readonly #items: TimelineItem[] = [];
  readonly #others = new Map<string, TimelineItem>();
  #movements: Movement[] = [];
  #day = "";
  /** Where a day begins: for comparing without a calendar. */
  #dayUntilMs = 0;
  #dayFromMs = 0;
  #unread: string | undefined;

  constructor(of: Conversation | null, eyes: Eyes, before: Before) {
    this.#of = of;
    this.#eyes = eyes;
    this.#before = before;
  }

  /** Stands above the next entry that is shown. */
  markUnread(label: string): void {
    this.#settle();
    this.#unread = label;
  }

  take(entry: Entry, entries: readonly Entry[]): void {
    if (entry.kind === "output") {
      this.#settle();
      if (this.#of !== null) this.#enterDay(entry.atMs);
      return this.put({ kind: "output", key: entry.key, lines: entry.lines });
    }
    const movement = movementIn(entry);
    if (movement !== undefined) {
      if (this.#eyes.isIgnored(movement.who)) return;
      this.#enter(movement.atMs);
      this.#movements.push(movement);
    } else if (entry.kind === "message") this.#takeMessage(entry, entries);
  }

  #takeMessage(entry: MessageEntry, entries: readonly Entry[]): void {
    const { message } = entry;
    if (message.kept?.gone === "withdrawn" || this.#eyes.isIgnored(message.author)) return;
    this.#settle();
    this.#enter(message.atMs);
    const notice = noticeIn(message);
    if (notice === null) return this.#putMessage(entry, entries);
    const by = this.#eyes.nameOf(message.conversation, message.author);
    const text = noticeText(notice, by, this.#eyes.texts).replace(STARS, "");
    const tone = notice.kind === "forked" ? "bad" : "notice";
    this.put({ kind: "notice", key: entry.key, time: shortTime(message.atMs), spans: [{ text, tone }] });
  }

  #putMessage(entry: MessageEntry, entries: readonly Entry[]): void {
    const { key, message, shown } = entry;
    const { version } = this.#before;
    const isGrouped = follows(message, this.#items.at(-1));
    if (shown?.item.message === message && shown.item.isGrouped === isGrouped && shown.version === version) {
      this.#items.push(shown.item);
      return;
    }
    const replyTo = message.kept?.replyTo ?? null;
    const quoted = replyTo === null ? undefined : this.#quoted(message, replyTo, entries);
    const item = messageItem(key, message, { eyes: this.#eyes, isGrouped, quoted });
    entry.shown = { item, version };
    this.#items.push(item);
  }

  #quoted({ conversation }: Message, id: Message["id"], entries: readonly Entry[]): Message | undefined {
    const here = entries.find((entry): entry is MessageEntry => entry.kind === "message" && entry.message.id === id);
    return here?.message ?? this.#eyes.lookUp(conversation, id);
  }

  /** Another day begins, or what is new. */
  #enter(atMs: number): void {
    this.#enterDay(atMs);
    if (this.#unread === undefined) return;
    const label = this.#unread;
    this.#unread = undefined;
    this.#settle();
    this.put({ kind: "unread", key: "unread", label });
  }

  #enterDay(atMs: number): void {
    if (atMs >= this.#dayFromMs && atMs < this.#dayUntilMs) return;
    this.#settle();
    const day = dayOf(atMs);
    this.#dayFromMs = new Date(atMs).setHours(0, 0, 0, 0);
    this.#dayUntilMs = new Date(atMs).setHours(24, 0, 0, 0);
    if (day === this.#day) return;
    this.#day = day;
    // A clock that was wrong may bring a day twice.
    const key = `d ${day}${this.#others.has(`d ${day}`) ? ` ${this.#items.length}` : ""}`;
    this.put(this.#before.itemByKey.get(key) ?? { kind: "day", key, label: dayLabel(atMs, this.#eyes.language) });
  }

  /** Comings and goings so far are one line. */
  #settle(): void {
    if (this.#movements.length === 0) return;
    const movements = this.#movements;
    this.#movements = [];
    const item = this.#of === null ? undefined : condensed(movements, this.#of, this.#eyes);
    if (item !== undefined) this.put(item);
  }

  /** The object of before where it says the same. */
  put(item: TimelineItem): void {
    const before = this.#before.itemByKey.get(item.key);
    const same = before !== undefined && saysTheSame(before, item) ? before : item;
    this.#items.push(same);
    this.#others.set(item.key, same);
  }

  finished(): { readonly items: readonly TimelineItem[]; readonly others: ReadonlyMap<string, TimelineItem> } {
    this.#settle();
    return { items: this.#items, others: this.#others };
  }
}

function follows(message: Message, above: TimelineItem | undefined): boolean {
  if (above?.kind !== "message" || above.message.author !== message.author) return false;
  return Math.abs(message.atMs - above.message.atMs) < GROUPED_WITHIN_MS;
}

function saysTheSame(one: TimelineItem, other: TimelineItem): boolean {
  if (one.kind === "output" && other.kind === "output") return one.lines === other.lines;
  if (one.kind === "notice" && other.kind === "notice")
    return one.time === other.time && one.spans[0]?.text === other.spans[0]?.text;
  return "label" in one && "label" in other && one.kind === other.kind && one.label === other.label;
}
