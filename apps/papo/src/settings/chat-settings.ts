import { resolve } from "node:path";
import { parseTrackerAddress, TRACKER_ADDRESSES_MAX, TRACKER_PORT_DEFAULT, type TrackerAddress } from "@papo/protocol";
import { CommandError, type Invocation } from "../commands/command.ts";
import { EXIT } from "../exit-codes.ts";
import { type Config, CONFIG_FILE, readConfig } from "./config-file.ts";

type LanChoice = "auto" | "asked" | "off";

export type ChatSettings = {
  readonly profile: string;
  /** Undefined: the one at the default address, hosted here if need be. */
  readonly tracker: TrackerAddress | undefined;
  /** Where the same tracker is as well. */
  readonly otherAddresses: readonly TrackerAddress[];
  readonly localPort: number;
  readonly allowPlaintext: boolean;
  /** Line by line, as pipes and screen readers need it. */
  readonly classic: boolean;
  /** Of the full screen. */
  readonly screen: {
    readonly mouse: boolean;
    readonly bell: boolean;
    readonly desktopNotices: "off" | "osc9" | "osc777";
  };
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
  const [tracker, ...otherAddresses] = trackersOf(values.tracker, config, texts);
  return {
    ...{ profile, tracker, otherAddresses },
    localPort: config["local-port"] ?? TRACKER_PORT_DEFAULT,
    allowPlaintext: values["allow-plaintext"] ?? config["allow-plaintext"] ?? false,
    hideAddress,
    classic: values.classic ?? config.classic ?? false,
    screen: {
      mouse: config.mouse ?? true,
      bell: config.bell ?? false,
      desktopNotices: config["desktop-notices"] ?? "off",
    },
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

/** Several are addresses of one tracker: they are tried in turn. */
function trackersOf(
  typed: readonly string[] | undefined,
  { tracker: configured = [] }: Config,
  { problems }: Invocation["texts"],
): readonly TrackerAddress[] {
  const where = typed === undefined ? `${CONFIG_FILE}: tracker` : "--tracker";
  const written = typed ?? (typeof configured === "string" ? [configured] : configured);
  const addresses = written.map((text) => {
    const address = parseTrackerAddress(text);
    if (address.ok) return address.value;
    throw new CommandError(problems.badTrackerAddress(where), EXIT.usage);
  });
  const keys = new Set(addresses.flatMap((address) => (address.dialect === "papo" ? (address.key ?? []) : [])));
  if (keys.size > 1) throw new CommandError(problems.differentTrackers(where), EXIT.usage);
  const isOriginal = addresses.some(({ dialect }) => dialect === "seed");
  if (addresses.length > TRACKER_ADDRESSES_MAX || (isOriginal && addresses.length > 1))
    throw new CommandError(problems.manyAddresses(where, TRACKER_ADDRESSES_MAX), EXIT.usage);
  return addresses;
}
