import type { SlashCommand } from "./command.ts";
import { messageNumbered } from "./pick-message.ts";

export const react: SlashCommand = {
  id: "react",
  topic: "talk",
  names: ["/react", "/reagir"],
  worksIn: ["room"],
  takes: "something",
  arguments: ["emoji", "number"],
  async run(screen, argument) {
    const [emoji = "", number = "1"] = argument.split(/\s+/u);
    const message = messageNumbered(screen, number, () => true);
    if (message === undefined) return screen.failed(screen.texts.kept.noSuchMessage);
    const isOn = message.kept?.reactions.some((reaction) => reaction.emoji === emoji && reaction.own) ?? false;
    const reacted = await screen.peer.react(message, emoji, !isOn);
    if (!reacted.ok) screen.failedBy(reacted.fault);
  },
};
