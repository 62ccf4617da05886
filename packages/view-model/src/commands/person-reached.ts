import type { Username } from "@papo/protocol";
import { faultSentence } from "../fault-sentence.ts";
import { shownName } from "../names/shown-name.ts";
import type { CommandScreen } from "./command.ts";
import { nameTyped } from "./pick-message.ts";
import { isAway, personRefusal } from "./refusals.ts";

export type PersonReached = { readonly username: Username; readonly is: "encrypted" | "plain" | "away" };

/** Somebody to whom one can write now; undefined when there is none, and why has been said. */
export async function personReached(screen: CommandScreen, typed: string): Promise<PersonReached | undefined> {
  const { peer, texts } = screen;
  const bare = typed.replace(/^@/u, "");
  const name = nameTyped(screen, typed) ?? bare;
  if (name === peer.self) {
    screen.failed(texts.classic.notYourself);
    return undefined;
  }
  const opened = await screen.patiently(peer.openPrivate(name));
  if (opened.ok) return { username: opened.value.username, is: opened.value.encrypted ? "encrypted" : "plain" };
  // What is written to somebody whom we have met waits for them.
  const known = isAway(opened.fault) ? peer.pins().find(({ username }) => username === name) : undefined;
  if (known !== undefined) return { username: known.username, is: "away" };
  const isAsked = peer.keyChanges().some(({ username }) => username === name);
  if (isAsked && opened.fault.code === "identity_changed")
    screen.failed(texts.chat.keyWaits(shownName(name as Username)));
  else screen.failed(personRefusal(bare, opened.fault, texts) ?? faultSentence(texts, opened.fault));
  return undefined;
}
