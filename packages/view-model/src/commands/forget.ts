import { safeText } from "@papo/protocol";
import { shownRoomName } from "../names/shown-room-name.ts";
import type { SlashCommand } from "./command.ts";

export const forget: SlashCommand = {
  id: "forget",
  names: ["/forget", "/esquecer"],
  worksIn: ["room", "menu"],
  takes: "optional",
  async run(screen, typed) {
    const { kept, classic, commands } = screen.texts;
    const here = screen.conversation?.kind === "room" ? screen.conversation.id : undefined;
    const listed = screen.peer.conversations().find(({ title }) => typed !== "" && title === typed)?.conversation;
    const id = typed === "" ? here : listed?.kind === "room" ? listed.id : undefined;
    if (id === undefined) return screen.failed(classic.commandUsage(commands.forget.usage));
    const known = screen.peer.room(id)?.name;
    const name = known === undefined ? safeText(typed) : shownRoomName(known);
    const forgotten = await screen.peer.forgetRoom(id);
    if (!forgotten.ok) return screen.failedBy(forgotten.fault);
    screen.succeeded(kept.forgotten(name));
    if (here === id) await screen.back();
  },
};
