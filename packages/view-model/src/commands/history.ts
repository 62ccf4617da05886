import { EARLIER_MESSAGES_SHOWN } from "@papo/protocol";
import { keptLines } from "../feed/kept-lines.ts";
import { textLine } from "../feed/shown-line.ts";
import type { SlashCommand } from "./command.ts";

/** Each call shows the page before the last one, back to the first message. */
export const history: SlashCommand = {
  id: "history",
  topic: "search",
  names: ["/history", "/historico"],
  worksIn: ["room", "private"],
  takes: "optional",
  arguments: ["number"],
  run(screen, argument) {
    const { conversation, peer, shelf, texts } = screen;
    if (conversation === null) return;
    if (argument !== "" && !/^[1-9]\d{0,2}$/u.test(argument))
      return screen.failed(texts.classic.commandUsage(texts.commands.history.usage));
    if (shelf.atStart) return screen.show([textLine(texts.kept.historyStart)]);
    const limit = argument === "" ? EARLIER_MESSAGES_SHOWN : Number(argument);
    const before = shelf.before === undefined ? {} : { before: shelf.before };
    const page = peer.history(conversation, { limit, ...before });
    if (!page.ok) return screen.failedBy(page.fault);
    shelf.atStart = page.value.before === null;
    shelf.before = page.value.before ?? shelf.before;
    screen.show([textLine(texts.kept.historyTitle), ...keptLines(page.value.messages, screen)]);
    screen.show([textLine(shelf.atStart ? texts.kept.historyStart : texts.kept.historyMore)]);
  },
};
