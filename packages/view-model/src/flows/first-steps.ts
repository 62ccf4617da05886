import { textLine } from "../feed/shown-line.ts";
import { shownName } from "../names/shown-name.ts";
import type { Username } from "@papo/protocol";
import type { ChoicePanel } from "../panels/panel.ts";
import { openCreateRoom } from "./create-room-form.ts";
import { openJoinForm } from "./join-form.ts";
import { openRecoveryWords } from "./recovery-words.ts";
import { openRoomList } from "./room-list.ts";
import type { TabbedScreen } from "./tabbed-screen.ts";

/** What somebody with a new account does first. It stays until they are in a room, or do not want it. */
export function openFirstSteps(screen: TabbedScreen, self: Username): void {
  const { texts, tabs, peer } = screen;
  const { panels: said } = texts;
  const close = (): void => tabs.panels.close(panel);
  const isKept = peer.trackerAddress.dialect === "papo";
  const panel: ChoicePanel = {
    kind: "choice",
    title: said.firstStepsTitle(shownName(self)),
    lines: [textLine(said.firstSteps)],
    choices: [
      { ...said.stepCreate, run: () => openCreateRoom(screen, close) },
      { ...said.stepList, run: () => openRoomList(screen, "", close) },
      ...(isKept
        ? [
            { ...said.stepLink, run: () => openJoinForm(screen, close) },
            { ...said.stepWords, run: () => openRecoveryWords(screen) },
          ]
        : []),
      { ...said.stepLater, run: close },
    ],
    selected: 0,
    dismiss: close,
  };
  tabs.panels.open(panel);
}
