import type { SlashCommand } from "./command.ts";

export const deleteRoom: SlashCommand = {
  id: "deleteRoom",
  names: ["/deletar_sala", "/delete_room"],
  worksIn: ["room"],
  takes: "nothing",
  run: (screen) => screen.deleteRoom(),
};
