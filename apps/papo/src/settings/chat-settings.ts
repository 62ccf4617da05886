import { resolve } from "node:path";
import { parseTrackerAddress, TRACKER_PORT_DEFAULT, type TrackerAddress } from "@papo/protocol";
import { CommandError, type Invocation } from "../commands/command.ts";
import { EXIT } from "../exit-codes.ts";
import { type Config, CONFIG_FILE, readConfig } from "./config-file.ts";

type LanChoice = "auto" | "asked" | "off";

export type ChatSettings = {
  readonly profile: string;
  /** Undefined: the one at the default address, hosted here if need be. */
  readonly tracker: TrackerAddress | undefined;
  readonly localPort: number;
  readonly allowPlaintext: boolean;
  /** Nobody is told where this device is. */
  readonly hideAddress: boolean;
  /** Being found and finding others in the local network. `asked`: also where links are accepted from this machine alone otherwise. */
  readonly lan: LanChoice;
  /** Asking the router for a port. */
  readonly portMapping: boolean;
};

/** The command line wins over the profile's configuration, that one over the user's. */
export function chatSettings({ values, folders, texts }: Invocation): ChatSettings {
  const ofUser = folders === undefined ? {} : readConfig(folders.config, texts);
  const profile = profileFolder(values.profile ?? ofUser.profile ?? folders?.profile, texts);
  const config: Config = { ...ofUser, ...readConfig(profile, texts) };
  const hideAddress = values["hide-address"] ?? config["hide-address"] ?? false;
  return {
    profile,
    tracker: trackerOf(values.tracker, config, texts),
    localPort: config["local-port"] ?? TRACKER_PORT_DEFAULT,
    allowPlaintext: values["allow-plaintext"] ?? config["allow-plaintext"] ?? false,
    hideAddress,
    // Whoever is found in the local network has shown where it is.
    lan: lanChoice(values["no-lan"] === true || hideAddress ? false : config.lan),
    portMapping: values["no-port-mapping"] === true ? false : (config["port-mapping"] ?? true),
  };
}

function lanChoice(said: boolean | undefined): LanChoice {
  if (said === undefined) return "auto";
  return said ? "asked" : "off";
}

function profileFolder(chosen: string | undefined, { problems }: Invocation["texts"]): string {
  if (chosen === undefined) throw new CommandError(problems.noHome, EXIT.failed);
  return resolve(chosen);
}

function trackerOf(
  typed: string | undefined,
  config: Config,
  { problems }: Invocation["texts"],
): TrackerAddress | undefined {
  const text = typed ?? config.tracker;
  if (text === undefined) return undefined;
  const address = parseTrackerAddress(text);
  if (address.ok) return address.value;
  const where = typed === undefined ? `${CONFIG_FILE}: tracker` : "--tracker";
  throw new CommandError(problems.badTrackerAddress(where), EXIT.usage);
}
