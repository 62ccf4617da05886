import { accept } from "./accept.ts";
import { back } from "./back.ts";
import { block } from "./block.ts";
import type { ScreenKind, SlashCommand } from "./command.ts";
import { deleteRoom } from "./delete-room.ts";
import { help } from "./help.ts";
import { leave } from "./leave.ts";
import { users } from "./users.ts";

/** In the order in which help lists them. */
const COMMANDS: readonly SlashCommand[] = [users, help, deleteRoom, leave, back, accept, block];

const COMMAND_BY_NAME: ReadonlyMap<string, SlashCommand> = new Map(
  COMMANDS.flatMap((command) => command.names.map((name) => [name, command] as const)),
);

export const COMMAND_NAMES: readonly string[] = [...COMMAND_BY_NAME.keys()];

/** By any of its names, whatever the capitals and accents: `/USUÁRIOS` is `/usuarios`. */
export function commandNamed(name: string): SlashCommand | undefined {
  return COMMAND_BY_NAME.get(plainName(name));
}

export function plainName(name: string): string {
  return name.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

export function commandsOf(screen: ScreenKind): readonly SlashCommand[] {
  return COMMANDS.filter((command) => command.worksIn.includes(screen));
}
