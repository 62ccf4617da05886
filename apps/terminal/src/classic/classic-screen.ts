import type { Conversation } from "@papo/peer/api";
import type { Fault, Outcome } from "@papo/protocol";
import { type CommandScreen, type ScreenKind, Shelf, type ShownLine } from "@papo/view-model";
import type { ClassicSession } from "./classic-session.ts";
import { decideKeyChange, showHelp } from "./converse.ts";
import { qrLines } from "./qr-lines.ts";
import { saveLines } from "./save-lines.ts";

/** What commands find on every classic screen: all of them write one line under the other. */
export abstract class ClassicScreen implements CommandScreen {
  abstract readonly kind: ScreenKind;
  abstract readonly conversation: Conversation | null;
  readonly session: ClassicSession;
  readonly tabs = null;
  readonly shelf = new Shelf();

  constructor(session: ClassicSession) {
    this.session = session;
  }

  get peer(): CommandScreen["peer"] {
    return this.session.peer;
  }

  get texts(): CommandScreen["texts"] {
    return this.session.texts;
  }

  get nowMs(): number {
    return this.session.feedView().atMs;
  }

  show(lines: readonly ShownLine[]): void {
    this.session.show(lines);
  }

  succeeded(text: string): void {
    this.session.succeeded(text);
  }

  failed(text: string): void {
    this.session.failed(text);
  }

  failedBy(fault: Fault): void {
    this.session.failedBy(fault);
  }

  patiently<T>(work: Promise<T>): Promise<T> {
    return this.session.patiently(work);
  }

  async showQr(text: string): Promise<void> {
    const lines = await qrLines(text);
    const columns = lines[0]?.spans[0]?.text.length ?? 0;
    const { size } = this.session.console;
    // Broken into pieces it would be of no use.
    if (size === undefined || columns <= size.columns) this.session.show(lines);
    if (size !== undefined && (columns > size.columns || lines.length >= size.rows))
      this.session.say(this.texts.kept.qrLarge(columns, lines.length + 1));
  }

  saveFile(name: string, lines: AsyncIterable<string>): Promise<Outcome<string>> {
    return saveLines(name, lines);
  }

  showHelp(about: string): void {
    showHelp(this.session, this, about);
  }

  decideKeyChange(name: string, decision: "accept" | "block"): Promise<void> {
    return decideKeyChange(this.session, name, decision);
  }

  abstract showUsers(): void;
  abstract deleteRoom(): Promise<void>;
  abstract leave(): Promise<void>;
  abstract back(): Promise<void>;
}
