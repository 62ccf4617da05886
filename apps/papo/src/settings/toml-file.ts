import { readFileSync } from "node:fs";
import { safeText } from "@papo/protocol";
import type { PapoTexts } from "@papo/view-model/command-texts";
import { parse, TomlError } from "smol-toml";
import { CommandError } from "../commands/command.ts";
import { EXIT } from "../exit-codes.ts";

/** A person writes it by hand: what is larger is something else. */
const FILE_CHARS_MAX = 64 * 1024;
const SHOWN_CHARS_MAX = 64;

/** A file of settings, and where in it each of them was written. */
export type TomlFile = {
  readonly table: Readonly<Record<string, unknown>>;
  /** `file:line` of a key of the top table, or the file alone. */
  placeOf(key: string): string;
};

/** An absent file is undefined. Throws a `CommandError` that names the file, and the line where there is one. */
export function readToml(file: string, texts: PapoTexts): TomlFile | undefined {
  const text = readText(file, texts);
  if (text === undefined) return undefined;
  return { table: tableOf(file, text, texts), placeOf: (key) => place(file, lineOf(text, key)) };
}

/** A word of the file, as it is shown in what is said about it. */
export function shownWord(word: string): string {
  return safeText(word.slice(0, SHOWN_CHARS_MAX));
}

function readText(file: string, texts: PapoTexts): string | undefined {
  try {
    const text = readFileSync(file, "utf8");
    if (text.length > FILE_CHARS_MAX) throw new Error(`> ${FILE_CHARS_MAX}`);
    return text;
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw new CommandError(texts.problems.configUnreadable(safeText(file), safeText(code ?? message)), EXIT.usage, {
      cause,
    });
  }
}

function tableOf(file: string, text: string, texts: PapoTexts): Readonly<Record<string, unknown>> {
  try {
    return parse(text);
  } catch (cause) {
    if (!(cause instanceof TomlError)) throw cause;
    throw new CommandError(texts.problems.configSyntax(place(file, cause.line)), EXIT.usage, { cause });
  }
}

function place(file: string, line: number | undefined): string {
  return line === undefined ? safeText(file) : `${safeText(file)}:${line}`;
}

/** Where a key was written, if it was written in a usual way. */
function lineOf(text: string, key: string): number | undefined {
  const index = text.split("\n").findIndex((line) => {
    const [, bare, double, single] = /^\s*\[?(?:([\w-]+)|"([^"]*)"|'([^']*)')/u.exec(line) ?? [];
    return (bare ?? double ?? single) === key;
  });
  return index === -1 ? undefined : index + 1;
}
