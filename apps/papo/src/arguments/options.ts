import type { OptionName, PlaceholderName } from "@papo/view-model/command-texts";

export type OptionSpec =
  | { readonly type: "boolean"; readonly short?: string }
  | { readonly type: "string"; readonly value: PlaceholderName; readonly repeats?: true };

/** Every option of every command. One name means the same wherever it is allowed. */
export const OPTIONS = {
  tracker: { type: "string", value: "address", repeats: true },
  profile: { type: "string", value: "folder" },
  lang: { type: "string", value: "language" },
  classic: { type: "boolean" },
  "hide-address": { type: "boolean" },
  "allow-plaintext": { type: "boolean" },
  "no-lan": { type: "boolean" },
  "no-port-mapping": { type: "boolean" },
  host: { type: "string", value: "host" },
  port: { type: "string", value: "port" },
  data: { type: "string", value: "folder" },
  store: { type: "string", value: "store" },
  "ops-port": { type: "string", value: "port-or-off" },
  "ping-interval": { type: "string", value: "seconds" },
  "connections-per-ip": { type: "string", value: "number" },
  "registrations-per-ip": { type: "string", value: "number" },
  "logins-per-ip": { type: "string", value: "number" },
  relay: { type: "string", value: "relay-place" },
  "relay-secret": { type: "string", value: "file" },
  account: { type: "string", value: "name" },
  "passphrase-file": { type: "string", value: "file" },
  lines: { type: "string", value: "number" },
  "show-addresses": { type: "boolean" },
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean", short: "V" },
} as const satisfies Record<OptionName, OptionSpec>;

/** What was given: the text of each option that has one, each of those of an option that may be repeated, true for each flag. */
export type OptionValues = { readonly [Name in OptionName]?: ValueOf<(typeof OPTIONS)[Name]> };

type ValueOf<Spec> = Spec extends { readonly type: "boolean" }
  ? true
  : Spec extends { readonly repeats: true }
    ? readonly string[]
    : string;

export const OPTION_NAMES = Object.keys(OPTIONS) as readonly OptionName[];

export function optionSpec(name: OptionName): OptionSpec {
  return OPTIONS[name];
}

export function isOptionName(name: string): name is OptionName {
  return Object.hasOwn(OPTIONS, name);
}
