import type { CommandScreen, SlashCommand } from "../commands/command.ts";
import { commandNamed, commandsOf } from "../commands/table.ts";
import { excerptOf } from "../excerpt.ts";
import { type ShownLine, textLine } from "../feed/shown-line.ts";

/** `/help`: every command of this screen, or the one that was asked about. */
export function helpLines(about: string, { kind, texts, tabs }: CommandScreen): readonly ShownLine[] {
  const { classic, commands } = texts;
  const name = about.startsWith("/") ? about : `/${about}`;
  const asked = commandNamed(name);
  const lineOf = ({ id }: SlashCommand): ShownLine =>
    textLine(classic.commandLine(commands[id].usage, commands[id].help));
  if (asked !== undefined) return [lineOf(asked)];
  return [
    ...(about === "" ? [] : [textLine(classic.noSuchCommand(excerptOf(name)))]),
    textLine(classic.commandsTitle),
    ...commandsOf(kind, tabs !== null).map(lineOf),
    textLine(classic.literalHint),
  ];
}
