import { safeText } from "@papo/protocol";
import { plainText } from "../plain-text.ts";
import type { CommandScreen, SlashCommand } from "./command.ts";
import { textLine } from "../feed/shown-line.ts";

/** `WORD…` adds, `-WORD` takes away, nothing shows them. Commas part what has several words. */
export const highlight: SlashCommand = {
  id: "highlight",
  topic: "screen",
  names: ["/highlight", "/hl", "/destacar"],
  worksIn: ["room", "private", "menu"],
  takes: "optional",
  arguments: ["text"],
  async run(screen, argument) {
    const typed = argument
      .split(argument.includes(",") ? "," : /\s+/u)
      .map((word) => word.trim())
      .filter((word) => word !== "" && word !== "-");
    if (typed.length === 0) return show(screen);
    const dropped = typed.filter((word) => word.startsWith("-")).map((word) => plainText(word.slice(1).trim()));
    const added = typed.filter((word) => !word.startsWith("-"));
    const staying = screen.peer
      .highlightWords()
      .filter((word) => !dropped.includes(plainText(word)) && !added.some((one) => plainText(one) === plainText(word)));
    const set = await screen.peer.setHighlightWords([...staying, ...added]);
    if (set.ok) show(screen);
    else screen.failedBy(set.fault);
  },
};

function show(screen: CommandScreen): void {
  const { highlightsAre, noHighlights } = screen.texts.actions;
  const words = screen.peer.highlightWords().map((word) => safeText(word));
  screen.show([textLine(words.length === 0 ? noHighlights : highlightsAre(words.join(", ")))]);
}
