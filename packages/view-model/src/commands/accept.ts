import type { SlashCommand } from "./command.ts";

export const accept: SlashCommand = {
  id: "accept",
  names: ["/accept", "/aceitar"],
  worksIn: ["room", "private", "menu"],
  takes: "name",
  run: (screen, name) => screen.decideKeyChange(name, "accept"),
};
