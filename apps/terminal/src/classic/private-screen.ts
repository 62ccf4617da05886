import type { Conversation } from "@papo/peer/api";
import type { Fault, Username } from "@papo/protocol";
import {
  excerptOf,
  isAway,
  keyChangeLines,
  ownKeyLine,
  personRefusal,
  requestLines,
  shownName,
  trackerLines,
} from "@papo/view-model";
import type { ClassicSession } from "./classic-session.ts";
import { ClassicScreen } from "./classic-screen.ts";
import { type ChatScreen, converse, showEarlier } from "./converse.ts";
import type { Ending } from "./ending.ts";

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
  const outcome = await session.patiently(session.peer.openPrivate(name), classic.waitingForPeer(excerptOf(name)));
  if (outcome.ok) return showChat(session, outcome.value.username, outcome.value.encrypted ? "encrypted" : "plain");
  const known = isAway(outcome.fault) ? knownAs(session, name) : undefined;
  if (known === undefined) return refused(session, name, outcome.fault);
  return showChat(session, known, "away");
}

async function showChat(
  session: ClassicSession,
  username: Username,
  path: "encrypted" | "plain" | "away",
): Promise<Ending> {
  const { classic, kept } = session.texts;
  const screen = new PrivateScreen(session, username);
  const shown = shownName(username);
  session.focus(screen.conversation);
  session.say("", classic.privateHeader(shown), classic.privateHint, classic.headerEnd);
  if (path === "away") session.notice(kept.awayPrivate(shown));
  else if (path === "plain") session.notice(classic.plainPeer(shown));
  showEarlier(session, screen);
  // Whoever opens a chat with somebody who asks is looking for this; an answer in it accepts them.
  const request = session.peer.contactRequests().find((asked) => asked.username === username);
  if (request !== undefined) session.show(requestLines(request, session.texts));
  return converse(session, screen);
}

/** Somebody whom we have met: what is written waits for them. To a stranger who is away nothing can be written yet. */
function knownAs({ peer }: ClassicSession, name: string): Username | undefined {
  return peer.pins().find(({ username }) => username === name)?.username;
}

function refused(session: ClassicSession, name: string, fault: Fault): Ending {
  const change = session.peer.keyChanges().find(({ username }) => username === name);
  if (change !== undefined && fault.code === "identity_changed") session.show(keyChangeLines(change, session.texts));
  else session.failed(personRefusal(name, fault, session.texts) ?? session.sentenceOf(fault));
  return "menu";
}

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
    const { texts, peer } = this.session;
    const { feed, reach } = texts;
    const { account } = peer;
    const name = shownName(this.#username);
    const link = this.session.peer.diagnostics().links.find(({ username }) => username === this.#username);
    const how =
      link === undefined
        ? [feed.reachNone]
        : [link.encrypted ? feed.reachEncrypted : feed.reachPlain, reach.paths[link.path]];
    const pin = this.session.peer.pins().find(({ username }) => username === this.#username);
    const trust = pin === undefined ? [] : [feed.trust[pin.trust]];
    this.session.say(
      feed.privateTitle(name),
      `- ${this.session.selfName} (${feed.you})`,
      `- ${name} (${[...how, ...trust].join(", ")})`,
    );
    if (account !== undefined) this.session.show([ownKeyLine(account, texts)]);
    this.session.show(trackerLines(peer.trackerState(), this.nowMs, texts));
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
