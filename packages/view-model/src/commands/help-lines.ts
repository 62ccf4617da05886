import type { Catalogue } from "../catalogue/catalogue.ts";
import { type ShownLine, textLine } from "../feed/shown-line.ts";
import type { CommandTopic, ScreenKind, SlashCommand } from "./command.ts";
import { commandNamed, commandsOf } from "./table.ts";

const TOPICS: readonly CommandTopic[] = ["talk", "rooms", "people", "trust", "search", "screen"];

/** Every command that works on this screen, by what it is about. */
export function helpList(kind: ScreenKind, hasTabs: boolean, texts: Catalogue): readonly ShownLine[] {
  const working = commandsOf(kind, hasTabs);
  const groups = TOPICS.flatMap((topic) => {
    const listed = working.filter((command) => command.topic === topic);
    if (listed.length === 0) return [];
    return [headline(`${texts.actions.helpTopics[topic]}:`), ...listed.map((command) => usageLine(command, texts))];
  });
  const behind = [texts.actions.helpOne, texts.classic.literalHint].map(textLine);
  return [textLine(texts.classic.commandsTitle), ...groups, ...behind];
}

/** One command: how it is used, what else it is called, an example. Undefined when there is none of that name, with or without the slash. */
export function helpOn(about: string, texts: Catalogue): readonly ShownLine[] | undefined {
  const command = commandNamed(about.startsWith("/") ? about : `/${about}`);
  if (command === undefined) return undefined;
  const { actions, commands } = texts;
  const { usage, example } = commands[command.id];
  const others = command.names.filter((name) => name !== usage.split(" ", 1)[0]);
  return [
    usageLine(command, texts),
    ...(others.length === 0 ? [] : [textLine(`  ${actions.alsoTyped(others.join(", "))}`)]),
    ...(example === undefined ? [] : [textLine(`  ${actions.forExample(example)}`)]),
  ];
}

function headline(text: string): ShownLine {
  return { spans: [{ text, tone: "emphasis" }] };
}

function usageLine({ id }: SlashCommand, { classic, commands }: Catalogue): ShownLine {
  const { usage, help } = commands[id];
  const line = classic.commandLine(usage, help);
  const from = line.indexOf(usage);
  const behind = line.slice(from + usage.length);
  return { spans: [{ text: line.slice(0, from) }, { text: usage, tone: "key" }, { text: behind }] };
}
