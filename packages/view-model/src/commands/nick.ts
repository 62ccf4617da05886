import { textLine } from "../feed/shown-line.ts";
import { shownName } from "../names/shown-name.ts";
import type { SlashCommand } from "./command.ts";

/** Names are bound to keys: somebody who looks for this command is told so. */
export const nick: SlashCommand = {
  id: "nick",
  topic: "people",
  names: ["/nick", "/apelido"],
  worksIn: ["room", "private", "menu"],
  takes: "optional",
  arguments: ["word"],
  run(screen) {
    const { self } = screen.peer;
    screen.show([textLine(screen.texts.actions.nickStays(self === undefined ? "?" : shownName(self)))]);
  },
};
