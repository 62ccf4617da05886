import type { Completion } from "./completion.ts";
import type { CompletionContext } from "./completion-context.ts";
import { emojiCandidates } from "./emoji-candidates.ts";
import { plainText } from "../plain-text.ts";

/**
 * The last word of what one says: `:smile`, `#room`, `@name` or a name, which has a colon behind it where it is the first word of a line of chat.
 */
export function completeWord(
  before: string,
  context: CompletionContext,
  as: "chat" | "argument",
): Completion | undefined {
  const typed = /\S*$/u.exec(before)?.[0] ?? "";
  const from = before.length - typed.length;
  const isFirst = as === "chat" && before.slice(0, from).trim() === "";
  if (typed === "" && !isFirst) return undefined;
  const candidates = candidatesOf(typed, isFirst, context);
  return candidates.length === 0 ? undefined : { from, to: before.length, candidates };
}

function candidatesOf(typed: string, isFirst: boolean, context: CompletionContext): Completion["candidates"] {
  if (typed.startsWith(":")) return typed.length === 1 ? [] : emojiCandidates(typed.slice(1), context.texts);
  const wanted = plainText(typed.slice(1));
  const isLike = (name: string) => plainText(name).startsWith(wanted);
  if (typed.startsWith("#")) return context.rooms.filter(isLike).map((name) => ({ text: `#${name} `, help: "" }));
  if (typed.startsWith("@")) return context.here.filter(isLike).map((name) => ({ text: `@${name} `, help: "" }));
  const behind = isFirst ? ": " : " ";
  const begun = plainText(typed);
  const names = context.here.filter((name) => plainText(name).startsWith(begun));
  return names.map((name) => ({ text: `${name}${behind}`, help: "" }));
}
