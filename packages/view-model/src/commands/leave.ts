import type { SlashCommand } from "./command.ts";

export const leave: SlashCommand = {
  id: "leave",
  topic: "rooms",
  names: ["/sair", "/leave", "/part"],
  worksIn: ["room", "private"],
  takes: "nothing",
  arguments: [],
  run: (screen) => screen.leave(),
};
