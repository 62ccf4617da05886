import type { SlashCommand } from "./command.ts";
import { isOwn, leadingNumber, messageNumbered } from "./pick-message.ts";

export const edit: SlashCommand = {
  id: "edit",
  topic: "talk",
  names: ["/edit", "/e", "/correct", "/editar"],
  worksIn: ["room"],
  takes: "something",
  arguments: ["number", "text"],
  async run(screen, argument) {
    const { number, rest } = leadingNumber(argument);
    const message = messageNumbered(screen, number, isOwn);
    if (message === undefined || rest === "") return screen.failed(screen.texts.kept.noSuchMessage);
    const edited = await screen.peer.edit(message, rest);
    if (!edited.ok) screen.failedBy(edited.fault);
  },
};
