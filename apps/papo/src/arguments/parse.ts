import { parseArgs } from "node:util";
import type { CommandName, OptionName } from "@papo/view-model/command-texts";
import { COMMAND_NAMES, COMMANDS, type CommandSpec } from "../commands/table.ts";
import { nearest } from "./nearest.ts";
import { isOptionName, OPTION_NAMES, OPTIONS, type OptionValues, optionSpec } from "./options.ts";

/** What is wrong with a command line, as data; `problem-text.ts` says it. */
export type Problem =
  | { readonly kind: "unknown-command"; readonly word: string; readonly nearest: string | undefined }
  | { readonly kind: "unexpected-word"; readonly word: string }
  | { readonly kind: "missing-word" }
  | { readonly kind: "unknown-option"; readonly option: string; readonly nearest: string | undefined }
  | { readonly kind: "other-command-option"; readonly option: string }
  | { readonly kind: "repeated-option"; readonly option: string }
  | { readonly kind: "needs-value"; readonly name: OptionName }
  | { readonly kind: "takes-no-value"; readonly option: string };

export type ParsedLine = {
  readonly command: CommandName;
  /** Options that came before a problem was found, so that it can be told in the language asked for. */
  readonly values: OptionValues;
  /** What stands after the command: a folder, a file, words. */
  readonly words: readonly string[];
  readonly problem: Problem | undefined;
};

type Tokens = NonNullable<ReturnType<typeof tokenize>["tokens"]>;
type OptionToken = Extract<Tokens[number], { kind: "option" }>;

/** Never throws: a mistyped line is an ordinary value. Options may stand before, between and after the words. */
export function parseLine(argv: readonly string[]): ParsedLine {
  const { tokens } = tokenize(argv);
  const words = tokens.filter((token) => token.kind === "positional").map((token) => token.value);
  const asksHelp = words[0] === "help";
  const { command, rest } = commandOf(asksHelp ? words.slice(1) : words);
  const options = readOptions(tokens, command);
  return {
    command,
    values: asksHelp ? { ...options.values, help: true } : options.values,
    words: rest,
    problem:
      options.problem ?? (asksHelp || options.values.help === true ? undefined : wordProblem(command, words, rest)),
  };
}

function tokenize(argv: readonly string[]) {
  return parseArgs({ args: [...argv], options: OPTIONS, strict: false, allowPositionals: true, tokens: true });
}

/** The longest command that the words begin with. */
function commandOf(words: readonly string[]): { command: CommandName; rest: readonly string[] } {
  for (const length of [2, 1]) {
    const typed = words.slice(0, length).join(" ");
    const command = COMMAND_NAMES.find((name) => name === typed && name !== "chat");
    if (words.length >= length && command !== undefined) return { command, rest: words.slice(length) };
  }
  return { command: "chat", rest: words };
}

function wordProblem(command: CommandName, words: readonly string[], rest: readonly string[]): Problem | undefined {
  const takes = wordsTaken(COMMANDS[command].takes);
  if (rest.length < takes.least) return { kind: "missing-word" };
  const extra = rest[takes.most];
  if (extra === undefined) return undefined;
  if (takes.most > 0) return { kind: "unexpected-word", word: extra };
  const before = words.slice(0, words.length - rest.length).join(" ");
  const known = COMMAND_NAMES.filter((name) => name !== "chat" && name.startsWith(before));
  const meant = nearest(`${before} ${extra}`.trim(), known);
  if (command === "chat" || meant !== undefined) return { kind: "unknown-command", word: extra, nearest: meant };
  return { kind: "unexpected-word", word: extra };
}

function wordsTaken(takes: CommandSpec["takes"]): { readonly least: number; readonly most: number } {
  switch (takes) {
    case undefined:
      return { least: 0, most: 0 };
    case "folder":
    case "file":
      return { least: 1, most: 1 };
    case "message":
      return { least: 1, most: Number.POSITIVE_INFINITY };
    case "conversations":
      return { least: 0, most: Number.POSITIVE_INFINITY };
  }
}

function readOptions(tokens: Tokens, command: CommandName): { values: OptionValues; problem: Problem | undefined } {
  const values: Record<string, string | readonly string[] | true> = {};
  let problem: Problem | undefined;
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    const found = optionProblem(token, command, values);
    if (found === undefined) values[token.name] = valueOf(token, values[token.name]);
    problem ??= found;
  }
  return { values, problem };
}

function valueOf(
  { name, value = "" }: OptionToken,
  before: string | readonly string[] | true | undefined,
): string | readonly string[] | true {
  const spec = isOptionName(name) ? optionSpec(name) : undefined;
  if (spec?.type !== "string") return true;
  return spec.repeats === true ? [...(Array.isArray(before) ? (before as readonly string[]) : []), value] : value;
}

function optionProblem(
  token: OptionToken,
  command: CommandName,
  seen: Readonly<Record<string, unknown>>,
): Problem | undefined {
  const { name, rawName } = token;
  const option = rawName.slice(0, 64);
  const allowed = COMMANDS[command].options;
  if (!isOptionName(name)) return { kind: "unknown-option", option, nearest: nearestOption(rawName, allowed) };
  if (!allowed.includes(name)) return { kind: "other-command-option", option };
  const spec = optionSpec(name);
  if (spec.type === "boolean") {
    return token.value === undefined ? undefined : { kind: "takes-no-value", option };
  }
  if (Object.hasOwn(seen, name) && spec.repeats !== true) return { kind: "repeated-option", option };
  // `--tracker --classic` forgot the value; `--data=-x` means it, and so does the `-` that stands for standard input.
  const forgotten = token.value === undefined || token.value === "" || (!token.inlineValue && /^-./u.test(token.value));
  return forgotten ? { kind: "needs-value", name } : undefined;
}

function nearestOption(rawName: string, allowed: readonly OptionName[]): string | undefined {
  if (!rawName.startsWith("--")) return undefined;
  const word = rawName.slice(2);
  const meant = nearest(word, allowed) ?? nearest(word, OPTION_NAMES);
  return meant === undefined ? undefined : `--${meant}`;
}
