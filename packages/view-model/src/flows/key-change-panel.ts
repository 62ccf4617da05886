import type { KeyChange } from "@papo/peer/api";
import { shownKey } from "../feed/keys.ts";
import { textLine } from "../feed/shown-line.ts";
import { shownName } from "../names/shown-name.ts";
import type { ChoicePanel } from "../panels/panel.ts";
import type { TabbedScreen } from "./tabbed-screen.ts";

/** What a changed key means, both keys, and what can be done. Nothing is decided by going back, nor by Enter alone. `compare`: shows the safety number. */
export function openKeyChange(
  screen: TabbedScreen,
  { username, known, offered }: KeyChange,
  compare: () => void,
): void {
  const { texts, tabs } = screen;
  const { panels: said } = texts;
  const name = shownName(username);
  const close = (): void => tabs.panels.close(panel);
  const decide = async (decision: "accept" | "block"): Promise<void> => {
    close();
    await screen.decideKeyChange(username, decision);
  };
  const panel: ChoicePanel = {
    kind: "choice",
    title: said.keyChangeTitle(name),
    lines: [
      ...[said.keyChangeWhat(name), said.keyChangeHold, "", `${said.keyKnown}:`].map(textLine),
      { spans: [{ text: `  ${shownKey(known)}`, tone: "muted" }] },
      textLine(`${said.keyOffered}:`),
      { spans: [{ text: `  ${shownKey(offered)}`, tone: "emphasis" }] },
      ...["", said.keyChangeAsk(name)].map(textLine),
    ],
    choices: [
      { ...said.keyAccept, run: () => decide("accept") },
      {
        ...said.keyVerify,
        run: async () => {
          await decide("accept");
          compare();
        },
      },
      { ...said.keyBlock, tone: "bad", run: () => decide("block") },
      { ...said.decideLater, run: close },
    ],
    selected: 3,
    dismiss: close,
  };
  tabs.panels.open(panel);
}
