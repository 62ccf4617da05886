import type { SlashCommand } from "./command.ts";

export const help: SlashCommand = {
  id: "help",
  topic: "screen",
  names: ["/help", "/h", "/ajuda"],
  worksIn: ["room", "private", "menu"],
  takes: "optional",
  arguments: ["command"],
  run: (screen, about) => screen.showHelp(about),
};
