import { shownRoomName } from "../names/shown-room-name.ts";
import type { SlashCommand } from "./command.ts";
import { isMeant } from "./is-meant.ts";

export const deleteRoom: SlashCommand = {
  id: "deleteRoom",
  topic: "rooms",
  names: ["/deletar_sala", "/delete_room"],
  worksIn: ["room"],
  takes: "nothing",
  arguments: [],
  async run(screen) {
    const { conversation, peer, texts } = screen;
    const room = conversation?.kind === "room" ? peer.room(conversation.id) : undefined;
    const name = room === undefined ? "?" : shownRoomName(room.name);
    const { deleteRoomMeans, reallyDeleteRoom } = texts.actions;
    if (await isMeant(screen, { title: reallyDeleteRoom(name), lines: [deleteRoomMeans] })) await screen.deleteRoom();
  },
};
