import type { SlashCommand } from "./command.ts";
import { isOwn, leadingNumber, messageNumbered } from "./pick-message.ts";
import { sendText } from "./send-text.ts";

/** Answers a message of somebody else; without a text, where that is possible, the next line is the answer. */
export const reply: SlashCommand = {
  id: "reply",
  topic: "talk",
  names: ["/reply", "/r", "/responder"],
  worksIn: ["room"],
  takes: "optional",
  arguments: ["number", "text"],
  async run(screen, argument) {
    const { conversation, tabs, texts } = screen;
    if (conversation === null) return;
    const { number, rest } = leadingNumber(argument);
    const message = messageNumbered(screen, number, (said) => !isOwn(said));
    if (message === undefined) return screen.failed(texts.actions.noSuchAnswered);
    if (rest !== "") {
      await sendText(screen, conversation, { text: rest, replyTo: message.id });
      return;
    }
    if (tabs === null) screen.failed(texts.classic.commandUsage(texts.commands.reply.usage));
    else tabs.replyTo(message);
  },
};
