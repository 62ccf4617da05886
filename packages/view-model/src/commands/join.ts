import { enterRoom } from "../flows/enter-room.ts";
import { openRoomList } from "../flows/room-list.ts";
import { hasTabs } from "../flows/tabbed-screen.ts";
import type { SlashCommand } from "./command.ts";

/** By its name, or by an invite's link; without either, from a list. */
export const join: SlashCommand = {
  id: "join",
  topic: "rooms",
  names: ["/join", "/j", "/entrar"],
  worksIn: ["room", "private", "menu"],
  needs: "tabs",
  takes: "optional",
  arguments: ["room"],
  async run(screen, typed) {
    if (!hasTabs(screen)) return;
    if (typed === "") return openRoomList(screen);
    const problem = await screen.patiently(enterRoom(screen, typed));
    if (problem !== undefined) screen.failed(problem);
  },
};
