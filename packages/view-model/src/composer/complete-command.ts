import { commandsOf } from "../commands/table.ts";
import { plainText } from "../plain-text.ts";
import type { Completion } from "./completion.ts";
import type { CompletionContext } from "./completion-context.ts";

/** The commands that work here and begin so: by the name that the reader's language has for each, and behind those by other ones. */
export function completeCommand(
  before: string,
  typed: string,
  { kind, hasTabs, texts }: CompletionContext,
): Completion {
  const wanted = plainText(typed);
  const candidates = commandsOf(kind, hasTabs).flatMap(({ id, names, takes }) => {
    const { usage, help } = texts.commands[id];
    const [usual = ""] = usage.split(" ");
    const begun = [usual, ...names].find((name) => name.startsWith(wanted));
    if (begun === undefined) return [];
    const said = usage.replace(/^\S+/u, begun);
    const candidate = { text: takes === "nothing" ? begun : `${begun} `, help: `${said} — ${help}` };
    return [{ candidate, isUsual: begun === usual }];
  });
  const ordered = candidates.toSorted(
    (one, other) => Number(other.isUsual) - Number(one.isUsual) || compare(one.candidate.text, other.candidate.text),
  );
  return {
    from: before.length - typed.length,
    to: before.length,
    candidates: ordered.map(({ candidate }) => candidate),
  };
}

/** The same order everywhere. */
function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
