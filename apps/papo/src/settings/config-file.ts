import { readFileSync } from "node:fs";
import { join } from "node:path";
import { safeText } from "@papo/protocol";
import { LANGUAGES, type PapoTexts, parseLanguage } from "@papo/view-model/command-texts";
import { parse, TomlError } from "smol-toml";
import { nearest } from "../arguments/nearest.ts";
import { CommandError } from "../commands/command.ts";
import { EXIT } from "../exit-codes.ts";

/** Lasting choices of a user. */
export type Config = {
  readonly lang?: string;
  /** One address, or several of the same tracker. */
  readonly tracker?: string | readonly string[];
  readonly profile?: string;
  readonly classic?: boolean;
  readonly "allow-plaintext"?: boolean;
  readonly "hide-address"?: boolean;
  /** True: also where only this machine is reached. False: as --no-lan. */
  readonly lan?: boolean;
  readonly "port-mapping"?: boolean;
  /** Where this user's Papos share a tracker when nobody names one. */
  readonly "local-port"?: number;
};

export const CONFIG_FILE = "config.toml";

const KEYS = {
  lang: "string",
  tracker: "strings",
  profile: "string",
  classic: "boolean",
  "allow-plaintext": "boolean",
  "hide-address": "boolean",
  lan: "boolean",
  "port-mapping": "boolean",
  "local-port": "port",
} as const satisfies Record<keyof Config, SettingKind>;

type SettingKind = "string" | "strings" | "boolean" | "port";

const PORT_MAX = 65_535;

/** A person writes it by hand: what is larger is something else. */
const CONFIG_CHARS_MAX = 64 * 1024;
const SHOWN_CHARS_MAX = 64;

/** Reads `config.toml` of a folder; an absent one is empty. Throws a `CommandError` that names the line. */
export function readConfig(folder: string, texts: PapoTexts): Config {
  const file = join(folder, CONFIG_FILE);
  const text = readText(file, texts);
  return text === undefined ? {} : new ConfigReader(file, text, texts).read();
}

function readText(file: string, texts: PapoTexts): string | undefined {
  try {
    const text = readFileSync(file, "utf8");
    if (text.length > CONFIG_CHARS_MAX) throw new Error(`> ${CONFIG_CHARS_MAX}`);
    return text;
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw new CommandError(texts.problems.configUnreadable(safeText(file), safeText(code ?? message)), EXIT.usage, {
      cause,
    });
  }
}

class ConfigReader {
  readonly #file: string;
  readonly #text: string;
  readonly #texts: PapoTexts;

  constructor(file: string, text: string, texts: PapoTexts) {
    this.#file = file;
    this.#text = text;
    this.#texts = texts;
  }

  read(): Config {
    const table = this.#parse();
    for (const [key, value] of Object.entries(table)) this.#check(key, value);
    return table;
  }

  #parse(): Readonly<Record<string, unknown>> {
    try {
      return parse(this.#text);
    } catch (cause) {
      if (!(cause instanceof TomlError)) throw cause;
      throw this.#error(this.#texts.problems.configSyntax(this.#place(cause.line)), cause);
    }
  }

  #check(key: string, value: unknown): void {
    const { problems } = this.#texts;
    const place = this.#place(this.#lineOf(key));
    if (!Object.hasOwn(KEYS, key)) {
      const shown = safeText(key.slice(0, SHOWN_CHARS_MAX));
      throw this.#error(problems.configUnknownKey(place, shown, nearest(key, Object.keys(KEYS))));
    }
    const kind = KEYS[key as keyof typeof KEYS];
    if (!isOfKind(value, kind)) throw this.#error(problems.configWrongType(place, key, problems.expected[kind]));
    if (key === "lang" && parseLanguage(String(value)) === undefined) {
      throw this.#error(problems.badChoice(`${place}: ${key}`, LANGUAGES.join(", ")));
    }
  }

  #error(message: string, cause?: unknown): CommandError {
    return new CommandError(message, EXIT.usage, { cause });
  }

  #place(line: number | undefined): string {
    return line === undefined ? safeText(this.#file) : `${safeText(this.#file)}:${line}`;
  }

  /** Where a key of the top table was written, if it was written in a usual way. */
  #lineOf(key: string): number | undefined {
    const index = this.#text
      .split("\n")
      .findIndex((line) => /^\s*\[?["']?([^"'\s=.\]]+)/u.exec(line)?.[1] === key.split(".")[0]);
    return index === -1 ? undefined : index + 1;
  }
}

function isOfKind(value: unknown, kind: SettingKind): boolean {
  if (kind === "port") return typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= PORT_MAX;
  if (kind === "strings" && Array.isArray(value))
    return value.length > 0 && value.every((one: unknown) => typeof one === "string");
  return typeof value === (kind === "strings" ? "string" : kind);
}
