import type { Conversation } from "@papo/peer/api";
import { safeText, type Username } from "@papo/protocol";
import { shownName } from "@papo/view-model";
import type { ClassicSession } from "./classic-session.ts";
import { type ChatScreen, converse, decideKeyChange, showEarlier, showHelp } from "./converse.ts";
import type { Ending } from "./ending.ts";

export async function openPrivateChat(session: ClassicSession): Promise<Ending> {
  const { classic } = session.texts;
  const name = await session.askLine(classic.peerName);
  if (name === undefined) return "quit";
  if (name === "") return "menu";
  if (name === session.peer.self) {
    session.failed(classic.notYourself);
    return "menu";
  }
  const outcome = await session.patiently(session.peer.openPrivate(name), classic.waitingForPeer(safeText(name)));
  if (!outcome.ok) {
    session.failedBy(outcome.fault);
    return "menu";
  }
  const { username, encrypted } = outcome.value;
  const screen = new PrivateScreen(session, username);
  session.focus(screen.conversation);
  session.say("", classic.privateHeader(shownName(username)), classic.privateHint, classic.headerEnd);
  if (!encrypted) session.notice(classic.plainPeer(shownName(username)));
  showEarlier(session, screen.conversation);
  return converse(session, screen);
}

class PrivateScreen implements ChatScreen {
  readonly kind = "private";
  readonly conversation: Conversation;
  readonly #session: ClassicSession;
  readonly #username: Username;
  isOver = false;

  constructor(session: ClassicSession, username: Username) {
    this.#session = session;
    this.#username = username;
    this.conversation = { kind: "private", username };
  }

  showUsers(): void {
    const { feed } = this.#session.texts;
    const name = shownName(this.#username);
    const link = this.#session.peer.diagnostics().links.find(({ username }) => username === this.#username);
    const how = link === undefined ? feed.reachNone : link.encrypted ? feed.reachEncrypted : feed.reachPlain;
    this.#session.say(feed.privateTitle(name), `- ${this.#session.selfName} (${feed.you})`, `- ${name} (${how})`);
  }

  showHelp(about: string): void {
    showHelp(this.#session, this, about);
  }

  async deleteRoom(): Promise<void> {}

  async leave(): Promise<void> {
    this.isOver = true;
    this.#session.peer.leavePrivate(this.#username);
  }

  async back(): Promise<void> {
    this.isOver = true;
  }

  decideKeyChange(name: string, decision: "accept" | "block"): Promise<void> {
    return decideKeyChange(this.#session, name, decision);
  }
}
