import type { Conversation, HistoryCursor, Message } from "@papo/peer/api";
import {
  decodeWith,
  EARLIER_MESSAGES_SHOWN,
  HISTORY_PAGE_MAX,
  MESSAGE_CONTENT_BYTES_MAX,
  type Username,
  username,
} from "@papo/protocol";
import {
  type CommandScreen,
  excerptOf,
  helpList,
  helpOn,
  keptLines,
  keyChangeLines,
  messageLine,
  readLine,
  runCommand,
  shownName,
  type TypedLine,
} from "@papo/view-model";
import type { ClassicSession } from "./classic-session.ts";
import type { Ending } from "./ending.ts";

/** A conversation on the screen. */
export interface ChatScreen extends CommandScreen {
  readonly conversation: Conversation;
  /** True once the user has left, or there is nothing left to talk in. */
  readonly isOver: boolean;
}

/** Reads lines and sends them until the screen is over or the input ends. */
export async function converse(session: ClassicSession, screen: ChatScreen): Promise<Ending> {
  const key = `${screen.kind} ${screen.conversation.kind === "room" ? screen.conversation.id : screen.conversation.username}`;
  const isOver = () => screen.isOver || session.isRefused;
  while (!isOver()) {
    const answer = await session.ask({
      prompt: session.texts.classic.prompt(session.selfName),
      givesWay: (text) => readLine(text).kind === "chat" || text.trim() === "",
      history: session.historyOf(key),
      obsolete: isOver,
    });
    if (answer.kind === "end") return "quit";
    if (answer.kind !== "line") continue;
    if (answer.text.trim() !== "") session.remember(key, answer.text);
    await take(session, screen, answer.text);
  }
  return "menu";
}

async function take(session: ClassicSession, screen: ChatScreen, line: string): Promise<void> {
  const typed = readLine(line);
  switch (typed.kind) {
    case "nothing":
      return;
    case "chat":
      return send(session, screen.conversation, typed.text);
    case "command":
      return runTyped(session, screen, typed);
    case "unknown":
      return sayUnknown(session, typed);
  }
}

async function send(session: ClassicSession, to: Conversation, text: string): Promise<void> {
  if (Buffer.byteLength(text) > MESSAGE_CONTENT_BYTES_MAX) {
    return session.failed(session.texts.classic.tooLong(MESSAGE_CONTENT_BYTES_MAX));
  }
  const outcome = await session.peer.send(to, text);
  if (outcome.ok) session.tell({ kind: "message", message: outcome.value });
  else session.failed(session.texts.classic.notSent(excerptOf(text), session.sentenceOf(outcome.fault)));
}

function sayUnknown(session: ClassicSession, { typed, nearest }: Extract<TypedLine, { kind: "unknown" }>): void {
  const { classic } = session.texts;
  const advice = nearest === undefined ? classic.seeHelp : classic.nearestCommand(nearest);
  session.failed(`${classic.unknownCommand(excerptOf(typed))} ${advice}`);
  session.say(classic.literalHint);
}

export async function runTyped(
  session: ClassicSession,
  screen: CommandScreen,
  { command, argument }: Extract<TypedLine, { kind: "command" }>,
): Promise<void> {
  const { classic, commands } = session.texts;
  const refusal = await runCommand(command, argument, screen);
  if (refusal === "not-here") session.failed(classic.notHere(commands[command.id].usage));
  if (refusal === "tabs-only") session.failed(classic.tabsOnly(commands[command.id].usage));
  if (refusal === "wrong-usage") session.failed(classic.commandUsage(commands[command.id].usage));
}

/** `/help`: every command of this screen, or the one that was asked about. */
export function showHelp(session: ClassicSession, screen: CommandScreen, about: string): void {
  const { texts } = session;
  const one = about === "" ? undefined : helpOn(about, texts);
  if (one !== undefined) return session.show(one);
  if (about !== "") session.failed(texts.classic.noSuchCommand(excerptOf(about.startsWith("/") ? about : `/${about}`)));
  session.show(helpList(screen.kind, false, texts));
}

export async function decideKeyChange(
  session: ClassicSession,
  typed: string,
  decision: "accept" | "block",
): Promise<void> {
  const { classic } = session.texts;
  const name = nameMeant(session, typed);
  if (name === undefined) return session.failed(classic.noKeyChange(excerptOf(typed)));
  // What the links do meanwhile follows from the answer and is no news.
  if (session.peer.keyChanges().some((change) => change.username === name)) session.decided(name, decision);
  const outcome = await session.peer.decideKeyChange(name, decision);
  if (!outcome.ok) {
    if (outcome.fault.code !== "peer_missing") return session.failedBy(outcome.fault);
    return answerContact(session, name, decision);
  }
  session.decided(name, decision);
  session.succeeded((decision === "accept" ? classic.accepted : classic.blocked)(shownName(name)));
}

/** No key waits: somebody who wrote before may be let in again, or kept out. */
async function answerContact(session: ClassicSession, name: Username, answer: "accept" | "block"): Promise<void> {
  const { classic, kept } = session.texts;
  const answered = await session.peer.answerContact(name, answer);
  if (!answered.ok && answered.fault.code !== "peer_missing") session.failedBy(answered.fault);
  else if (!answered.ok) session.failed(classic.noKeyChange(shownName(name)));
  else session.succeeded((answer === "accept" ? kept.contactAccepted : kept.contactBlocked)(shownName(name)));
}

/** Somebody whose key waits for an answer, whatever the capitals; anybody else exactly as typed. */
function nameMeant({ peer }: ClassicSession, typed: string): Username | undefined {
  const asked = peer.keyChanges().map(({ username: name }) => name);
  const near = asked.find((name) => name === typed) ?? asked.find((name) => name.toLowerCase() === typed.toLowerCase());
  if (near !== undefined) return near;
  const decoded = decodeWith(username, typed);
  return decoded.ok ? decoded.value : undefined;
}

/** What was said here before, what of it is new, and a key change that still waits for a decision. */
export function showEarlier(session: ClassicSession, screen: ChatScreen): void {
  const { conversation } = screen;
  if (!showKept(session, screen)) {
    const view = session.feedView();
    const earlier = session.peer.messages(conversation).slice(-EARLIER_MESSAGES_SHOWN);
    if (earlier.length > 0) session.say(session.texts.classic.earlier);
    session.show(earlier.map((message) => messageLine(message, view)));
  }
  for (const change of session.peer.keyChanges()) {
    if (isIn(session, conversation, change.username)) session.show(keyChangeLines(change, session.texts));
  }
}

/** From the disk, as far as it is kept: what is new is shown whole, with a mark before it. */
function showKept(session: ClassicSession, { conversation, shelf }: ChatScreen): boolean {
  const { peer, texts } = session;
  const { count, first } = peer.unread(conversation);
  const limit = Math.min(count + EARLIER_MESSAGES_SHOWN, HISTORY_PAGE_MAX);
  const page = peer.history(conversation, { limit });
  if (!page.ok) return false;
  const { messages, before } = page.value;
  shelf.before = before ?? undefined;
  shelf.atStart = before === null;
  void peer.markRead(conversation);
  // That a room was made and who came in is no news in one where nothing else has happened.
  if (messages.every(isOfTheStart)) return true;
  const known = messages.slice(0, newFrom(messages, count, first));
  if (known.length > 0) session.say(texts.classic.earlier);
  session.show(keptLines(known, session));
  if (count > messages.length) session.say(texts.kept.historyMore);
  if (count > 0) session.say(texts.kept.unread(count));
  session.show(keptLines(messages.slice(known.length), session, known.at(-1)));
  return true;
}

/** Where the new ones begin; among them may stand own ones, which do not count as such. */
function newFrom(messages: readonly Message[], count: number, first: HistoryCursor | null): number {
  const at = messages.findIndex(({ kept }) => first !== null && kept?.cursor === first);
  return at === -1 ? Math.max(0, messages.length - count) : at;
}

function isOfTheStart({ kept }: Message): boolean {
  return kept?.notice?.kind === "created" || kept?.notice?.kind === "joined";
}

function isIn({ peer }: ClassicSession, conversation: Conversation, name: string): boolean {
  if (conversation.kind === "private") return conversation.username === name;
  return peer.room(conversation.id)?.members.some((member) => member.username === name) ?? false;
}
