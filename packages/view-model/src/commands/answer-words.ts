import type { NotifyLevel, RoomRole } from "@papo/peer/api";
import type { RoomHistory, RoomKind } from "@papo/protocol";
import type { Catalogue } from "../catalogue/catalogue.ts";
import { plainText } from "../plain-text.ts";

/** One of few answers that a command takes: what it is called in each language, as help has it first. All are understood everywhere. */
type AnswerWord<Value> = { readonly value: Value; readonly en: readonly string[]; readonly pt: readonly string[] };

export const ROLE_WORDS: readonly AnswerWord<RoomRole>[] = [
  { value: "owner", en: ["owner"], pt: ["dono", "dona"] },
  { value: "moderator", en: ["moderator", "mod"], pt: ["moderador", "moderadora"] },
  { value: "member", en: ["member"], pt: ["membro"] },
];

export const LEVEL_WORDS: readonly AnswerWord<NotifyLevel>[] = [
  { value: "all", en: ["all"], pt: ["tudo", "todas"] },
  { value: "mentions", en: ["mentions", "mention"], pt: ["mencoes", "mencao"] },
  { value: "none", en: ["none", "nothing"], pt: ["nada", "nenhuma"] },
];

export const KIND_WORDS: readonly AnswerWord<RoomKind>[] = [
  { value: "open", en: ["open"], pt: ["aberta"] },
  { value: "invite", en: ["invite"], pt: ["convite"] },
  { value: "plain", en: ["plain"], pt: ["simples"] },
];

/** What whoever comes in later may read. */
export const HISTORY_WORDS: readonly AnswerWord<RoomHistory>[] = [
  { value: "join", en: ["new"], pt: ["novas"] },
  { value: "all", en: ["all"], pt: ["tudo"] },
];

export const ON_OFF_WORDS: readonly AnswerWord<boolean>[] = [
  { value: true, en: ["on", "yes"], pt: ["sim", "ligar"] },
  { value: false, en: ["off", "no"], pt: ["nao", "desligar"] },
];

export const REVOKE_WORDS: readonly AnswerWord<"revoke">[] = [{ value: "revoke", en: ["revoke"], pt: ["cancelar"] }];

/** Whatever the capitals and accents; undefined when it is none of them. */
export function answerTyped<Value>(words: readonly AnswerWord<Value>[], typed: string): Value | undefined {
  const plain = plainText(typed);
  return words.find(({ en, pt }) => en.includes(plain) || pt.includes(plain))?.value;
}

/** What each is called in the reader's language. */
export function answersShown(words: readonly AnswerWord<unknown>[], { wordList }: Catalogue): readonly string[] {
  return words.map((word) => word[wordList][0] ?? "");
}
