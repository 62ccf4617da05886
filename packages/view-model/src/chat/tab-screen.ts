import type { Conversation } from "@papo/peer/api";
import { decodeWith, type Fault, type Outcome, SLOW_ANSWER_NOTICE_MS, type Username, username } from "@papo/protocol";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { CommandScreen, ScreenKind } from "../commands/command.ts";
import { helpOn } from "../commands/help-lines.ts";
import type { Shelf } from "../commands/shelf.ts";
import type { TabActions } from "../commands/tab-actions.ts";
import { excerptOf } from "../excerpt.ts";
import { faultSentence } from "../fault-sentence.ts";
import { memberLines } from "../feed/member-list.ts";
import { ownKeyLine } from "../feed/keys.ts";
import { type ShownLine, textLine } from "../feed/shown-line.ts";
import { trackerLines } from "../feed/tracker.ts";
import { shownName } from "../names/shown-name.ts";
import { shownRoomName } from "../names/shown-room-name.ts";
import { openHelp } from "../flows/help-panel.ts";
import { openText } from "../panels/text-panel.ts";
import type { ChatPeer, ChatPorts } from "./chat-ports.ts";
import { privateUserLines } from "./private-users.ts";
import type { Tab } from "./tab.ts";

export type TabScreenParts = {
  readonly ports: ChatPorts;
  readonly texts: Catalogue;
  readonly tabs: TabActions;
  shelf(): Shelf;
  show(tab: Tab, lines: readonly ShownLine[]): void;
  /** Its tab goes; `says`: told in the one that is on the screen then. */
  close(tab: Tab, says?: ShownLine): void;
  /** That this room ends is no news. */
  expectEnd(tab: Tab): void;
  decided(username: Username, decision: "accept" | "block"): void;
  goBack(): void;
};

/** What commands find in the tab in which they were typed, and where they answer. */
export class TabScreen implements CommandScreen {
  readonly tab: Tab;
  readonly tabs: TabActions;
  readonly #parts: TabScreenParts;

  constructor(tab: Tab, parts: TabScreenParts) {
    this.tab = tab;
    this.tabs = parts.tabs;
    this.#parts = parts;
  }

  get kind(): ScreenKind {
    return this.tab.of?.kind ?? "menu";
  }

  get conversation(): Conversation | null {
    return this.tab.of;
  }

  get peer(): ChatPeer {
    return this.#parts.ports.peer;
  }

  get texts(): Catalogue {
    return this.#parts.texts;
  }

  get nowMs(): number {
    return this.#parts.ports.clock.wallMs();
  }

  get shelf(): Shelf {
    return this.#parts.shelf();
  }

  // ---- answers

  show(lines: readonly ShownLine[]): void {
    if (lines.length > 0) this.#parts.show(this.tab, lines);
  }

  succeeded(text: string): void {
    this.show([{ spans: [{ text, tone: "good" }] }]);
  }

  failed(text: string): void {
    this.show([{ spans: [{ text, tone: "bad" }] }]);
  }

  failedBy(fault: Fault): void {
    const isAway = fault.code === "tracker_unreachable" && this.peer.self !== undefined;
    this.failed(isAway ? this.texts.classic.trackerAway : faultSentence(this.texts, fault));
  }

  async patiently<T>(work: Promise<T>): Promise<T> {
    const waiting = { spans: [{ text: this.texts.classic.waitingForTracker, tone: "muted" }] } as const;
    const timer = this.#parts.ports.clock.after(SLOW_ANSWER_NOTICE_MS, () => this.show([waiting]));
    try {
      return await work;
    } finally {
      timer.cancel();
    }
  }

  async showQr(text: string): Promise<void> {
    openText(this.tabs.panels, { title: this.texts.chat.qrTitle, lines: [textLine(text)], qr: text });
  }

  saveFile(name: string, lines: AsyncIterable<string>): Promise<Outcome<string>> {
    return this.#parts.ports.saveFile(name, lines);
  }

  // ---- what every screen does its own way

  showUsers(): void {
    const { peer, texts, tab } = this;
    const room = tab.of?.kind === "room" ? peer.room(tab.of.id) : undefined;
    const away = trackerLines(peer.trackerState(), this.nowMs, texts);
    const ownKey = peer.account === undefined ? [] : [ownKeyLine(peer.account, texts)];
    if (room !== undefined) this.show([...memberLines(room, texts), ...ownKey, ...away]);
    else if (tab.of?.kind === "private")
      this.show([...privateUserLines(tab.of.username, peer, texts), ...ownKey, ...away]);
  }

  showHelp(about: string): void {
    if (about === "") return openHelp(this, []);
    const lines = helpOn(about, this.texts);
    if (lines === undefined) this.failed(this.texts.classic.noSuchCommand(excerptOf(about)));
    else this.show(lines);
  }

  async deleteRoom(): Promise<void> {
    const { tab, peer } = this;
    if (tab.of?.kind !== "room") return;
    const { classic, kept } = this.texts;
    const room = peer.room(tab.of.id);
    const name = room === undefined ? "?" : shownRoomName(room.name);
    this.#parts.expectEnd(tab);
    const outcome = await this.patiently(peer.deleteRoom(tab.of.id));
    if (!outcome.ok && outcome.fault.code === "not_owner") return this.failed(classic.roomNotDeletable(name));
    if (!outcome.ok) return this.failedBy(outcome.fault);
    if (room?.log === undefined) return this.#parts.close(tab, textLine(classic.roomDeleted(name)));
    this.succeeded(classic.roomDeleted(name));
    this.show([textLine(kept.closedForAll(name))]);
  }

  async leave(): Promise<void> {
    const { tab, peer } = this;
    if (tab.of === null) return;
    if (tab.of.kind === "private") {
      peer.leavePrivate(tab.of.username);
      return this.#parts.close(tab);
    }
    const { title } = tab.row();
    this.#parts.expectEnd(tab);
    const outcome = await this.patiently(peer.leaveRoom(tab.of.id));
    if (!outcome.ok && outcome.fault.code !== "not_member") return this.failedBy(outcome.fault);
    this.#parts.close(tab, textLine(this.texts.classic.roomLeft(title)));
  }

  async back(): Promise<void> {
    this.#parts.goBack();
  }

  async decideKeyChange(typed: string, decision: "accept" | "block"): Promise<void> {
    const { classic } = this.texts;
    const name = this.#nameMeant(typed);
    if (name === undefined) return this.failed(classic.noKeyChange(excerptOf(typed)));
    const outcome = await this.peer.decideKeyChange(name, decision);
    if (outcome.ok) {
      this.#parts.decided(name, decision);
      return this.succeeded((decision === "accept" ? classic.accepted : classic.blocked)(shownName(name)));
    }
    if (outcome.fault.code !== "peer_missing") return this.failedBy(outcome.fault);
    return this.#answerContact(name, decision);
  }

  /** No key waits: somebody who wrote before may be let in again, or kept out. */
  async #answerContact(name: Username, answer: "accept" | "block"): Promise<void> {
    const { classic, kept } = this.texts;
    const answered = await this.peer.answerContact(name, answer);
    if (!answered.ok && answered.fault.code !== "peer_missing") this.failedBy(answered.fault);
    else if (!answered.ok) this.failed(classic.noKeyChange(shownName(name)));
    else this.succeeded((answer === "accept" ? kept.contactAccepted : kept.contactBlocked)(shownName(name)));
  }

  /** Somebody whose key waits for an answer, whatever the capitals; anybody else exactly as typed. */
  #nameMeant(typed: string): Username | undefined {
    const asked = this.peer.keyChanges().map((change) => change.username);
    const near =
      asked.find((name) => name === typed) ?? asked.find((name) => name.toLowerCase() === typed.toLowerCase());
    const decoded = decodeWith(username, typed);
    return near ?? (decoded.ok ? decoded.value : undefined);
  }
}
