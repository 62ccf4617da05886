import type { Conversation } from "@papo/peer/api";
import type { Fault, FaultCode, Username } from "@papo/protocol";
import { keyChangeLines, ownKeyLine, shownName } from "@papo/view-model";
import type { ClassicSession } from "./classic-session.ts";
import { ClassicScreen } from "./classic-screen.ts";
import { type ChatScreen, converse, showEarlier } from "./converse.ts";
import type { Ending } from "./ending.ts";
import { shortened } from "./shortened.ts";

export async function openPrivateChat(session: ClassicSession): Promise<Ending> {
  const { classic } = session.texts;
  const recent = session.recent.peer;
  const answer = await session.askLine(recent === undefined ? classic.peerName : classic.peerNameOr(shownName(recent)));
  if (answer === undefined) return "quit";
  const name = answer === "" ? (recent ?? "") : answer;
  if (name === "") return "menu";
  if (name === session.peer.self) {
    session.failed(classic.notYourself);
    return "menu";
  }
  const outcome = await session.patiently(session.peer.openPrivate(name), classic.waitingForPeer(shortened(name)));
  if (!outcome.ok) return refused(session, name, outcome.fault);
  const { username, encrypted } = outcome.value;
  const screen = new PrivateScreen(session, username);
  session.focus(screen.conversation);
  session.say("", classic.privateHeader(shownName(username)), classic.privateHint, classic.headerEnd);
  if (!encrypted) session.notice(classic.plainPeer(shownName(username)));
  showEarlier(session, screen);
  return converse(session, screen);
}

function refused(session: ClassicSession, name: string, fault: Fault): Ending {
  const { classic } = session.texts;
  const shown = shortened(name);
  const change = session.peer.keyChanges().find(({ username }) => username === name);
  if (change !== undefined && fault.code === "identity_changed") session.show(keyChangeLines(change, session.texts));
  else if (fault.code === "identity_changed") session.failed(classic.peerBlocked(shown));
  else if (fault.code === "peer_missing") session.failed(classic.peerMissing(shown));
  else if (fault.code === "peer_offline") session.failed(classic.peerOffline(shown));
  else if (LINK_FAULTS.has(fault.code)) session.failed(classic.peerOutOfReach(shown));
  else session.failedBy(fault);
  return "menu";
}

/** A connection to the other side did not come about or did not last; one attempt says nothing of the next. */
const LINK_FAULTS: ReadonlySet<FaultCode> = new Set([
  "lost",
  "closed",
  "dead",
  "timeout",
  "too_slow",
  "wrong_recipient",
]);

class PrivateScreen extends ClassicScreen implements ChatScreen {
  readonly kind = "private";
  readonly conversation: Conversation;
  readonly #username: Username;
  isOver = false;

  constructor(session: ClassicSession, username: Username) {
    super(session);
    this.#username = username;
    this.conversation = { kind: "private", username };
  }

  showUsers(): void {
    const { feed } = this.session.texts;
    const { account } = this.session.peer;
    const name = shownName(this.#username);
    const link = this.session.peer.diagnostics().links.find(({ username }) => username === this.#username);
    const how = link === undefined ? feed.reachNone : link.encrypted ? feed.reachEncrypted : feed.reachPlain;
    this.session.say(feed.privateTitle(name), `- ${this.session.selfName} (${feed.you})`, `- ${name} (${how})`);
    if (account !== undefined) this.session.show([ownKeyLine(account, this.session.texts)]);
  }

  async deleteRoom(): Promise<void> {}

  async leave(): Promise<void> {
    this.isOver = true;
    this.session.peer.leavePrivate(this.#username);
  }

  async back(): Promise<void> {
    this.isOver = true;
  }
}
