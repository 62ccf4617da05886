import type { Room } from "@papo/peer/api";
import { HISTORY_PAGE_MAX } from "@papo/protocol";
import { attentionOf } from "./attention.ts";
import type { ChatPorts } from "./chat-ports.ts";
import { isToBeRead } from "./entry.ts";
import type { People } from "./people.ts";
import type { Tab } from "./tab.ts";
import type { TabDesk } from "./tab-desk.ts";

/** What is unread is looked through for mentions this much apart, one tab after the other: a first frame waits for none of it. */
const BETWEEN_TABS_MS = 5;

export type TabOpeningParts = {
  readonly ports: ChatPorts;
  readonly people: People;
  readonly desk: TabDesk;
  changed(): void;
};

/** The tabs of an account that has just been opened. */
export class TabOpening {
  readonly #parts: TabOpeningParts;
  #queue: readonly Tab[] = [];
  #timer: { cancel(): void } | undefined;

  constructor(parts: TabOpeningParts) {
    this.#parts = parts;
  }

  /** The conversation in which something happened last, for the screen to begin with. */
  openAll(): Tab | undefined {
    const { peer } = this.#parts.ports;
    const { list } = this.#parts.desk;
    const listed = peer.conversations();
    const isWorthIt = ({ conversation, unread }: (typeof listed)[number]): boolean => {
      const room = conversation.kind === "room" ? peer.room(conversation.id) : undefined;
      return unread > 0 || room === undefined || !isOver(room);
    };
    const opened = listed.filter(isWorthIt).flatMap(({ conversation, unread }) => {
      const tab = list.open(conversation);
      if (tab === undefined) return [];
      if (unread > 0) tab.setUnread(unread, 0, attentionOf(conversation.kind, false, tab.level));
      return [tab];
    });
    for (const room of peer.rooms()) if (!isOver(room)) list.open({ kind: "room", id: room.id });
    this.#queue = opened.filter(({ unread }) => unread > 0);
    this.#countNext();
    return opened[0] ?? list.all()[1];
  }

  /** What counts as unread, and as meant for this user, is another now. */
  countAgain(): void {
    this.#queue = this.#parts.desk.list.all().filter(({ unread }) => unread > 0);
    this.#countNext();
  }

  close(): void {
    this.#timer?.cancel();
    this.#queue = [];
  }

  #countNext(): void {
    this.#timer?.cancel();
    if (this.#queue.length === 0) return;
    this.#timer = this.#parts.ports.clock.after(BETWEEN_TABS_MS, () => {
      const [tab, ...rest] = this.#queue;
      this.#queue = rest;
      if (tab !== undefined && tab !== this.#parts.desk.list.active) this.#countMentions(tab);
      this.#countNext();
    });
  }

  /** Those among the newest that fit on a page. */
  #countMentions(tab: Tab): void {
    const { ports, people, desk } = this.#parts;
    if (tab.of === null) return;
    const { count } = ports.peer.unread(tab.of);
    const page = ports.peer.history(tab.of, { limit: HISTORY_PAGE_MAX });
    if (!page.ok) return;
    const said = page.value.messages.filter((message) => isToBeRead(message) && !people.isIgnored(message.author));
    const mentions = count === 0 ? 0 : said.slice(-count).filter((message) => people.isMention(message)).length;
    tab.setUnread(count, mentions, count === 0 ? "none" : attentionOf(tab.of.kind, mentions > 0, tab.level));
    desk.list.touch();
    this.#parts.changed();
  }
}

/** Nothing can be said in it any more. */
export function isOver({ log }: Room): boolean {
  return log?.standing === "left" || log?.standing === "removed" || log?.standing === "closed";
}
