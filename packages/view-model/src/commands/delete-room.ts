import type { SlashCommand } from "./command.ts";

export const deleteRoom: SlashCommand = {
  id: "deleteRoom",
  topic: "rooms",
  names: ["/deletar_sala", "/delete_room"],
  worksIn: ["room"],
  takes: "nothing",
  arguments: [],
  run: (screen) => screen.deleteRoom(),
};
