import { join } from "node:path";
import { KEY_BINDINGS_MAX, safeText } from "@papo/protocol";
import { ACTIONS, bindingProblem, parseChord } from "@papo/terminal";
import type { PapoTexts } from "@papo/view-model/command-texts";
import { nearest } from "../arguments/nearest.ts";
import { CommandError } from "../commands/command.ts";
import { EXIT } from "../exit-codes.ts";
import { readToml, shownWord } from "./toml-file.ts";

const KEY_FILE = "keys.toml";

/**
 * What a user wants of keys: by chord, an action, a command line, or nothing (empty). Of the folders, whichever come later win. Throws a `CommandError` that names
 * the line of what no key can be or do. docs/keys.md
 */
export function readKeys(folders: readonly string[], texts: PapoTexts): ReadonlyMap<string, string> {
  const bindings = new Map<string, string>();
  for (const folder of new Set(folders)) readFolder(folder, texts, bindings);
  return bindings;
}

function readFolder(folder: string, texts: PapoTexts, bindings: Map<string, string>): void {
  const path = join(folder, KEY_FILE);
  const file = readToml(path, texts);
  if (file === undefined) return;
  const entries = Object.entries(file.table);
  if (entries.length > KEY_BINDINGS_MAX) throw error(texts.problems.manyKeys(safeText(path), KEY_BINDINGS_MAX));
  for (const [written, value] of entries) {
    const chord = parseChord(written);
    const place = file.placeOf(written);
    if (chord === undefined) throw error(texts.problems.unknownKey(place, shownWord(written)));
    bindings.set(chord, does(chord, value, place, texts));
  }
}

function does(chord: string, value: unknown, place: string, { problems }: PapoTexts): string {
  if (value === false) return "";
  if (typeof value !== "string" || /\p{Cc}/u.test(value))
    throw error(problems.configWrongType(place, chord, problems.expected.binding));
  if (bindingProblem(chord, value) === undefined) return value;
  throw error(problems.unknownAction(place, shownWord(value), nearest(value, ACTIONS)));
}

function error(message: string): CommandError {
  return new CommandError(message, EXIT.usage);
}
