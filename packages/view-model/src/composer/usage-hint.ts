import type { Catalogue } from "../catalogue/catalogue.ts";
import { commandNamed } from "../commands/table.ts";
import type { SlashCommand } from "../commands/command.ts";
import type { Span } from "../feed/shown-line.ts";
import { argumentAt } from "./argument-at.ts";

/** How the command that is being typed is used, the argument at the end of the line emphasised; null when it is no command. */
export function usageHint(line: string, texts: Catalogue): readonly Span[] | null {
  const [, typed, behind] = /^\s*(\/(?!\/)\S*)(\s.*)?$/su.exec(line) ?? [];
  const command = typed === undefined ? undefined : commandNamed(typed);
  if (command === undefined || typed === undefined) return null;
  const { usage, help } = texts.commands[command.id];
  const [, ...words] = usage.match(/\[[^\]]*\]|\S+/gu) ?? [];
  const current = behind === undefined ? -1 : indexIn(words, command, line);
  return [
    { text: typed, tone: "key" },
    ...words.map((word, at): Span => ({ text: ` ${word}`, tone: at === current ? "emphasis" : "muted" })),
    { text: ` — ${help}`, tone: "muted" },
  ];
}

/** Usage may say fewer words than there are arguments: the last one stands for all that follow it. */
function indexIn(words: readonly string[], command: SlashCommand, line: string): number {
  const { index } = argumentAt(command, line);
  return index === -1 ? -1 : Math.min(index, words.length - 1);
}
