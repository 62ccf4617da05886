import type { OptionName, PapoTexts } from "@papo/view-model/command-texts";
import type { OptionValues } from "../arguments/options.ts";
import { CommandError } from "../commands/command.ts";
import { EXIT } from "../exit-codes.ts";

const PORT_MAX = 65_535;

type NumberOption = Extract<
  OptionName,
  "port" | "lines" | "ops-port" | "ping-interval" | "connections-per-ip" | "registrations-per-ip" | "logins-per-ip"
>;

/** A whole number in the range, written in digits alone; undefined when the option is absent. */
export function numberOption(
  values: OptionValues,
  name: NumberOption,
  range: { readonly from: number; readonly to: number; readonly texts: PapoTexts },
): number | undefined {
  const text = values[name];
  if (text === undefined) return undefined;
  const { from, to, texts } = range;
  const number = /^\d{1,9}$/u.test(text) ? Number(text) : Number.NaN;
  if (number >= from && number <= to) return number;
  throw new CommandError(texts.problems.badNumber(`--${name}`, from, to), EXIT.usage);
}

export function portOption(values: OptionValues, texts: PapoTexts): number | undefined {
  return numberOption(values, "port", { from: 0, to: PORT_MAX, texts });
}

export function opsPortOption(values: OptionValues, texts: PapoTexts): number | "off" | undefined {
  if (values["ops-port"] === "off") return "off";
  try {
    return numberOption(values, "ops-port", { from: 0, to: PORT_MAX, texts });
  } catch (cause) {
    throw new CommandError(texts.problems.badPortOrOff("--ops-port"), EXIT.usage, { cause });
  }
}
