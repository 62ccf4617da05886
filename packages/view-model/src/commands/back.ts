import type { SlashCommand } from "./command.ts";

export const back: SlashCommand = {
  id: "back",
  names: ["/voltar", "/back"],
  worksIn: ["room", "private"],
  takes: "nothing",
  run: (screen) => screen.back(),
};
