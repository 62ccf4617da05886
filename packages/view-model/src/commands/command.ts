import type { Conversation, HistoryApi, PeerApi, RoomLogApi, TrustApi } from "@papo/peer/api";
import type { Fault, Outcome } from "@papo/protocol";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { CommandId } from "../catalogue/text-shapes.ts";
import type { ShownLine } from "../feed/shown-line.ts";
import type { Shelf } from "./shelf.ts";
import type { TabActions } from "./tab-actions.ts";

export type ScreenKind = "room" | "private" | "menu";

/** What a command does its work with, and where it says what came of it. */
export interface CommandScreen {
  readonly kind: ScreenKind;
  /** Null at a menu. */
  readonly conversation: Conversation | null;
  readonly peer: PeerApi & RoomLogApi & HistoryApi & TrustApi;
  readonly texts: Catalogue;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
  /** What earlier commands on this screen left for later ones: the page that was looked at, what was found. */
  readonly shelf: Shelf;
  show(lines: readonly ShownLine[]): void;
  succeeded(text: string): void;
  failed(text: string): void;
  failedBy(fault: Fault): void;
  /** Says what is waited for when it takes its time. */
  patiently<T>(work: Promise<T>): Promise<T>;
  showQr(text: string): Promise<void>;
  /** Writes a new file of the user's choice, lines as they come. Gives the path. */
  saveFile(name: string, lines: AsyncIterable<string>): Promise<Outcome<string>>;

  /** Null on a screen of one conversation: commands that `need` tabs are refused there. */
  readonly tabs: TabActions | null;

  showUsers(): void;
  /** All commands of this screen, or the one that was asked about. */
  showHelp(about: string): void;
  deleteRoom(): Promise<void>;
  leave(): Promise<void>;
  back(): Promise<void>;
  decideKeyChange(name: string, decision: "accept" | "block"): Promise<void>;
}

/** Under which heading help lists it. */
export type CommandTopic = "talk" | "rooms" | "people" | "trust" | "search" | "screen";

/**
 * What stands in the place of an argument, for completing it. The last one of a command takes the rest of the line where it is a `text`, `file`, `room` or
 * `conversation`; every other one is a word.
 */
export type ArgumentKind =
  /** Somebody in this conversation. */
  | "member"
  /** Anybody known. */
  | "person"
  /** A room, a private chat or the number of a tab. */
  | "conversation"
  | "room"
  /** Somebody who is ignored. */
  | "ignored"
  /** Somebody who was banned from this room. */
  | "banned"
  | "level"
  | "role"
  | "roomKind"
  | "history"
  | "onOff"
  | "revoke"
  | "emoji"
  | "number"
  | "command"
  | "file"
  /** Anything, in which names are completed as they are in what one says. */
  | "text"
  /** A word for which nothing can be proposed. */
  | "word";

/** A slash command. Its usage and help stand in the catalogue under its id. */
export type SlashCommand = {
  readonly id: CommandId;
  readonly topic: CommandTopic;
  /** Lower case, with the slash; the first is the report's, or the shortest. All work in every language. */
  readonly names: readonly [string, ...string[]];
  readonly worksIn: readonly ScreenKind[];
  /** Where it works besides on a screen of tabs, whose home counts as a menu. */
  readonly alsoInTabs?: readonly ScreenKind[];
  /** `something`: an argument that must not be empty. */
  readonly takes: "nothing" | "optional" | "something";
  readonly arguments: readonly ArgumentKind[];
  /** Where several conversations are open at once. */
  readonly needs?: "tabs";
  run(screen: CommandScreen, argument: string): Promise<void> | void;
};
