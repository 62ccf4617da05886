import type { CommandName, OptionName, PapoTexts } from "@papo/view-model/command-texts";
import { optionSpec } from "./arguments/options.ts";
import { COMMAND_NAMES, COMMANDS, typedAs } from "./commands/table.ts";
import { EXIT } from "./exit-codes.ts";

const LINE_CHARS = 96;

/** What `--help` shows: for `papo` alone the commands as well, and what an exit code means. */
export function helpText(command: CommandName, texts: PapoTexts, configFile: string): string {
  const { summary, details, examples } = texts.commands[command];
  const isMain = command === "chat";
  return [
    isMain ? texts.tagline : `${typedAs(command)}: ${summary}`,
    "",
    `${texts.usage}: ${usageLine(command, texts)}`,
    "",
    ...wrapped(details, ""),
    ...(isMain ? section(texts.commandsTitle, commandRows(texts)) : []),
    ...section(texts.optionsTitle, optionRows(COMMANDS[command].options, texts)),
    ...section(
      texts.examplesTitle,
      examples.map(({ line, says }) => [line, says] as const),
    ),
    ...(isMain ? mainOnly(texts, configFile) : []),
  ].join("\n");
}

type Row = readonly [term: string, says: string];

function usageLine(command: CommandName, texts: PapoTexts): string {
  const { takes } = COMMANDS[command];
  const words = takes === undefined ? "" : ` ${texts.placeholders[takes]}`;
  return `${typedAs(command)}${words} [${texts.optionsWord}]`;
}

function commandRows(texts: PapoTexts): readonly Row[] {
  return COMMAND_NAMES.map((name) => [typedAs(name), texts.commands[name].summary] as const);
}

function optionRows(names: readonly OptionName[], texts: PapoTexts): readonly Row[] {
  return names.map((name) => {
    const spec = optionSpec(name);
    const short = spec.type === "boolean" && spec.short !== undefined ? `-${spec.short}, ` : "";
    const value = spec.type === "string" ? ` ${texts.placeholders[spec.value]}` : "";
    return [`${short}--${name}${value}`, texts.options[name]] as const;
  });
}

function mainOnly(texts: PapoTexts, configFile: string): readonly string[] {
  const rows = Object.entries(EXIT).map(
    ([name, code]) => [String(code), texts.exitCodes[name as keyof typeof EXIT]] as const,
  );
  return [
    ...section(texts.exitCodesTitle, rows),
    ...["", `${texts.configurationTitle}:`, ...wrapped(texts.configuration(configFile), "  ")],
    "",
    texts.moreHelp,
  ];
}

function section(title: string, rows: readonly Row[]): readonly string[] {
  const width = Math.max(...rows.map(([term]) => term.length)) + 2;
  const lines = rows.flatMap(([term, says]) => {
    const [first = "", ...more] = wrapped(says, "", LINE_CHARS - width - 2);
    return [`  ${term.padEnd(width)}${first}`, ...more.map((line) => `  ${" ".repeat(width)}${line}`)];
  });
  return ["", `${title}:`, ...lines];
}

function wrapped(text: string, indent: string, width = LINE_CHARS - indent.length): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(indent + line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, indent + line];
}
