import type { Conversation, Message } from "@papo/peer/api";
import { TIMELINES_LOADED_MAX, type Username } from "@papo/protocol";
import { Shelf } from "../commands/shelf.ts";
import { conversationKey } from "../conversation-key.ts";
import type { ShownLine } from "../feed/shown-line.ts";
import { arrivalOf, nothingUnlooked } from "./arrivals.ts";
import { louder } from "./attention.ts";
import type { ChatPorts } from "./chat-ports.ts";
import type { Attention } from "./chat-view.ts";
import { type ComingOrGoing, isToBeRead, noticeIn } from "./entry.ts";
import type { People } from "./people.ts";
import type { Presences } from "./presences.ts";
import { Reading } from "./reading.ts";
import type { Tab } from "./tab.ts";
import { TabList } from "./tab-list.ts";

/** Late messages for which no place was found are put in order this much later, all together. */
const PUT_IN_ORDER_AFTER_MS = 500;
/** Of somebody who said nothing for so long it is not told that they come online or go offline. */
const SPOKE_LATELY_MS = 1_800_000;

export type TabDeskParts = {
  readonly ports: ChatPorts;
  readonly people: People;
  readonly presences: Presences;
  /** It is on the screen now. */
  activated(tab: Tab): void;
  changed(): void;
};

/** The tabs and what waits in them: what comes goes to its tab, and is counted until it has been looked at. */
export class TabDesk {
  readonly list: TabList;
  /** What commands leave for others, in whichever tab they are typed. */
  shelf = new Shelf();
  readonly #parts: TabDeskParts;
  readonly #reading: Reading;
  /** Last used, last: the first ones are forgotten. */
  readonly #loaded = new Set<Tab>();
  /** Conversations whose tabs the user has closed. */
  readonly #closed = new Set<string>();
  #unlooked = nothingUnlooked();
  /** Something came in the active tab that is not noted as read. */
  #hasNews = false;
  /** The user wants the active tab to stay unread. */
  #staysUnread = false;
  #doubt: { cancel(): void } | undefined;
  #outputs = 0;

  constructor(parts: TabDeskParts) {
    this.#parts = parts;
    const { ports, people, presences } = parts;
    this.list = new TabList({ peer: ports.peer, people, presences });
    this.#reading = new Reading({
      clock: ports.clock,
      unlooked: () => this.#wasNotLookedAt(),
      read: () => this.#wasRead(),
    });
  }

  close(): void {
    this.#leave();
    this.#doubt?.cancel();
  }

  // ---- which one is on the screen

  activate(tab: Tab, way: "asked" | "next-active" = "asked"): void {
    if (tab === this.list.active) return;
    this.#leave();
    this.list.activate(tab, way);
    tab.timeline.open(this.#unreadIn(tab));
    this.#remember(tab);
    if (tab.of === null) tab.setUnread(0, 0, "none");
    this.list.touch();
    this.#parts.activated(tab);
    this.#changed();
  }

  /** What was being read counts as read, if nothing else waited here. */
  #leave(): void {
    const { active } = this.list;
    const wasReading = this.#reading.stop();
    if (wasReading && active.unread === 0 && active.of !== null) void this.#parts.ports.peer.markRead(active.of);
    this.#countUnlooked();
    this.#hasNews = false;
    this.#staysUnread = false;
    active.timeline.leave();
  }

  #unreadIn({ of, unread }: Tab): number {
    const kept = of === null ? 0 : this.#parts.ports.peer.unread(of).count;
    return kept === 0 ? unread : kept;
  }

  #remember(tab: Tab): void {
    this.#loaded.delete(tab);
    this.#loaded.add(tab);
    const oldest = [...this.#loaded].find((loaded) => loaded !== this.list.active);
    if (this.#loaded.size <= TIMELINES_LOADED_MAX || oldest === undefined) return;
    this.#loaded.delete(oldest);
    oldest.timeline.forget();
  }

  /** Opens its tab, or shows the one it has. */
  open(conversation: Conversation): Tab | undefined {
    this.#closed.delete(conversationKey(conversation));
    const tab = this.list.open(conversation) ?? this.#openInstead(conversation);
    if (tab !== undefined) this.activate(tab);
    this.#changed();
    return tab;
  }

  /** Anybody may write to us, and so fill the list: whoever wants to go somewhere gets the place of a private chat, which comes back with its next message. */
  #openInstead(conversation: Conversation): Tab | undefined {
    const { active } = this.list;
    const given = this.list.all().find((tab) => tab.of?.kind === "private" && tab !== active && tab.draft === "");
    if (given === undefined) return undefined;
    this.#loaded.delete(given);
    this.list.close(given);
    return this.list.open(conversation);
  }

  closeTab(tab: Tab): void {
    if (tab.of === null) return;
    if (tab === this.list.active) this.activate(this.list.beforeClosing());
    this.#closed.add(conversationKey(tab.of));
    this.#loaded.delete(tab);
    this.list.close(tab);
    this.#changed();
  }

  /** All but home: another account, or none. */
  closeAll(): void {
    this.activate(this.list.home);
    for (const tab of this.list.all()) this.list.close(tab);
    this.#loaded.clear();
    this.#closed.clear();
    this.shelf = new Shelf();
  }

  isClosed(conversation: Conversation): boolean {
    return this.#closed.has(conversationKey(conversation));
  }

  // ---- what comes

  hear(message: Message): void {
    const { people } = this.#parts;
    people.remember(message);
    const tab = this.#tabFor(message);
    if (tab === undefined) return;
    tab.timeline.hear(message);
    if (tab.timeline.isInDoubt) this.#putInOrderLater();
    this.#count(message, tab);
    this.#changed();
  }

  /** Of a conversation whose tab was closed only what is meant for this user opens it again. */
  #tabFor(message: Message): Tab | undefined {
    const { conversation } = message;
    const known = this.list.of(conversation);
    if (known !== undefined) return known;
    if (conversation.kind === "private" && this.#parts.people.isIgnored(message.author)) return undefined;
    const isWanted = conversation.kind === "private" || message.own || this.#parts.people.isMention(message);
    if (this.isClosed(conversation) && !(isWanted && isToBeRead(message))) return undefined;
    this.#closed.delete(conversationKey(conversation));
    return this.list.open(conversation);
  }

  #count(message: Message, tab: Tab): void {
    const { people, ports } = this.#parts;
    const isActive = tab === this.list.active;
    if (people.isIgnored(message.author)) return;
    if (noticeIn(message) !== null && !isActive) return this.#wait(tab, 0, "low");
    if (!isToBeRead(message)) return;
    tab.spoke(message);
    const { isMention, attention, alert } = arrivalOf(message, tab, people);
    if (!isActive) {
      tab.count(1, isMention ? 1 : 0, attention);
      this.list.touch();
      if (alert !== undefined) ports.alert(alert);
      return;
    }
    this.#hasNews = true;
    this.#unlooked.count += 1;
    this.#unlooked.mentions += isMention ? 1 : 0;
    this.#unlooked.attention = louder(this.#unlooked.attention, attention);
    this.#unlooked.alert ??= alert;
    this.#reading.arrived();
  }

  #wait(tab: Tab, unread: number, attention: Attention): void {
    tab.count(unread, 0, attention);
    this.list.touch();
  }

  change(message: Message): void {
    const tab = this.list.of(message.conversation);
    tab?.timeline.change(message);
    if (tab?.answers?.id === message.id) tab.answers = message;
    this.#changed();
  }

  /** Somebody came or went: told where it is kept nowhere. */
  happened(of: Conversation, what: ComingOrGoing, who: Username): void {
    const tab = this.list.of(of);
    if (tab === undefined || who === this.#parts.ports.peer.self) return;
    const atMs = this.#parts.ports.clock.wallMs();
    const isPresence = what === "online" || what === "offline";
    if (isPresence && atMs - tab.spokeAt(who) > SPOKE_LATELY_MS) return;
    tab.timeline.add({ kind: "happening", key: this.#nextKey(), atMs, what, who });
    if (tab !== this.list.active && !this.#parts.people.isIgnored(who)) this.#wait(tab, 0, "low");
  }

  #nextKey(): string {
    this.#outputs += 1;
    return `o ${this.#outputs}`;
  }

  /** What a command answers, or the program has to say. `attention`: how much it asks for a look where one is not. */
  show(tab: Tab, lines: readonly ShownLine[], attention: Attention = "low"): void {
    this.#put(tab, { lines });
    if (tab !== this.list.active) this.#wait(tab, attention === "low" ? 0 : 1, attention);
    this.#changed();
  }

  /** What whoever comes into a conversation is to know. */
  greet(tab: Tab, lines: readonly ShownLine[]): void {
    this.#put(tab, { lines, isGreeting: true });
    this.#changed();
  }

  #put(tab: Tab, what: { readonly lines: readonly ShownLine[]; readonly isGreeting?: true }): void {
    if (!tab.timeline.isLoaded) {
      tab.timeline.open(tab.unread);
      this.#remember(tab);
    }
    tab.timeline.add({ kind: "output", key: this.#nextKey(), atMs: this.#parts.ports.clock.wallMs(), ...what });
  }

  #putInOrderLater(): void {
    this.#doubt ??= this.#parts.ports.clock.after(PUT_IN_ORDER_AFTER_MS, () => {
      this.#doubt = undefined;
      for (const tab of this.list.all()) if (tab.timeline.isInDoubt) tab.timeline.settleDoubt();
      this.#changed();
    });
  }

  // ---- what has been looked at

  isLookedAt(): void {
    const { active } = this.list;
    if (!active.timeline.isAtNewest) return;
    this.#unlooked = nothingUnlooked();
    this.#reading.looked(!this.#staysUnread && (this.#hasNews || active.unread > 0));
  }

  #wasRead(): void {
    const { active } = this.list;
    this.#hasNews = false;
    active.setUnread(0, 0, "none");
    if (active.of !== null) void this.#parts.ports.peer.markRead(active.of);
    this.list.touch();
    this.#changed();
  }

  #wasNotLookedAt(): void {
    const { active } = this.list;
    const { count, alert } = this.#unlooked;
    if (active.unread === 0) active.timeline.marksUnread(count);
    this.#countUnlooked();
    if (alert !== undefined) this.#parts.ports.alert(alert);
    this.#changed();
  }

  #countUnlooked(): void {
    const { count, mentions, attention } = this.#unlooked;
    this.#unlooked = nothingUnlooked();
    if (count === 0) return;
    this.list.active.count(count, mentions, attention);
    this.list.touch();
  }

  markUnread(): void {
    const { active } = this.list;
    if (active.of === null) return;
    this.#reading.stop();
    this.#staysUnread = true;
    active.setUnread(1, 0, active.of.kind === "private" ? "private" : "message");
    active.timeline.marksUnread(1);
    this.list.touch();
    this.#changed();
  }

  markAllRead(): void {
    for (const tab of this.list.all()) {
      if (tab.row().attention === "none") continue;
      tab.setUnread(0, 0, "none");
      if (tab.of !== null) void this.#parts.ports.peer.markRead(tab.of);
    }
    this.#unlooked = nothingUnlooked();
    this.list.touch();
    this.#changed();
  }

  #changed(): void {
    this.#parts.changed();
  }
}
