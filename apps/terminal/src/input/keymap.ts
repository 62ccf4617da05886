import { safeText } from "@papo/protocol";
import type { Catalogue } from "@papo/view-model";
import { ACTIONS, type Action, isAction } from "./actions.ts";
import { parseChord, shownChord } from "./chords.ts";

/** A line to be run as if it had been typed: a command. */
export type CommandLine = `/${string}`;

/** What a key does. Undefined for a chord: nothing. */
export type Keymap = ReadonlyMap<string, Action | CommandLine>;

/**
 * Where habits collide: Ctrl-N and Ctrl-P are the next and previous tab, as in other chats (readline: history, here ↑ and ↓); Ctrl-F searches (readline: → does
 * that); Alt-← and Alt-→ are tabs (words: Ctrl-← and Ctrl-→, Alt-B and Alt-F); Ctrl-K cuts to the end of the line, as readline has it (in some chats it finds a
 * room: here Alt-K and Ctrl-G).
 */
const CHORDS: Readonly<Record<Action, readonly string[]>> = {
  submit: ["enter"],
  "insert-newline": ["alt-enter", "ctrl-j", "shift-enter"],
  complete: ["tab"],
  "complete-back": ["shift-tab"],
  "history-previous": ["up"],
  "history-next": ["down"],
  "history-previous-global": ["ctrl-up"],
  "history-next-global": ["ctrl-down"],
  "history-search": ["ctrl-r"],
  undo: ["ctrl-_", "ctrl-/"],
  cancel: ["escape"],
  interrupt: ["ctrl-c"],
  "end-of-input": ["ctrl-d"],
  "delete-backward": ["backspace", "shift-backspace"],
  "delete-forward": ["delete"],
  "move-left": ["left", "ctrl-b"],
  "move-right": ["right"],
  "move-word-left": ["alt-b", "ctrl-left"],
  "move-word-right": ["alt-f", "ctrl-right"],
  "move-to-start": ["ctrl-a", "home"],
  "move-to-end": ["ctrl-e", "end"],
  "kill-to-end": ["ctrl-k"],
  "kill-to-start": ["ctrl-u"],
  "kill-blank-word": ["ctrl-w"],
  "kill-word-left": ["alt-backspace", "ctrl-backspace"],
  "kill-word-right": ["alt-d", "ctrl-delete", "alt-delete"],
  yank: ["ctrl-y"],
  "yank-pop": ["alt-y"],
  transpose: ["ctrl-t"],
  "tab-1": ["alt-1"],
  "tab-2": ["alt-2"],
  "tab-3": ["alt-3"],
  "tab-4": ["alt-4"],
  "tab-5": ["alt-5"],
  "tab-6": ["alt-6"],
  "tab-7": ["alt-7"],
  "tab-8": ["alt-8"],
  "tab-9": ["alt-9"],
  "tab-10": ["alt-0"],
  "tab-next": ["ctrl-n", "alt-right", "ctrl-page-down"],
  "tab-previous": ["ctrl-p", "alt-left", "ctrl-page-up"],
  "tab-next-active": ["alt-a"],
  "tab-last": ["alt-/"],
  "tab-next-unread": ["shift-right"],
  "tab-previous-unread": ["shift-left"],
  switcher: ["alt-k", "ctrl-g"],
  "mark-unread": ["alt-shift-u"],
  "mark-all-read": ["alt-shift-a"],
  "page-up": ["page-up"],
  "page-down": ["page-down"],
  "scroll-up": ["alt-page-up", "shift-up"],
  "scroll-down": ["alt-page-down", "shift-down"],
  "scroll-to-start": ["alt-home", "ctrl-home"],
  "scroll-to-end": ["alt-end", "ctrl-end"],
  "first-unread": ["alt-u"],
  "mention-previous": ["alt-p"],
  "mention-next": ["alt-n"],
  search: ["ctrl-f", "ctrl-s"],
  "toggle-tabs": ["f7", "alt-shift-b"],
  "toggle-members": ["f8", "alt-shift-n"],
  "members-up": ["f11", "alt-shift-up"],
  "members-down": ["f12", "alt-shift-down"],
  "toggle-mouse": ["alt-m"],
  redraw: ["ctrl-l"],
  suspend: ["ctrl-z"],
  help: ["f1", "alt-?"],
};

export const DEFAULT_KEYMAP: Keymap = new Map(
  ACTIONS.flatMap((action) => CHORDS[action].map((chord) => [chord, action] as const)),
);

/** What cannot be bound: keys that type, words that no key has; and what no action and no command is. */
export type BindingProblem = "chord" | "action";

/** Whether one line of a key file says something: a chord, and an action, a command or nothing for it. */
export function bindingProblem(chord: string, does: string): BindingProblem | undefined {
  if (parseChord(chord) === undefined) return "chord";
  return does === "" || does.startsWith("/") || isAction(does) ? undefined : "action";
}

/** The usual keys, with what a user wants otherwise: a chord, and an action, a command with its slash, or nothing. What cannot be bound changes nothing. */
export function keymapWith(bindings: ReadonlyMap<string, string>): Keymap {
  const keymap = new Map(DEFAULT_KEYMAP);
  for (const [written, does] of bindings) {
    const chord = parseChord(written);
    if (chord === undefined) continue;
    if (does === "") keymap.delete(chord);
    else if (does.startsWith("/")) keymap.set(chord, does as CommandLine);
    else if (isAction(does)) keymap.set(chord, does);
  }
  return keymap;
}

/** Keys for people, `Ctrl-A, Home`, most usual first; empty when an action has none. */
export function shownKeys(keymap: Keymap, action: Action): string {
  const chords = [...keymap].filter(([, does]) => does === action).map(([chord]) => chord);
  return chords.map(shownChord).join(", ");
}

export type KeyHelp = { readonly keys: string; readonly says: string };

/** One line per action that has keys, then the user's own command lines. The ten tabs are one line while nobody has bound them otherwise. */
export function helpKeys(keymap: Keymap, { keys }: Catalogue): readonly KeyHelp[] {
  const hasUsualTabs = TABS.every((tab) => shownKeys(keymap, tab) === CHORDS[tab].map(shownChord).join(", "));
  const actions = ACTIONS.flatMap((action): readonly KeyHelp[] => {
    if (!hasUsualTabs || !TABS.includes(action)) return [{ keys: shownKeys(keymap, action), says: keys[action] }];
    return action === "tab-1" ? [{ keys: "Alt-1 … Alt-0", says: `${keys[action]} … 10` }] : [];
  });
  const lines = [...keymap].filter(([, does]) => does.startsWith("/"));
  return [
    ...actions.filter((line) => line.keys !== ""),
    ...lines.map(([chord, line]) => ({ keys: shownChord(chord), says: safeText(line) })),
  ];
}

const TABS: readonly Action[] = ACTIONS.filter((action) => /^tab-\d/u.test(action));
