import type { CommandScreen, SlashCommand } from "./command.ts";
import { worksOn } from "./table.ts";

/** `tabs-only`: not on a screen of one conversation. */
export type CommandRefusal = "not-here" | "tabs-only" | "wrong-usage";

/** Runs it when this screen and these words suit it; else says why not, having done nothing. */
export async function runCommand(
  command: SlashCommand,
  argument: string,
  screen: CommandScreen,
): Promise<CommandRefusal | undefined> {
  if (command.needs === "tabs" && screen.tabs === null) return "tabs-only";
  if (!worksOn(command, screen.kind, screen.tabs !== null)) return "not-here";
  if (command.takes === "nothing" && argument !== "") return "wrong-usage";
  if (command.takes === "something" && argument === "") return "wrong-usage";
  await command.run(screen, argument);
  return undefined;
}
