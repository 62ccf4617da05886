import type { Catalogue } from "../catalogue/catalogue.ts";
import type { Completion } from "../composer/completion.ts";
import type { Span } from "../feed/shown-line.ts";
import type { Panel, PanelHost } from "../panels/panel.ts";
import type { Banner, Header, Members, StatusView, TabKey, TabRow, Timeline } from "./chat-view.ts";

/**
 * All that a screen of several conversations shows and does; `openChat` makes one. It listens to the engine; whoever draws listens to it, and asks for what it
 * draws. Nothing here throws for what others did, and nothing that is asked for costs more than what is shown.
 */
export interface Chat {
  readonly texts: Catalogue;
  /** Calls back when something that is shown may be another; many changes may be told as one. Returns the way to stop. */
  onChange(listener: () => void): () => void;
  close(): void;

  tabs(): readonly TabRow[];
  active(): TabRow;
  header(): Header;
  timeline(): Timeline;
  members(): Members;
  status(): StatusView;
  banner(): Banner | null;
  /** In front; undefined: the conversation is. */
  panel(): Panel | undefined;
  readonly panels: PanelHost;

  activate(tab: TabKey): void;
  /** Next and previous in the list, round and round. */
  activateBeside(step: 1 | -1): void;
  /** Where something waits, the loudest first; back to where one came from when nothing does. */
  activateNextActive(): void;
  activateLast(): void;
  closeTab(tab: TabKey): void;
  /** A list of all conversations and rooms to choose from by a few letters. */
  openSwitcher(): void;
  openSearch(): void;
  /** The commands and keys; `keys`: as the front end has them now. */
  openHelp(keys: readonly { readonly keys: string; readonly says: string }[]): void;

  /** Towards the beginning, from disk. False when nothing more is there. */
  loadOlder(): boolean;
  /** Back towards the newest, after a jump or many pages. */
  loadNewer(): boolean;
  jumpToNewest(): void;
  jumpToUnread(): void;
  jumpToMention(step: 1 | -1): void;
  /** Whether what is on the screen ends above the newest: then nothing of it is let go, however much is said below. */
  isReadBack(isBack: boolean): void;
  /** What is on the screen is being looked at, down to the newest: it counts as read after a moment. */
  isLookedAt(): void;
  markUnread(): void;
  markAllRead(): void;

  /** What the program itself has to say meanwhile ("this Papo hosts the tracker now"), safe: it stands in the first tab. */
  say(text: string): void;

  /** What was typed and not sent in the active tab. */
  draft(): string;
  setDraft(text: string): void;
  /** Lines sent before, oldest first: of the active tab, or of all. */
  inputHistory(of: "tab" | "all"): readonly string[];
  /** Enter. Resolves when the line has been taken: a command may go on. */
  submit(line: string): Promise<void>;
  /** A command that was not typed, as that of a key: the line being typed stays as it is. */
  run(command: string): Promise<void>;
  /** For the cursor at `at` (UTF-16 units) in `line`. */
  complete(line: string, at: number): Promise<Completion | undefined>;
  /** How the command that is being typed is used; null when none is. */
  usageHint(line: string): readonly Span[] | null;
  /** The message that the next line will answer. */
  replyingTo(): readonly Span[] | null;
  cancelReply(): void;
}
