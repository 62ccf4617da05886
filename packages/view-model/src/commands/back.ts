import { isHere } from "./away.ts";
import type { SlashCommand } from "./command.ts";

/**
 * From the classic screens to the menu. On a screen of tabs, where there is no menu, it means what it does in other programs: no longer away; else the tab
 * is closed.
 */
export const back: SlashCommand = {
  id: "back",
  topic: "screen",
  names: ["/voltar", "/back"],
  worksIn: ["room", "private"],
  alsoInTabs: ["menu"],
  takes: "nothing",
  arguments: [],
  async run(screen) {
    const { tabs, peer } = screen;
    if (tabs === null) return screen.back();
    if (peer.away() !== null || screen.kind === "menu") return isHere(screen);
    tabs.closeActive();
  },
};
