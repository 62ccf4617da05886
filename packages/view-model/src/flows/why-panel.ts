import { explanationLines } from "../feed/explanation.ts";
import type { Explanation } from "@papo/peer/api";
import type { Outcome } from "@papo/protocol";
import { faultSentence } from "../fault-sentence.ts";
import { type ShownLine, textLine } from "../feed/shown-line.ts";
import { openText } from "../panels/text-panel.ts";
import type { TabbedScreen } from "./tabbed-screen.ts";

/** Where a message stands, or how somebody can be reached; looked at again as often as one likes. */
export function openWhy(screen: TabbedScreen, explain: () => Outcome<Explanation>): void {
  const { texts, tabs } = screen;
  const first = explain();
  if (!first.ok) return screen.failedBy(first.fault);
  const panel = openText(tabs.panels, {
    title: texts.panels.whyTitle,
    lines: linesOf(first, screen),
    choices: [{ ...texts.panels.again, run: () => panel.show(linesOf(explain(), screen)) }],
  });
}

function linesOf(explained: Outcome<Explanation>, { texts, nowMs, peer }: TabbedScreen): readonly ShownLine[] {
  if (!explained.ok) return [textLine(faultSentence(texts, explained.fault))];
  const { tracker, addresses } = peer.diagnostics();
  const own = { tracker: tracker.state.kind, hidden: addresses.hidden };
  return explanationLines(explained.value, { texts, nowMs, own });
}
