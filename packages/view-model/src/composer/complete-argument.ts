import {
  answersShown,
  HISTORY_WORDS,
  KIND_WORDS,
  LEVEL_WORDS,
  ON_OFF_WORDS,
  REVOKE_WORDS,
  ROLE_WORDS,
} from "../commands/answer-words.ts";
import type { ArgumentKind } from "../commands/command.ts";
import { commandNamed, commandsOf } from "../commands/table.ts";
import { argumentAt } from "./argument-at.ts";
import { completeWord } from "./complete-word.ts";
import type { Completion } from "./completion.ts";
import type { CompletionContext } from "./completion-context.ts";
import { emojiCandidates } from "./emoji-candidates.ts";
import { plainText } from "../plain-text.ts";

type Candidates = Completion["candidates"];

/** `before` ends where the cursor is, somewhere behind the name of the command. */
export async function completeArgument(
  before: string,
  name: string,
  context: CompletionContext,
): Promise<Completion | undefined> {
  const command = commandNamed(name);
  if (command === undefined) return undefined;
  const { kind, typed } = argumentAt(command, before);
  if (kind === undefined) return undefined;
  if (kind === "text" || kind === "number" || kind === "word") return completeWord(before, context, "argument");
  if (kind === "file") return completeFile(before, typed, context);
  const candidates = candidatesFor(kind, typed, context);
  return { from: before.length - typed.length, to: before.length, candidates };
}

type Listed = Exclude<ArgumentKind, "text" | "number" | "word" | "file">;

function candidatesFor(kind: Listed, typed: string, context: CompletionContext): Candidates {
  const { here, elsewhere, rooms, texts } = context;
  switch (kind) {
    case "member":
      return people(typed, here);
    case "person":
      return people(typed, [...here, ...elsewhere]);
    case "ignored":
      return people(typed, context.ignored);
    case "room":
      return roomsNamed(typed, rooms);
    case "conversation":
      return [...roomsNamed(typed, rooms), ...people(typed, [...here, ...elsewhere])];
    case "emoji":
      return typed === "" ? [] : emojiCandidates(typed.replace(/^:/u, ""), texts).map(spaced);
    case "command":
      return commandNames(typed, context);
    case "level":
      return wordsLike(typed, answersShown(LEVEL_WORDS, texts));
    case "role":
      return wordsLike(typed, answersShown(ROLE_WORDS, texts));
    case "roomKind":
      return wordsLike(typed, answersShown(KIND_WORDS, texts));
    case "history":
      return wordsLike(typed, answersShown(HISTORY_WORDS, texts));
    case "banned":
      return people(typed, context.banned);
    case "onOff":
      return wordsLike(typed, answersShown(ON_OFF_WORDS, texts));
    case "revoke":
      return wordsLike(typed, answersShown(REVOKE_WORDS, texts)).map(spaced);
  }
}

function people(typed: string, names: readonly string[]): Candidates {
  const at = typed.startsWith("@") ? "@" : "";
  return wordsLike(typed.slice(at.length), names).map(({ text, help }) => spaced({ text: `${at}${text}`, help }));
}

function roomsNamed(typed: string, rooms: readonly string[]): Candidates {
  const hash = typed.startsWith("#") ? "#" : "";
  return wordsLike(typed.slice(hash.length), rooms).map(({ text, help }) => ({ text: `${hash}${text}`, help }));
}

function commandNames(typed: string, { kind, hasTabs, texts }: CompletionContext): Candidates {
  const wanted = plainText(typed.replace(/^\//u, ""));
  return commandsOf(kind, hasTabs).flatMap(({ id, names }) => {
    const { usage, help } = texts.commands[id];
    const [usual = ""] = usage.split(" ");
    const begun = [usual, ...names].find((name) => name.slice(1).startsWith(wanted));
    return begun === undefined ? [] : [{ text: typed.startsWith("/") ? begun : begun.slice(1), help }];
  });
}

function wordsLike(typed: string, words: readonly string[]): Candidates {
  const wanted = plainText(typed);
  return words.filter((word) => plainText(word).startsWith(wanted)).map((text) => ({ text, help: "" }));
}

function spaced({ text, help }: Candidates[number]): Candidates[number] {
  return { text: `${text} `, help };
}

/** The last name of a path. Hidden files are proposed to whoever asks for them. */
async function completeFile(before: string, typed: string, context: CompletionContext): Promise<Completion> {
  const begun = typed.slice(typed.search(/[^/\\]*$/u));
  const names = await context.completePath(typed);
  const candidates = names
    .filter((name) => name.startsWith(begun) && (begun !== "" || !name.startsWith(".")))
    .map((text) => ({ text, help: "" }));
  return { from: before.length - begun.length, to: before.length, candidates };
}
