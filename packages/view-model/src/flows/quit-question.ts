import type { Catalogue } from "../catalogue/catalogue.ts";
import { confirm } from "../panels/confirm.ts";
import type { PanelHost } from "../panels/panel.ts";

/** Asks only when own messages wait that nobody has. `waiting`: how many. */
export function mayQuit(panels: PanelHost, texts: Catalogue, waiting: number): Promise<boolean> {
  if (waiting === 0) return Promise.resolve(true);
  const { panels: said } = texts;
  return confirm(panels, { texts, title: said.quitTitle, lines: [said.quitWaiting(waiting)], yes: said.quitYes });
}
