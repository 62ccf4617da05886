import { textLine } from "../feed/shown-line.ts";
import { shownName } from "../names/shown-name.ts";
import type { CommandScreen, SlashCommand } from "./command.ts";
import { nameTyped } from "./pick-message.ts";

/** What they say is not shown; a request of theirs that waits is put aside. Without a name: who is ignored. */
export const ignore: SlashCommand = {
  id: "ignore",
  topic: "people",
  names: ["/ignore", "/ignorar"],
  worksIn: ["room", "private", "menu"],
  takes: "optional",
  arguments: ["person"],
  async run(screen, typed) {
    const { peer, texts } = screen;
    if (typed === "") return showIgnored(screen);
    const name = nameTyped(screen, typed);
    if (name === undefined) return screen.failed(texts.classic.commandUsage(texts.commands.ignore.usage));
    if (name === peer.self) return screen.failed(texts.classic.notYourself);
    if (peer.contactRequests().some(({ username }) => username === name)) {
      const answered = await peer.answerContact(name, "ignore");
      if (!answered.ok) return screen.failedBy(answered.fault);
    }
    const set = await peer.setIgnored(name, true);
    if (set.ok) screen.succeeded(texts.actions.ignoring(shownName(name)));
    else screen.failedBy(set.fault);
  },
};

export const unignore: SlashCommand = {
  id: "unignore",
  topic: "people",
  names: ["/unignore", "/designorar"],
  worksIn: ["room", "private", "menu"],
  takes: "something",
  arguments: ["ignored"],
  async run(screen, typed) {
    const { peer, texts } = screen;
    const bare = typed.replace(/^@/u, "").toLowerCase();
    const name = peer.ignored().find((ignored) => ignored.toLowerCase() === bare);
    if (name === undefined) return showIgnored(screen);
    const set = await peer.setIgnored(name, false);
    if (set.ok) screen.succeeded(texts.actions.notIgnoring(shownName(name)));
    else screen.failedBy(set.fault);
  },
};

function showIgnored(screen: CommandScreen): void {
  const { ignored, nobodyIgnored } = screen.texts.actions;
  const names = screen.peer.ignored().map((name) => shownName(name));
  screen.show([textLine(names.length === 0 ? nobodyIgnored : ignored(names.join(", ")))]);
}
