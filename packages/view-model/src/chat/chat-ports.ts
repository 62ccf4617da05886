import type { HistoryApi, PeerApi, PreferencesApi, RoomLogApi, TrustApi } from "@papo/peer/api";
import type { Outcome } from "@papo/protocol";
import type { Language } from "../catalogue/language.ts";
import type { Alert } from "./chat-view.ts";

export type ChatPeer = PeerApi & RoomLogApi & HistoryApi & TrustApi & PreferencesApi;

/** The part of a clock that a screen needs. */
export interface ChatClock {
  /** Milliseconds since 1970. */
  wallMs(): number;
  /** Calls back once, `delayMs` from now. */
  after(delayMs: number, callback: () => void): { cancel(): void };
}

/** What the front end does for the model. */
export type ChatPorts = {
  readonly peer: ChatPeer;
  readonly clock: ChatClock;
  readonly language: Language;
  /** Whether plain rooms may be made. */
  readonly allowPlaintext: boolean;
  /** Writes a new file of the user's choice, lines as they come. Gives the path. */
  saveFile(name: string, lines: AsyncIterable<string>): Promise<Outcome<string>>;
  /** Names in the folder that a path being typed leads to, folders with a slash at the end; at most COMPLETIONS_MAX. Empty where there is no disk. */
  completePath(typed: string): Promise<readonly string[]>;
  alert(alert: Alert): void;
  /** The user wants to leave the program. */
  quit(): void;
};
