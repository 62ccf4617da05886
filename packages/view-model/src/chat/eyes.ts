import type { Conversation, Message } from "@papo/peer/api";
import type { Username } from "@papo/protocol";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { Language } from "../catalogue/language.ts";

/** With what a timeline is looked at. */
export interface Eyes {
  readonly texts: Catalogue;
  readonly language: Language;
  /** As the people of that conversation tell each other apart; safe. */
  nameOf(of: Conversation, username: Username): string;
  isIgnored(username: Username): boolean;
  isMention(message: Message): boolean;
  /** A message that stands elsewhere in its conversation; undefined: not held. */
  lookUp(of: Conversation, id: Message["id"]): Message | undefined;
  /** Another number when names, words or whom to ignore have changed. */
  versionOf(of: Conversation | null): number;
}
