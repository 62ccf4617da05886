import { openRecoveryWords } from "../flows/recovery-words.ts";
import { hasTabs } from "../flows/tabbed-screen.ts";
import { textLine } from "../feed/shown-line.ts";
import type { SlashCommand } from "./command.ts";

/** Words on one line: 24 are six lines. */
const WORDS_PER_LINE = 4;

/** The 24 words that are the account: to be written down on paper. */
export const words: SlashCommand = {
  id: "words",
  topic: "trust",
  names: ["/words", "/palavras"],
  worksIn: ["menu"],
  alsoInTabs: ["room", "private"],
  takes: "nothing",
  arguments: [],
  async run(screen) {
    if (hasTabs(screen)) return openRecoveryWords(screen);
    const { kept, wordList } = screen.texts;
    const given = await screen.peer.recoveryWords(wordList);
    if (!given.ok) return screen.failedBy(given.fault);
    const numbered = given.value.map((word, at) => `${String(at + 1).padStart(2)}. ${word}`.padEnd(16));
    const rows = Array.from(
      { length: Math.ceil(numbered.length / WORDS_PER_LINE) },
      (_, row) =>
        `    ${numbered
          .slice(row * WORDS_PER_LINE, (row + 1) * WORDS_PER_LINE)
          .join("")
          .trimEnd()}`,
    );
    screen.show([kept.wordsTitle, ...rows, kept.wordsWarning].map(textLine));
  },
};
