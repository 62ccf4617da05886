import type { Catalogue } from "../catalogue/catalogue.ts";
import { type ShownLine, textLine } from "../feed/shown-line.ts";
import type { CommandTopic, ScreenKind, SlashCommand } from "./command.ts";
import { commandNamed, commandsOf } from "./table.ts";

const TOPICS: readonly CommandTopic[] = ["talk", "rooms", "people", "trust", "search", "screen"];

/** Every command that works on this screen, by what it is about. */
export function helpList(
  kind: ScreenKind,
  hasTabs: boolean,
  { actions, classic, commands }: Catalogue,
): readonly ShownLine[] {
  const working = commandsOf(kind, hasTabs);
  const groups = TOPICS.flatMap((topic) => {
    const listed = working.filter((command) => command.topic === topic);
    if (listed.length === 0) return [];
    const lines = listed.map(({ id }) => classic.commandLine(commands[id].usage, commands[id].help));
    return [`${actions.helpTopics[topic]}:`, ...lines];
  });
  return [classic.commandsTitle, ...groups, actions.helpOne, classic.literalHint].map(textLine);
}

/** One command: how it is used, what else it is called, an example. Undefined when there is none of that name, with or without the slash. */
export function helpOn(about: string, texts: Catalogue): readonly ShownLine[] | undefined {
  const command = commandNamed(about.startsWith("/") ? about : `/${about}`);
  return command === undefined ? undefined : linesOn(command, texts).map(textLine);
}

function linesOn({ id, names }: SlashCommand, { actions, classic, commands }: Catalogue): readonly string[] {
  const { usage, help, example } = commands[id];
  const others = names.filter((name) => name !== usage.split(" ", 1)[0]);
  return [
    classic.commandLine(usage, help),
    ...(others.length === 0 ? [] : [`  ${actions.alsoTyped(others.join(", "))}`]),
    ...(example === undefined ? [] : [`  ${actions.forExample(example)}`]),
  ];
}
