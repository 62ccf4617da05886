import { openPeople } from "../flows/people-list.ts";
import { hasTabs } from "../flows/tabbed-screen.ts";
import { textLine } from "../feed/shown-line.ts";
import { shownName } from "../names/shown-name.ts";
import type { SlashCommand } from "./command.ts";
import { personReached } from "./person-reached.ts";
import { sendText } from "./send-text.ts";

/** Writes to somebody from wherever one is. */
export const messagePerson: SlashCommand = {
  id: "messagePerson",
  topic: "people",
  names: ["/msg", "/m", "/whisper", "/tell", "/mensagem"],
  worksIn: ["room", "private", "menu"],
  takes: "something",
  arguments: ["person", "text"],
  async run(screen, argument) {
    const { classic, commands, actions, feed } = screen.texts;
    const [, name = "", text = ""] = /^(\S+)(?:\s+(.*))?$/su.exec(argument) ?? [];
    if (text === "") return screen.failed(classic.commandUsage(commands.messagePerson.usage));
    const person = await personReached(screen, name);
    if (person === undefined) return;
    const to = { kind: "private", username: person.username } as const;
    if (!(await sendText(screen, to, { text }))) return;
    const shown = shownName(person.username);
    if (person.is === "away") screen.show([textLine(feed.notice(actions.waitsFor(shown)))]);
    else screen.succeeded(actions.sentTo(shown));
  },
};

/** Opens the private chat; without a name, with somebody from a list. */
export const query: SlashCommand = {
  id: "query",
  topic: "people",
  names: ["/query", "/q", "/dm", "/conversa"],
  worksIn: ["room", "private", "menu"],
  needs: "tabs",
  takes: "optional",
  arguments: ["person", "text"],
  async run(screen, argument) {
    if (!hasTabs(screen)) return;
    const { tabs, texts } = screen;
    if (argument === "") return openPeople(screen);
    const [, name = "", text = ""] = /^(\S+)(?:\s+(.*))?$/su.exec(argument) ?? [];
    const person = await personReached(screen, name);
    if (person === undefined) return;
    const shown = shownName(person.username);
    const remarks = { encrypted: [], plain: [texts.classic.plainPeer(shown)], away: [texts.kept.awayPrivate(shown)] };
    const to = { kind: "private", username: person.username } as const;
    tabs.open(
      to,
      remarks[person.is].map((remark) => textLine(texts.feed.notice(remark))),
    );
    if (text !== "") await sendText(screen, to, { text });
  },
};
