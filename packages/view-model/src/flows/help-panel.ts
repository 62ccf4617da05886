import { helpList } from "../commands/help-lines.ts";
import { type ShownLine, textLine } from "../feed/shown-line.ts";
import { openText } from "../panels/text-panel.ts";
import type { TabbedScreen } from "./tabbed-screen.ts";

export type KeyLine = { readonly keys: string; readonly says: string };

/** The keys as the front end has them, then the commands by what they are about. */
export function openHelp({ texts, kind, tabs }: TabbedScreen, keys: readonly KeyLine[]): void {
  const { panels: said } = texts;
  const widest = Math.min(KEYS_COLUMNS_MAX, Math.max(0, ...keys.map((line) => line.keys.length)));
  const keyLines = keys.map(
    (line): ShownLine => ({
      spans: [{ text: `  ${line.keys.padEnd(widest)}  `, tone: "key" }, { text: line.says }],
    }),
  );
  openText(tabs.panels, {
    title: said.helpTitle,
    lines: [
      ...(keys.length === 0 ? [] : [heading(`${said.helpKeys}:`), ...keyLines, textLine("")]),
      ...helpList(kind, true, texts).map(asHeading),
    ],
  });
}

function heading(text: string): ShownLine {
  return { spans: [{ text, tone: "emphasis" }] };
}

/** What stands further to the right belongs to what is above it. */
function asHeading(line: ShownLine): ShownLine {
  const text = line.spans.map((span) => span.text).join("");
  return text.startsWith(" ") || !text.endsWith(":") ? line : heading(text);
}

/** Of an action with many keys the text begins further to the right. */
const KEYS_COLUMNS_MAX = 18;
