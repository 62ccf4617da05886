import type { SlashCommand } from "./command.ts";

export const leave: SlashCommand = {
  id: "leave",
  names: ["/sair", "/leave"],
  worksIn: ["room", "private"],
  takes: "nothing",
  run: (screen) => screen.leave(),
};
