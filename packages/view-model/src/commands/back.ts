import type { SlashCommand } from "./command.ts";

export const back: SlashCommand = {
  id: "back",
  topic: "screen",
  names: ["/voltar", "/back"],
  worksIn: ["room", "private"],
  takes: "nothing",
  arguments: [],
  run: (screen) => screen.back(),
};
