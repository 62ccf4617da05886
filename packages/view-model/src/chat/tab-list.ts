import type { Conversation } from "@papo/peer/api";
import { TABS_MAX } from "@papo/protocol";
import { conversationKey } from "../conversation-key.ts";
import { isLouder } from "./attention.ts";
import type { TabKey, TabRow } from "./chat-view.ts";
import { Tab, type TabParts } from "./tab.ts";

/** The tabs in the order of their numbers, home first, and which of them is on the screen. */
export class TabList {
  readonly #parts: TabParts;
  readonly #home: Tab;
  #tabs: readonly Tab[];
  readonly #tabByConversation = new Map<string, Tab>();
  #active: Tab;
  #last: Tab | undefined;
  /** Where somebody was who goes from one tab in which something waits to the next. */
  #origin: Tab | undefined;
  #count = 1;
  #rows: readonly TabRow[] | undefined;

  constructor(parts: TabParts) {
    this.#parts = parts;
    this.#home = new Tab("home" as TabKey, 1, null, parts);
    this.#tabs = [this.#home];
    this.#active = this.#home;
  }

  get home(): Tab {
    return this.#home;
  }

  get active(): Tab {
    return this.#active;
  }

  get last(): Tab | undefined {
    return this.#last;
  }

  all(): readonly Tab[] {
    return this.#tabs;
  }

  byKey(key: TabKey): Tab | undefined {
    return this.#tabs.find((tab) => tab.key === key);
  }

  of(conversation: Conversation): Tab | undefined {
    return this.#tabByConversation.get(conversationKey(conversation));
  }

  /** The one it has, or a new one with the lowest number that no tab has. Undefined when there are too many. */
  open(conversation: Conversation): Tab | undefined {
    const known = this.of(conversation);
    if (known !== undefined || this.#tabs.length >= TABS_MAX) return known;
    const at = this.#tabs.findIndex((tab, index) => tab.number !== index + 1);
    const place = at === -1 ? this.#tabs.length : at;
    this.#count += 1;
    const tab = new Tab(`tab ${this.#count}` as TabKey, place + 1, conversation, this.#parts);
    this.#tabs = [...this.#tabs.slice(0, place), tab, ...this.#tabs.slice(place)];
    this.#tabByConversation.set(conversationKey(conversation), tab);
    this.touch();
    return tab;
  }

  /** The others keep their numbers. */
  close(tab: Tab): void {
    if (tab.of === null) return;
    this.#tabs = this.#tabs.filter((other) => other !== tab);
    this.#tabByConversation.delete(conversationKey(tab.of));
    if (this.#last === tab) this.#last = undefined;
    if (this.#origin === tab) this.#origin = undefined;
    this.touch();
  }

  /** Where one is when the active one goes. */
  beforeClosing(): Tab {
    const at = this.#tabs.indexOf(this.#active);
    const last = this.#last === this.#home ? undefined : this.#last;
    return last ?? this.#tabs[at + 1] ?? this.#tabs[at - 1] ?? this.#home;
  }

  activate(tab: Tab, way: "asked" | "next-active"): void {
    if (way === "asked") this.#origin = undefined;
    else this.#origin ??= this.#active;
    this.#last = this.#active;
    this.#active = tab;
  }

  beside(step: 1 | -1): Tab {
    const { length } = this.#tabs;
    const at = this.#tabs.indexOf(this.#active);
    return this.#tabs[(at + step + length) % length] ?? this.#home;
  }

  /** Where something waits, the loudest first, then in the order of the list from here. */
  nextActive(): Tab | undefined {
    const at = this.#tabs.indexOf(this.#active);
    const around = [...this.#tabs.slice(at + 1), ...this.#tabs.slice(0, Math.max(0, at))];
    let best: Tab | undefined;
    for (const tab of around) if (isLouder(tab.row().attention, best?.row().attention ?? "low")) best = tab;
    return best;
  }

  /** Where somebody was who went from one to the next. */
  get origin(): Tab | undefined {
    return this.#origin;
  }

  // ---- as they are shown

  touch(): void {
    this.#rows = undefined;
  }

  touchAll(): void {
    for (const tab of this.#tabs) tab.touch();
    this.touch();
  }

  rows(): readonly TabRow[] {
    return (this.#rows ??= this.#tabs.map((tab) => tab.row()));
  }

  /** In which something waits, the loudest first. */
  hot(): readonly TabRow[] {
    const waiting = this.rows().filter(({ key, attention }) => key !== this.#active.key && isLouder(attention, "low"));
    return waiting.toSorted(
      (one, other) =>
        Number(isLouder(other.attention, one.attention)) - Number(isLouder(one.attention, other.attention)),
    );
  }
}
