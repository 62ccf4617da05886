import { COMPLETIONS_MAX, safeText } from "@papo/protocol";
import { completeArgument } from "./complete-argument.ts";
import { completeCommand } from "./complete-command.ts";
import { completeWord } from "./complete-word.ts";
import type { Completion } from "./completion.ts";
import type { CompletionContext } from "./completion-context.ts";

/** For the cursor at `at` (UTF-16 units) in `line`; undefined when there is nothing to propose. Never throws. */
export async function completeLine(
  line: string,
  at: number,
  context: CompletionContext,
): Promise<Completion | undefined> {
  const before = line.slice(0, Math.max(0, at));
  const isCommand = /^\s*\/(?!\/)/u.test(line);
  // A name in front of a command would make chat of it.
  if (isCommand && before.trim() === "") return undefined;
  const proposed = isCommand ? await forCommand(before, context) : completeWord(before, context, "chat");
  if (proposed === undefined) return undefined;
  // What is already there is not put there twice.
  const isBeforeBlank = /^\s/u.test(line.slice(before.length));
  const candidates = proposed.candidates
    .map(({ text, help }) => ({ text: isBeforeBlank ? text.trimEnd() : text, help }))
    .filter(({ text }) => text !== "" && safeText(text) === text)
    .slice(0, COMPLETIONS_MAX);
  return candidates.length === 0 ? undefined : { from: proposed.from, to: before.length, candidates };
}

async function forCommand(before: string, context: CompletionContext): Promise<Completion | undefined> {
  const [, command = "", argument] = /^\s*(\/\S*)(\s.*)?$/su.exec(before) ?? [];
  return argument === undefined
    ? completeCommand(before, command, context)
    : completeArgument(before, command, context);
}
