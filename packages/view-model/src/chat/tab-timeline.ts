import type { Conversation, Message, SearchHit } from "@papo/peer/api";
import {
  HISTORY_PAGE_MAX,
  TIMELINE_ITEMS_MAX,
  TIMELINE_PAGE_MESSAGES,
  TIMELINE_SCROLLED_ITEMS_MAX,
} from "@papo/protocol";
import type { Timeline } from "./chat-view.ts";
import { type Entry, messageEntry, messageKey } from "./entry.ts";
import type { Eyes } from "./eyes.ts";
import { isPlaced } from "./late-place.ts";
import { PageSource } from "./page-source.ts";
import type { ChatPeer } from "./chat-ports.ts";
import { TimelineItems } from "./timeline-items.ts";
import { TimelineWindow } from "./timeline-window.ts";
import { UnreadMark } from "./unread-mark.ts";

/** Pages that are read at most while somebody looks for the next mention. */
const PAGES_LOOKED_THROUGH_MAX = 5;
const EMPTY = { messages: [], before: null, after: null };

/**
 * What one tab shows of its conversation. `live` is the stretch that ends with the newest and grows; `aside`, while there is one, is another stretch that is
 * looked at instead: around a search's hit, or one that the newest has grown too far away from.
 */
export class TabTimeline {
  readonly #of: Conversation | null;
  readonly #source: PageSource | undefined;
  readonly #eyes: Eyes;
  readonly #items: TimelineItems;
  #live: TimelineWindow | undefined;
  #aside: TimelineWindow | undefined;
  #shown: Timeline | undefined;
  #shownVersion = -1;
  #shownEdge: string | undefined;
  #focus: Timeline["focus"] = null;
  #unread: UnreadMark | undefined;
  /** What is on the screen ends above the newest. */
  #isReadBack = false;
  #isInDoubt = false;
  /** The message to which one went back last. */
  #backTo: string | undefined;

  constructor(of: Conversation | null, peer: ChatPeer, eyes: Eyes) {
    this.#of = of;
    this.#source = of === null ? undefined : new PageSource(peer, of);
    this.#eyes = eyes;
    this.#items = new TimelineItems(of, eyes);
    if (of === null) this.#live = new TimelineWindow(EMPTY);
  }

  get isLoaded(): boolean {
    return this.#live !== undefined;
  }

  get isAtNewest(): boolean {
    return this.#aside === undefined;
  }

  // ---- opened and left

  /** `unread`: how many of the newest were not read. */
  open(unread: number): void {
    this.#load(unread);
    this.marksUnread(unread);
  }

  /** The mark of what is new stands above the `count` newest that others said; 0: nowhere. */
  marksUnread(count: number): void {
    const entries = this.#live?.entries ?? [];
    this.#unread = count === 0 ? undefined : new UnreadMark(count, entries, this.#eyes);
    this.touch();
  }

  /** Nobody looks at it any more. */
  leave(): void {
    this.#aside = undefined;
    this.#focus = null;
    this.#unread = undefined;
    this.#isReadBack = false;
    this.#backTo = undefined;
    this.#bound();
    this.touch();
  }

  /** What is read again when it is opened the next time. */
  forget(): void {
    if (this.#source === undefined) return;
    this.leave();
    this.#live = undefined;
  }

  #load(unread: number): TimelineWindow {
    const limit = Math.min(unread + TIMELINE_PAGE_MESSAGES, HISTORY_PAGE_MAX);
    return (this.#live ??= new TimelineWindow(this.#source?.newest(limit) ?? EMPTY));
  }

  // ---- what happens

  /** Something was said, or an own message was told again. */
  hear(message: Message): void {
    const live = this.#live;
    if (live === undefined) return;
    if (live.update(message)) return this.touch();
    if (message.kept?.late !== true) return this.add(messageEntry(message));
    this.#isInDoubt ||= !isPlaced(message, live, this.#source);
    live.quotesAnew(message);
    this.touch();
  }

  add(entry: Entry): void {
    this.#live?.append(entry);
    this.#bound();
    this.touch();
  }

  change(message: Message): void {
    const windows = [this.#live, this.#aside].filter((window) => window !== undefined);
    const hasOtherWords = !windows.some((window) => window.says(message));
    for (const window of windows) {
      const isHere = window.update(message);
      const isQuoted = hasOtherWords && window.quotesAnew(message);
      if (isHere || isQuoted) this.touch();
    }
  }

  /** What stands here goes from the screen. */
  clear(): void {
    this.#aside = undefined;
    this.#unread = undefined;
    this.#live?.clear();
    this.touch();
  }

  /** Those above go when there are twice as many as wanted; from under the eyes of somebody who reads there nothing goes. */
  #bound(): void {
    const live = this.#live;
    if (live === undefined || live.entries.length < 2 * TIMELINE_ITEMS_MAX) return;
    if (this.#aside === undefined && this.#isReadBack) {
      if (live.entries.length < TIMELINE_SCROLLED_ITEMS_MAX) return;
      this.#aside = live.copy();
      this.#aside.trimBelow(TIMELINE_SCROLLED_ITEMS_MAX - 1);
    }
    live.trimAbove(TIMELINE_ITEMS_MAX);
  }

  /** Whether what is on the screen ends above the newest. */
  setReadBack(isReadBack: boolean): void {
    if (this.#isReadBack === isReadBack) return;
    this.#isReadBack = isReadBack;
    if (!isReadBack) this.#backTo = undefined;
    this.#bound();
  }

  // ---- moving about

  loadOlder(): boolean {
    const shown = this.#aside ?? this.#live;
    if (this.#source === undefined || shown === undefined || shown.above === null) return false;
    shown.prepend(this.#source.before(shown.above, TIMELINE_PAGE_MESSAGES));
    this.#unread?.find(this.#live?.entries ?? []);
    if (shown.entries.length > TIMELINE_SCROLLED_ITEMS_MAX) this.#stretchAside(shown);
    this.touch();
    return true;
  }

  /** What is read becomes a stretch of its own, and the newest one is what it was. */
  #stretchAside(shown: TimelineWindow): void {
    this.#aside = shown === this.#live ? shown.copy() : shown;
    this.#aside.trimBelow(TIMELINE_SCROLLED_ITEMS_MAX - TIMELINE_PAGE_MESSAGES);
    this.#live?.trimAbove(TIMELINE_ITEMS_MAX);
  }

  loadNewer(): boolean {
    const aside = this.#aside;
    if (this.#source === undefined || aside === undefined) return false;
    if (aside.below !== null) aside.extend(this.#source.after(aside.below, TIMELINE_PAGE_MESSAGES));
    if (!this.#join(aside) && aside.entries.length > TIMELINE_SCROLLED_ITEMS_MAX)
      aside.trimAbove(TIMELINE_SCROLLED_ITEMS_MAX - TIMELINE_PAGE_MESSAGES);
    this.touch();
    return true;
  }

  /** Once it reaches the newest stretch, both are one. */
  #join(aside: TimelineWindow): boolean {
    const live = this.#load(0);
    const meets = aside.entries.some((entry) => entry.kind === "message" && live.has(entry.key));
    if (!meets && aside.below !== null) return false;
    if (meets) aside.joinAbove(live);
    if (live.entries.length > TIMELINE_SCROLLED_ITEMS_MAX)
      live.trimAbove(TIMELINE_SCROLLED_ITEMS_MAX - TIMELINE_PAGE_MESSAGES);
    this.#aside = undefined;
    return true;
  }

  toNewest(): void {
    this.#aside = undefined;
    this.#backTo = undefined;
    this.setReadBack(false);
    this.touch();
  }

  /** To a message, wherever it is, with what stands around it. */
  toHit({ message, cursor }: SearchHit): void {
    const key = messageKey(message);
    if (this.#load(0).has(key)) this.#aside = undefined;
    else if (this.#aside?.has(key) !== true && this.#source !== undefined) {
      const half = TIMELINE_PAGE_MESSAGES / 2;
      const around = new TimelineWindow({ messages: [message], before: { cursor }, after: { cursor } });
      around.prepend(this.#source.before({ cursor }, half));
      around.extend(this.#source.after({ cursor }, half));
      this.#aside = around;
      this.#join(around);
    }
    this.#backTo = key;
    this.#focusOn(key);
  }

  /** So many messages further back than the last time. False when one is at the first one already. */
  toEarlier(count: number): boolean {
    let left = count;
    let from = this.#backTo;
    const pagesMax = Math.ceil(count / TIMELINE_PAGE_MESSAGES) + PAGES_LOOKED_THROUGH_MAX;
    for (let pages = 0; ; pages += 1) {
      const said = this.view().items.filter(({ kind }) => kind === "message");
      const found = said.findIndex(({ key }) => key === from);
      const at = found === -1 ? said.length : found;
      const isOver = at >= left || pages === pagesMax || !this.loadOlder();
      if (isOver) return this.#backOn(said[Math.max(0, at - left)]?.key);
      left -= at;
      from = said[0]?.key ?? from;
    }
  }

  #backOn(key: string | undefined): boolean {
    if (key === undefined || key === this.#backTo) return false;
    this.#backTo = key;
    this.#focusOn(key);
    return true;
  }

  toUnread(): void {
    if (this.#unread === undefined) return;
    this.#aside = undefined;
    for (let above = this.#live?.above; above !== null && this.#unread.key === undefined; above = this.#live?.above)
      if (!this.loadOlder() || this.#aside !== undefined) break;
    if (this.#unread.key !== undefined) this.#focusOn("unread");
  }

  /** The nearest one above (-1) or below what was looked at last. */
  toMention(step: 1 | -1): void {
    for (let pages = 0; pages <= PAGES_LOOKED_THROUGH_MAX; pages += 1) {
      const { items } = this.view();
      const at = items.findIndex(({ key }) => key === this.#focus?.key);
      const from = at === -1 ? items.length : at;
      const isOne = (item: Timeline["items"][number]): boolean => item.kind === "message" && item.isMention;
      const found =
        step === -1
          ? items.slice(0, from).findLast((item) => isOne(item))
          : items.slice(from + 1).find((item) => isOne(item));
      if (found !== undefined) return this.#focusOn(found.key);
      if (!(step === -1 ? this.loadOlder() : this.loadNewer())) return;
    }
  }

  #focusOn(key: string): void {
    this.#focus = { key, count: (this.#focus?.count ?? 0) + 1 };
    this.touch();
  }

  // ---- what is shown

  /** Something that is shown may be another. */
  touch(): void {
    this.#shown = undefined;
  }

  /** What it holds of the newest stretch cannot be trusted any more: late ones came for which no place was found. */
  get isInDoubt(): boolean {
    return this.#isInDoubt;
  }

  /** Read anew from disk. */
  settleDoubt(): void {
    this.#isInDoubt = false;
    const live = this.#live;
    if (live === undefined || this.#source === undefined) return;
    live.replaceBy(this.#source.newest(HISTORY_PAGE_MAX));
    this.touch();
  }

  message(id: Message["id"]): Message | undefined {
    return this.#live?.message(id) ?? this.#aside?.message(id);
  }

  view(missing = 0): Timeline {
    const version = this.#eyes.versionOf(this.#of);
    const edge = this.#edge(missing);
    if (this.#shown !== undefined && this.#shownVersion === version && this.#shownEdge === edge) return this.#shown;
    this.#shownVersion = version;
    this.#shownEdge = edge;
    const window = this.#aside ?? this.#load(0);
    const isAtOldest = window.above === null;
    const items = this.#items.make(window.entries, {
      edge,
      unread: this.#unread?.shown,
    });
    this.#shown = { items, isAtNewest: this.isAtNewest, isAtOldest, focus: this.#focus };
    return this.#shown;
  }

  #edge(missing: number): string | undefined {
    const { chat } = this.#eyes.texts;
    if (missing > 0) return chat.fetching(missing);
    const { above } = this.#aside ?? this.#load(0);
    return above === null && this.#of !== null ? chat.beginning : undefined;
  }
}
