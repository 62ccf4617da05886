import type { Message } from "@papo/peer/api";
import { excerptOf } from "../excerpt.ts";
import type { CommandScreen, SlashCommand } from "./command.ts";
import { isOwn, messageNumbered, nameTyped } from "./pick-message.ts";

/** A number counts one's own messages; a name means the newest of that person, which a moderator may delete. */
export const deleteMessage: SlashCommand = {
  id: "deleteMessage",
  topic: "talk",
  names: ["/delete", "/redact", "/apagar"],
  worksIn: ["room"],
  takes: "optional",
  arguments: ["person"],
  async run(screen, argument) {
    const message = meant(screen, argument);
    if (message === undefined) return screen.failed(screen.texts.kept.noSuchMessage);
    const deleted = await screen.peer.deleteMessage(message);
    if (!deleted.ok) return screen.failedBy(deleted.fault);
    // Deleting says which one it was: it may have been meant for another.
    screen.succeeded(screen.texts.kept.deletedOwn(excerptOf(message.content)));
  },
};

function meant(screen: CommandScreen, argument: string): Message | undefined {
  if (argument === "" || /^\d+$/u.test(argument)) return messageNumbered(screen, argument || "1", isOwn);
  const name = nameTyped(screen, argument);
  return messageNumbered(screen, "1", ({ author }) => author === name);
}
