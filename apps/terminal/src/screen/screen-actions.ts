import type { Chat, TabRow } from "@papo/view-model";
import type { Action } from "../input/actions.ts";
import type { Fold } from "./layout.ts";
import type { TimelinePane } from "./timeline-pane.ts";

/** What keys work on, beside the line being typed. */
export interface ActionScreen {
  readonly chat: Chat;
  readonly timeline: TimelinePane;
  /** As it is seen now. */
  readonly isShown: { readonly tabs: boolean; readonly members: boolean };
  fold(list: "tabs" | "members", fold: Fold): void;
  /** Rows down; negative: up. */
  scrollMembers(rows: number): void;
  toggleMouse(): void;
  redraw(): void;
  suspend(): void;
  openHelp(): void;
}

/** Rows that the wheel and the keys for a few lines move. */
export const FEW_ROWS = 3;

type Act = (screen: ActionScreen) => void;

/** What each key does that does not edit the line. */
const ACTS: Readonly<Partial<Record<Action, Act>>> = {
  ...Object.fromEntries(
    Array.from({ length: 10 }, (_, at): [string, Act] => [`tab-${at + 1}`, ({ chat }) => activateNumber(chat, at + 1)]),
  ),
  "tab-next": ({ chat }) => chat.activateBeside(1),
  "tab-previous": ({ chat }) => chat.activateBeside(-1),
  "tab-next-active": ({ chat }) => chat.activateNextActive(),
  "tab-last": ({ chat }) => chat.activateLast(),
  "tab-next-unread": ({ chat }) => activateUnread(chat, 1),
  "tab-previous-unread": ({ chat }) => activateUnread(chat, -1),
  switcher: ({ chat }) => chat.openSwitcher(),
  search: ({ chat }) => chat.openSearch(),
  help: (screen) => screen.openHelp(),
  "mark-unread": ({ chat }) => chat.markUnread(),
  "mark-all-read": ({ chat }) => chat.markAllRead(),
  "page-up": (screen) => page(screen, 1),
  "page-down": (screen) => page(screen, -1),
  "scroll-up": (screen) => scrollTimeline(screen, FEW_ROWS),
  "scroll-down": (screen) => scrollTimeline(screen, -FEW_ROWS),
  "scroll-to-start": ({ chat, timeline }) => timeline.toStart(chat.active().key, () => chat.timeline(), loads(chat)),
  "scroll-to-end": ({ chat, timeline }) => {
    if (!chat.timeline().isAtNewest) chat.jumpToNewest();
    timeline.toEnd(chat.active().key);
  },
  "first-unread": ({ chat }) => chat.jumpToUnread(),
  "mention-previous": ({ chat }) => chat.jumpToMention(-1),
  "mention-next": ({ chat }) => chat.jumpToMention(1),
  "toggle-tabs": (screen) => screen.fold("tabs", screen.isShown.tabs ? "hidden" : "shown"),
  "toggle-members": (screen) => screen.fold("members", screen.isShown.members ? "hidden" : "shown"),
  "members-up": (screen) => screen.scrollMembers(-FEW_ROWS),
  "members-down": (screen) => screen.scrollMembers(FEW_ROWS),
  "toggle-mouse": (screen) => screen.toggleMouse(),
  redraw: (screen) => screen.redraw(),
  suspend: (screen) => screen.suspend(),
};

/** Whether the action was one of the screen's. */
export function act(action: Action, screen: ActionScreen): boolean {
  const does = ACTS[action];
  does?.(screen);
  return does !== undefined;
}

/** Up by so many rows of the timeline; negative: down. */
export function scrollTimeline({ chat, timeline }: ActionScreen, rows: number): void {
  timeline.scroll(chat.active().key, () => chat.timeline(), rows, loads(chat));
}

function page({ chat, timeline }: ActionScreen, pages: 1 | -1): void {
  timeline.page(chat.active().key, () => chat.timeline(), pages, loads(chat));
}

function loads(chat: Chat): { older(): boolean; newer(): boolean } {
  return { older: () => chat.loadOlder(), newer: () => chat.loadNewer() };
}

function activateNumber(chat: Chat, number: number): void {
  const tab = chat.tabs().find((row) => row.number === number);
  if (tab !== undefined) chat.activate(tab.key);
}

/** The next tab in the list in which something waits, round and round. */
function activateUnread(chat: Chat, step: 1 | -1): void {
  const tabs = step === 1 ? chat.tabs() : chat.tabs().toReversed();
  const at = tabs.findIndex(({ key }) => key === chat.active().key);
  const others = [...tabs.slice(at + 1), ...tabs.slice(0, Math.max(0, at))];
  const next = others.find(isWaiting);
  if (next !== undefined) chat.activate(next.key);
}

function isWaiting({ unread, attention }: TabRow): boolean {
  return unread > 0 || attention === "mention" || attention === "private" || attention === "message";
}
