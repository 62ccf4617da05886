import type { CommandScreen, SlashCommand } from "./command.ts";

export type CommandRefusal = "not-here" | "wrong-usage";

/** Runs it when this screen and these words suit it; else says why not, having done nothing. */
export async function runCommand(
  command: SlashCommand,
  argument: string,
  screen: CommandScreen,
): Promise<CommandRefusal | undefined> {
  if (!command.worksIn.includes(screen.kind)) return "not-here";
  if (command.needs === "tabs" && screen.tabs === null) return "not-here";
  if (command.takes === "nothing" && argument !== "") return "wrong-usage";
  if (command.takes === "something" && argument === "") return "wrong-usage";
  await command.run(screen, argument);
  return undefined;
}
