import { openSearch } from "../flows/search-panel.ts";
import { hasTabs } from "../flows/tabbed-screen.ts";
import { SEARCH_CHARS_MAX } from "@papo/protocol";
import { keptLines } from "../feed/kept-lines.ts";
import { textLine } from "../feed/shown-line.ts";
import type { SlashCommand } from "./command.ts";

/** Messages shown on each side of one that was found. */
const CONTEXT_LINES = 5;

export const search: SlashCommand = {
  id: "search",
  topic: "search",
  names: ["/search", "/s", "/lastlog", "/buscar"],
  worksIn: ["room", "private", "menu"],
  takes: "optional",
  arguments: ["text"],
  async run(screen, text) {
    const { conversation, peer, shelf, texts } = screen;
    if (hasTabs(screen)) return openSearch(screen, text);
    if (text === "") return screen.failed(texts.classic.commandUsage(texts.commands.search.usage));
    const within = conversation === null ? {} : { in: conversation };
    const found = await screen.patiently(peer.search(text.slice(0, SEARCH_CHARS_MAX), within));
    if (!found.ok) return screen.failedBy(found.fault);
    shelf.hits = found.value;
    if (found.value.length === 0) return screen.show([textLine(texts.kept.nothingFound)]);
    // The newest is the last on the screen, as everywhere; numbers count from it.
    const lines = found.value.toReversed().flatMap(({ message }, at) => {
      const number = `${found.value.length - at}. `;
      return keptLines([message], screen).map((line) => ({ ...line, spans: [{ text: number }, ...line.spans] }));
    });
    screen.show([textLine(texts.kept.foundTitle(found.value.length)), ...lines, textLine(texts.kept.contextHint)]);
  },
};

export const context: SlashCommand = {
  id: "context",
  topic: "search",
  names: ["/context", "/contexto"],
  worksIn: ["room", "private", "menu"],
  takes: "something",
  arguments: ["number"],
  run(screen, number) {
    const { peer, shelf, texts } = screen;
    const hit = shelf.hits[Number(number) - 1];
    if (hit === undefined) return screen.failed(texts.kept.noSuchHit);
    if (hasTabs(screen)) return screen.tabs.jumpTo(hit);
    const { conversation } = hit.message;
    const before = peer.history(conversation, { before: hit.cursor, limit: CONTEXT_LINES });
    const after = peer.history(conversation, { after: hit.cursor, limit: CONTEXT_LINES });
    if (!before.ok) return screen.failedBy(before.fault);
    if (!after.ok) return screen.failedBy(after.fault);
    const messages = [...before.value.messages, hit.message, ...after.value.messages];
    screen.show([textLine(texts.kept.contextTitle), ...keptLines(messages, screen)]);
  },
};
