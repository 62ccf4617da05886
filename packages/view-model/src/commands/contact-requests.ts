import { openRequests } from "../flows/contact-requests.ts";
import { hasTabs } from "../flows/tabbed-screen.ts";
import { safeText } from "@papo/protocol";
import { textLine } from "../feed/shown-line.ts";
import { shownName } from "../names/shown-name.ts";
import type { SlashCommand } from "./command.ts";
import { nameTyped } from "./pick-message.ts";

export const requests: SlashCommand = {
  id: "requests",
  topic: "people",
  names: ["/requests", "/pedidos"],
  worksIn: ["room", "private", "menu"],
  takes: "nothing",
  arguments: [],
  run(screen) {
    if (hasTabs(screen)) return openRequests(screen);
    const { kept } = screen.texts;
    const asked = screen.peer.contactRequests();
    if (asked.length === 0) return screen.show([textLine(kept.noRequests)]);
    const lines = asked.map(({ username, text }) => kept.requestLine(shownName(username), safeText(text)));
    screen.show([kept.requestsTitle, ...lines, kept.requestHint].map(textLine));
  },
};

/** Puts a request aside without a word; what they say elsewhere is shown as before. */
export const decline: SlashCommand = {
  id: "decline",
  topic: "people",
  names: ["/decline", "/recusar"],
  worksIn: ["room", "private", "menu"],
  takes: "something",
  arguments: ["person"],
  async run(screen, argument) {
    const name = nameTyped(screen, argument);
    if (name === undefined)
      return screen.failed(screen.texts.classic.commandUsage(screen.texts.commands.decline.usage));
    const answered = await screen.peer.answerContact(name, "ignore");
    if (answered.ok) screen.succeeded(screen.texts.kept.ignored(shownName(name)));
    else screen.failedBy(answered.fault);
  },
};
