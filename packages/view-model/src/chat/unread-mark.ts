import { type Entry, isToBeRead } from "./entry.ts";
import type { Eyes } from "./eyes.ts";
import type { Around } from "./timeline-items.ts";

/** The mark above the first message that was not read when a tab was opened. */
export class UnreadMark {
  readonly #count: number;
  readonly #upTo: string | undefined;
  readonly #eyes: Eyes;
  #key: string | undefined;

  /** `count`: so many of the newest of `entries` that others said. The first of them may stand above what is loaded. */
  constructor(count: number, entries: readonly Entry[], eyes: Eyes) {
    this.#count = count;
    this.#upTo = entries.at(-1)?.key;
    this.#eyes = eyes;
    this.find(entries);
  }

  /** Of the entry below it; undefined while that is not loaded. */
  get key(): string | undefined {
    return this.#key;
  }

  get shown(): Around["unread"] {
    return this.#key === undefined ? undefined : { key: this.#key, label: this.#eyes.texts.chat.unread(this.#count) };
  }

  /** Counted back from where the newest was when they were counted. */
  find(entries: readonly Entry[]): void {
    if (this.#key !== undefined) return;
    let left = this.#count;
    for (let at = entries.findLastIndex(({ key }) => key === this.#upTo); at >= 0; at -= 1) {
      const entry = entries[at];
      if (entry?.kind !== "message" || !isToBeRead(entry.message)) continue;
      if (!this.#eyes.isIgnored(entry.message.author)) left -= 1;
      if (left > 0) continue;
      this.#key = entry.key;
      return;
    }
  }
}
