import type { SlashCommand } from "./command.ts";

export const help: SlashCommand = {
  id: "help",
  names: ["/help", "/ajuda"],
  worksIn: ["room", "private", "menu"],
  takes: "optional",
  run: (screen, about) => screen.showHelp(about),
};
