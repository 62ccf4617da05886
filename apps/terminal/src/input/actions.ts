import type { Catalogue } from "@papo/view-model";

/** What a key can be bound to, besides typing and lines of their own. What each is good for stands in the catalogue; docs/keys.md lists them with their keys. */
export type Action = keyof Catalogue["keys"];

/** In the order in which people are told of them. */
export const ACTIONS = [
  // the line being typed
  "submit",
  "insert-newline",
  "complete",
  "complete-back",
  "history-previous",
  "history-next",
  "history-previous-global",
  "history-next-global",
  "history-search",
  "undo",
  "cancel",
  "interrupt",
  "end-of-input",
  "delete-backward",
  "delete-forward",
  "move-left",
  "move-right",
  "move-word-left",
  "move-word-right",
  "move-to-start",
  "move-to-end",
  "kill-to-end",
  "kill-to-start",
  "kill-blank-word",
  "kill-word-left",
  "kill-word-right",
  "yank",
  "yank-pop",
  "transpose",
  // tabs
  "tab-1",
  "tab-2",
  "tab-3",
  "tab-4",
  "tab-5",
  "tab-6",
  "tab-7",
  "tab-8",
  "tab-9",
  "tab-10",
  "tab-next",
  "tab-previous",
  "tab-next-active",
  "tab-last",
  "tab-next-unread",
  "tab-previous-unread",
  "switcher",
  "mark-unread",
  "mark-all-read",
  // the timeline
  "page-up",
  "page-down",
  "scroll-up",
  "scroll-down",
  "scroll-to-start",
  "scroll-to-end",
  "first-unread",
  "mention-previous",
  "mention-next",
  "search",
  // the screen
  "toggle-tabs",
  "toggle-members",
  "members-up",
  "members-down",
  "toggle-mouse",
  "redraw",
  "suspend",
  "help",
] as const satisfies readonly Action[];

export function isAction(text: string): text is Action {
  return (ACTIONS as readonly string[]).includes(text);
}
