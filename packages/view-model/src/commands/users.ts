import type { SlashCommand } from "./command.ts";

export const users: SlashCommand = {
  id: "users",
  names: ["/users", "/usuarios"],
  worksIn: ["room", "private"],
  takes: "nothing",
  run: (screen) => screen.showUsers(),
};
