import type { SlashCommand } from "./command.ts";

export const users: SlashCommand = {
  id: "users",
  topic: "people",
  names: ["/users", "/usuarios", "/names", "/members", "/membros"],
  worksIn: ["room", "private"],
  takes: "nothing",
  arguments: [],
  run: (screen) => screen.showUsers(),
};
