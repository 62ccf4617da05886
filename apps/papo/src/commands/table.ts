import type { CommandName, OptionName } from "@papo/view-model/command-texts";
import type { CommandProgram } from "./command.ts";

export type CommandSpec = {
  readonly options: readonly OptionName[];
  /** What follows the command: a folder or a file; a conversation, and perhaps words to say there; conversations, if any. */
  readonly takes?: "folder" | "file" | "message" | "conversations";
  /** Nothing of a command is loaded before it is known that it runs. */
  readonly load: () => Promise<CommandProgram>;
};

/** Allowed with every command. */
const EVERYWHERE = ["lang", "help", "version"] as const satisfies readonly OptionName[];
const PER_IP = ["connections-per-ip", "registrations-per-ip", "logins-per-ip"] as const satisfies readonly OptionName[];

const RELAY = ["relay", "relay-secret"] as const satisfies readonly OptionName[];

const ACCOUNT = ["account", "tracker", "profile"] as const satisfies readonly OptionName[];

/** The commands, in the order in which help lists them. */
export const COMMANDS: Readonly<Record<CommandName, CommandSpec>> = {
  chat: {
    options: [
      "tracker",
      "profile",
      "classic",
      "hide-address",
      "allow-plaintext",
      "no-lan",
      "no-port-mapping",
      ...EVERYWHERE,
    ],
    load: async () => (await import("./chat-start.ts")).chatStart,
  },
  send: {
    options: [...ACCOUNT, "no-lan", "no-port-mapping", "hide-address", "allow-plaintext", "json", ...EVERYWHERE],
    takes: "message",
    load: async () => (await import("./send.ts")).send,
  },
  tail: {
    options: [
      ...ACCOUNT,
      "no-lan",
      "no-port-mapping",
      "hide-address",
      "allow-plaintext",
      "lines",
      "json",
      ...EVERYWHERE,
    ],
    takes: "conversations",
    load: async () => (await import("./tail.ts")).tail,
  },
  socket: {
    options: ["account", "profile", ...EVERYWHERE],
    load: async () => (await import("./socket.ts")).socket,
  },
  tracker: {
    options: [
      "host",
      "port",
      "data",
      "store",
      "ops-port",
      "ping-interval",
      ...PER_IP,
      ...RELAY,
      "no-lan",
      "json",
      ...EVERYWHERE,
    ],
    load: async () => (await import("./tracker.ts")).tracker,
  },
  "tracker import": {
    options: ["data", "store", "json", ...EVERYWHERE],
    takes: "folder",
    load: async () => (await import("./tracker-import.ts")).trackerImport,
  },
  "tracker export": {
    options: ["data", "store", "json", ...EVERYWHERE],
    takes: "folder",
    load: async () => (await import("./tracker-export.ts")).trackerExport,
  },
  trackers: {
    options: ["json", ...EVERYWHERE],
    load: async () => (await import("./trackers.ts")).trackers,
  },
  relay: {
    options: ["host", "port", "relay-secret", "ops-port", "connections-per-ip", "json", ...EVERYWHERE],
    load: async () => (await import("./relay.ts")).relay,
  },
  export: {
    options: [...ACCOUNT, "passphrase-file", ...EVERYWHERE],
    takes: "file",
    load: async () => (await import("./account-export.ts")).accountExport,
  },
  import: {
    options: ["tracker", "profile", "passphrase-file", ...EVERYWHERE],
    takes: "file",
    load: async () => (await import("./account-import.ts")).accountImport,
  },
  unlatch: {
    options: [...ACCOUNT, ...EVERYWHERE],
    load: async () => (await import("./unlatch.ts")).unlatch,
  },
  doctor: {
    options: [...ACCOUNT, "no-lan", "no-port-mapping", "json", "show-addresses", ...EVERYWHERE],
    load: async () => (await import("./doctor.ts")).doctor,
  },
  demo: { options: [...EVERYWHERE], load: async () => (await import("./demo.ts")).demo },
};

export const COMMAND_NAMES = Object.keys(COMMANDS) as readonly CommandName[];

/** As it is typed: `papo`, `papo tracker`, `papo tracker import`. */
export function typedAs(command: CommandName): string {
  return command === "chat" ? "papo" : `papo ${command}`;
}
