import type { ArgumentKind, SlashCommand } from "../commands/command.ts";

/** These may hold blanks: as the last argument one of them takes the rest of the line. */
const LONG: ReadonlySet<ArgumentKind> = new Set<ArgumentKind>(["text", "file", "room", "conversation"]);

type Argument = {
  /** Index in the command's `arguments`; -1: behind the last one. */
  readonly index: number;
  readonly kind: ArgumentKind | undefined;
  /** As far as it was typed. */
  readonly typed: string;
};

/** Which argument a line that begins with the command ends in. */
export function argumentAt({ arguments: kinds }: SlashCommand, line: string): Argument {
  let rest = line.replace(/^\s*\S+\s+/u, "");
  for (const [index, kind] of kinds.entries()) {
    const isLast = index === kinds.length - 1;
    if (isLast && LONG.has(kind)) return { index, kind, typed: rest };
    const [word = ""] = rest.split(/\s/u, 1);
    // A number in front of a text can be left out.
    if (kind === "number" && !isLast && word !== "" && !/^\d+$/u.test(word)) continue;
    if (word.length === rest.length) return { index, kind, typed: word };
    rest = rest.slice(word.length).trimStart();
  }
  return { index: -1, kind: undefined, typed: rest };
}
