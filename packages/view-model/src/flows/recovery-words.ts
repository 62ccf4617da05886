import { textLine } from "../feed/shown-line.ts";
import { openText } from "../panels/text-panel.ts";
import type { TabbedScreen } from "./tabbed-screen.ts";

/** Words on one line: 24 are six lines. */
const WORDS_PER_LINE = 4;
/** Cells that a word and its number have. */
const WORD_COLUMNS = 16;

/** The 24 words that are the account, to be written down; they stand nowhere but in the panel, as long as it is open. */
export async function openRecoveryWords(screen: TabbedScreen): Promise<void> {
  const { texts, peer, tabs } = screen;
  const given = await peer.recoveryWords(texts.wordList);
  if (!given.ok) return screen.failedBy(given.fault);
  const numbered = given.value.map((word, at) => `${String(at + 1).padStart(2)}. ${word}`.padEnd(WORD_COLUMNS));
  const rows = Array.from({ length: Math.ceil(numbered.length / WORDS_PER_LINE) }, (_, row) =>
    numbered
      .slice(row * WORDS_PER_LINE, (row + 1) * WORDS_PER_LINE)
      .join("")
      .trimEnd(),
  );
  const panel = openText(tabs.panels, {
    title: texts.panels.recoveryTitle,
    lines: [textLine(texts.kept.wordsWarning), textLine(""), ...rows.map(textLine)],
    choices: [{ ...texts.panels.written, run: () => panel.close() }],
  });
}
