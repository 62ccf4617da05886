import { EARLIER_MESSAGES_SHOWN, TIMELINE_PAGE_MESSAGES } from "@papo/protocol";
import { keptLines } from "../feed/kept-lines.ts";
import { textLine } from "../feed/shown-line.ts";
import { hasTabs } from "../flows/tabbed-screen.ts";
import type { CommandScreen, SlashCommand } from "./command.ts";

/** On a screen that scrolls, without a number: more than fits on most. */
const LINES_BACK = TIMELINE_PAGE_MESSAGES / 2;

/** Each call shows the page before the last one, back to the first message; a timeline is scrolled to what was said then. */
export const history: SlashCommand = {
  id: "history",
  topic: "search",
  names: ["/history", "/historico"],
  worksIn: ["room", "private"],
  takes: "optional",
  arguments: ["number"],
  run(screen, argument) {
    const { texts } = screen;
    if (argument !== "" && !/^[1-9]\d{0,2}$/u.test(argument))
      return screen.failed(texts.classic.commandUsage(texts.commands.history.usage));
    const wanted = argument === "" ? undefined : Number(argument);
    if (!hasTabs(screen)) return showPage(screen, wanted ?? EARLIER_MESSAGES_SHOWN);
    if (!screen.tabs.scrollBack(wanted ?? LINES_BACK)) screen.show([textLine(texts.chat.beginning)]);
  },
};

function showPage(screen: CommandScreen, limit: number): void {
  const { conversation, peer, shelf, texts } = screen;
  if (conversation === null) return;
  if (shelf.atStart) return screen.show([textLine(texts.kept.historyStart)]);
  const before = shelf.before === undefined ? {} : { before: shelf.before };
  const page = peer.history(conversation, { limit, ...before });
  if (!page.ok) return screen.failedBy(page.fault);
  shelf.atStart = page.value.before === null;
  shelf.before = page.value.before ?? shelf.before;
  screen.show([textLine(texts.kept.historyTitle), ...keptLines(page.value.messages, screen)]);
  screen.show([textLine(shelf.atStart ? texts.kept.historyStart : texts.kept.historyMore)]);
}
