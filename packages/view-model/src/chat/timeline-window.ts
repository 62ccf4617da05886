import type { Message } from "@papo/peer/api";
import { type Entry, type MessageEntry, messageEntry, messageKey, noticeIn } from "./entry.ts";
import { type Page, type Place, placeOf } from "./page-source.ts";

/** A stretch of one conversation without holes, in memory. */
export class TimelineWindow {
  #entries: Entry[] = [];
  readonly #entryByKey = new Map<string, MessageEntry>();
  /** What stands above the first one; null: nothing. */
  #above: Place | null;
  /** What stands below the last one; null: nothing, this is the newest. */
  #below: Place | null;

  constructor({ messages, before, after }: Page) {
    this.#above = before;
    this.#below = after;
    this.#put(messages, "below");
  }

  get entries(): readonly Entry[] {
    return this.#entries;
  }

  get above(): Place | null {
    return this.#above;
  }

  get below(): Place | null {
    return this.#below;
  }

  has(key: string): boolean {
    return this.#entryByKey.has(key);
  }

  message(id: Message["id"]): Message | undefined {
    return this.#entries.find((entry): entry is MessageEntry => entry.kind === "message" && entry.message.id === id)
      ?.message;
  }

  // ---- what happens

  append(entry: Entry): void {
    if (entry.kind === "message") this.#entryByKey.set(entry.key, entry);
    const last = this.#entries.at(-1);
    if (last !== undefined && isSaidBefore(entry, last)) this.#entries.splice(-1, 1, entry, last);
    else this.#entries.push(entry);
  }

  /** False when it does not stand here. */
  update(message: Message): boolean {
    const entry = this.#entryByKey.get(messageKey(message));
    if (entry === undefined) return false;
    entry.message = message;
    return true;
  }

  /** What answers this message quotes it: it says something else now, or is known only now. False when nothing here answers it. */
  quotesAnew({ id }: Message): boolean {
    let isQuoted = false;
    for (const entry of this.#entries) {
      if (entry.kind !== "message" || entry.message.kept?.replyTo !== id) continue;
      delete entry.shown;
      isQuoted = true;
    }
    return isQuoted;
  }

  /** It stands here with these very words. */
  says(message: Message): boolean {
    const known = this.#entryByKey.get(messageKey(message))?.message;
    return known !== undefined && known.content === message.content && known.kept?.gone === message.kept?.gone;
  }

  insertBefore(key: string, message: Message): void {
    const at = this.#entries.findIndex((entry) => entry.key === key);
    const entry = messageEntry(message);
    this.#entryByKey.set(entry.key, entry);
    this.#entries.splice(at, 0, entry);
  }

  /** Nothing of it is shown any more; what is kept is still above. */
  clear(): void {
    if (this.#entryByKey.size > 0) this.#above = "end";
    this.#entries = [];
    this.#entryByKey.clear();
  }

  // ---- pages

  prepend({ messages, before }: Page): void {
    this.#above = before;
    this.#put(messages, "above");
  }

  extend({ messages, after }: Page): void {
    this.#below = after;
    this.#put(messages, "below");
  }

  #put(messages: readonly Message[], where: "above" | "below"): void {
    const fresh = messages.filter((message) => !this.#entryByKey.has(messageKey(message))).map(messageEntry);
    for (const entry of fresh) this.#entryByKey.set(entry.key, entry);
    this.#entries = where === "above" ? [...fresh, ...this.#entries] : [...this.#entries, ...fresh];
  }

  /** `other` begins where this one ends, or before: what it has above goes to it. */
  joinAbove(other: TimelineWindow): void {
    const above = this.#entries.filter((entry) => entry.kind !== "message" || !other.has(entry.key));
    other.#above = this.#above;
    for (const entry of above) if (entry.kind === "message") other.#entryByKey.set(entry.key, entry);
    other.#entries = [...above, ...other.#entries];
  }

  // ---- bounds

  /** Those above the newest `count` go; they are where they came from. */
  trimAbove(count: number): void {
    const from = this.#entries.length - count;
    const at = this.#entries.findIndex((entry, index) => index >= from && isAPlace(entry));
    if (at === -1) return this.#trimBetween(from);
    const first = this.#entries[at];
    if (at === 0 || first?.kind !== "message") return;
    this.#drop(0, at);
    this.#above = placeOf(first.message);
  }

  /** Nothing among the newest is a place to read on from: they stand behind the last one that is, and what others did between the two is let go. */
  #trimBetween(from: number): void {
    if (from <= 0) return;
    const at = this.#entries.findLastIndex((entry) => isAPlace(entry));
    const last = this.#entries[at];
    this.#drop(at + 1, from);
    if (last?.kind !== "message") return;
    this.#drop(0, at);
    this.#above = placeOf(last.message);
  }

  #drop(from: number, to: number): void {
    for (const entry of this.#entries.splice(from, to - from)) this.#entryByKey.delete(entry.key);
  }

  /** Those below the oldest `count` go. */
  trimBelow(count: number): void {
    const at = this.#entries.findLastIndex((entry, index) => index < count && isAPlace(entry));
    const last = this.#entries[at];
    if (last?.kind !== "message" || at === this.#entries.length - 1) return;
    this.#drop(at + 1, this.#entries.length);
    this.#below = placeOf(last.message);
  }

  /** The same stretch, which goes its own way from here. Entries are shared: what a message has become shows in both. */
  copy(): TimelineWindow {
    const copy = new TimelineWindow({ messages: [], before: this.#above, after: this.#below });
    copy.#entries = [...this.#entries];
    for (const [key, entry] of this.#entryByKey) copy.#entryByKey.set(key, entry);
    return copy;
  }

  /** Read anew: what was kept nowhere stays behind the message that it stood behind. */
  replaceBy(page: Page): void {
    const isLocal = (entry: Entry): boolean => entry.kind !== "message";
    const behind = new Map<string, Entry[]>();
    let above = "";
    for (const entry of this.#entries) {
      if (!isLocal(entry)) above = entry.key;
      else behind.set(above, [...(behind.get(above) ?? []), entry]);
    }
    this.#entries = [];
    this.#entryByKey.clear();
    this.#above = page.before;
    this.#put(page.messages, "below");
    const anchored = this.#entries.flatMap((entry) => [entry, ...(behind.get(entry.key) ?? [])]);
    this.#entries = [...(behind.get("") ?? []), ...anchored];
  }
}

function isSaidBefore(entry: Entry, greeting: Entry): boolean {
  if (greeting.kind !== "output" || greeting.isGreeting !== true) return false;
  return entry.kind === "message" && entry.message.atMs < greeting.atMs;
}

/** What was said: from there the conversation can be read on in both directions. */
function isAPlace(entry: Entry): boolean {
  return entry.kind === "message" && noticeIn(entry.message) === null;
}
