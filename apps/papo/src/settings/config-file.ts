import { join } from "node:path";
import { LANGUAGES, type PapoTexts, parseLanguage } from "@papo/view-model/command-texts";
import { nearest } from "../arguments/nearest.ts";
import { CommandError } from "../commands/command.ts";
import { EXIT } from "../exit-codes.ts";
import { readToml, shownWord } from "./toml-file.ts";

/** Lasting choices of a user. */
export type Config = {
  readonly lang?: string;
  /** One address, or several of the same tracker. */
  readonly tracker?: string | readonly string[];
  readonly profile?: string;
  readonly classic?: boolean;
  /** Whether clicks and the wheel are ours on the full screen. */
  readonly mouse?: boolean;
  /** Rings when somebody writes to this user alone, or names them. */
  readonly bell?: boolean;
  /** Tells the desktop the same, in the way of its terminal. */
  readonly "desktop-notices"?: "off" | "osc9" | "osc777";
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
  mouse: "boolean",
  bell: "boolean",
  "desktop-notices": "string",
  "allow-plaintext": "boolean",
  "hide-address": "boolean",
  lan: "boolean",
  "port-mapping": "boolean",
  "local-port": "port",
} as const satisfies Record<keyof Config, SettingKind>;

const DESKTOP_NOTICES: readonly string[] = ["off", "osc9", "osc777"] satisfies readonly Config["desktop-notices"][];

type SettingKind = "string" | "strings" | "boolean" | "port";

const PORT_MAX = 65_535;

/** Reads `config.toml` of a folder; an absent one is empty. Throws a `CommandError` that names the line. */
export function readConfig(folder: string, texts: PapoTexts): Config {
  const file = readToml(join(folder, CONFIG_FILE), texts);
  if (file === undefined) return {};
  for (const [key, value] of Object.entries(file.table)) check(key, value, file.placeOf(key), texts);
  return file.table;
}

function check(key: string, value: unknown, place: string, { problems }: PapoTexts): void {
  if (!Object.hasOwn(KEYS, key)) {
    throw error(problems.configUnknownKey(place, shownWord(key), nearest(key, Object.keys(KEYS))));
  }
  const kind = KEYS[key as keyof typeof KEYS];
  if (!isOfKind(value, kind)) throw error(problems.configWrongType(place, key, problems.expected[kind]));
  if (key === "lang" && parseLanguage(String(value)) === undefined) {
    throw error(problems.badChoice(`${place}: ${key}`, LANGUAGES.join(", ")));
  }
  if (key === "desktop-notices" && !DESKTOP_NOTICES.includes(String(value))) {
    throw error(problems.badChoice(`${place}: ${key}`, DESKTOP_NOTICES.join(", ")));
  }
}

function error(message: string): CommandError {
  return new CommandError(message, EXIT.usage);
}

function isOfKind(value: unknown, kind: SettingKind): boolean {
  if (kind === "port") return typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= PORT_MAX;
  if (kind === "strings" && Array.isArray(value))
    return value.length > 0 && value.every((one: unknown) => typeof one === "string");
  return typeof value === (kind === "strings" ? "string" : kind);
}
