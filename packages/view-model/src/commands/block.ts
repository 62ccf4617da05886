import type { SlashCommand } from "./command.ts";

export const block: SlashCommand = {
  id: "block",
  names: ["/block", "/bloquear"],
  worksIn: ["room", "private", "menu"],
  takes: "name",
  run: (screen, name) => screen.decideKeyChange(name, "block"),
};
