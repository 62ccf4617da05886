import { answerTyped, ON_OFF_WORDS } from "./answer-words.ts";
import type { SlashCommand } from "./command.ts";

/** Whether others are told what was read here. */
export const receipts: SlashCommand = {
  id: "receipts",
  topic: "screen",
  names: ["/receipts", "/lidas"],
  worksIn: ["room", "private", "menu"],
  takes: "something",
  arguments: ["onOff"],
  async run(screen, argument) {
    const { peer, texts } = screen;
    const on = answerTyped(ON_OFF_WORDS, argument);
    if (on === undefined) return screen.failed(texts.classic.commandUsage(texts.commands.receipts.usage));
    const set = await peer.setReadReceipts(on);
    if (!set.ok) return screen.failedBy(set.fault);
    screen.succeeded(set.value ? texts.kept.receiptsOn : texts.kept.receiptsOff);
  },
};
