import type { Catalogue } from "../catalogue/catalogue.ts";
import { textLine } from "../feed/shown-line.ts";
import type { ChoicePanel, PanelHost } from "./panel.ts";

export type Confirmation = {
  readonly texts: Catalogue;
  /** Safe; one line. */
  readonly title: string;
  /** Safe; what a yes will do. */
  readonly lines: readonly string[];
  /** What the yes says; else just `Yes`. */
  readonly yes?: string;
  /** Something is lost: Enter alone does not do it. */
  readonly loses?: true;
};

/** Asks, and closes the question whatever the answer is. Going back is a no. */
export function confirm(host: PanelHost, asked: Confirmation): Promise<boolean> {
  const { panels } = asked.texts;
  return new Promise((resolve) => {
    const answer = (isYes: boolean) => () => {
      host.close(panel);
      resolve(isYes);
    };
    const tone = asked.loses === true ? { tone: "bad" as const } : {};
    const panel: ChoicePanel = {
      kind: "choice",
      title: asked.title,
      lines: asked.lines.map(textLine),
      choices: [
        { key: panels.yesKey, label: asked.yes ?? panels.yes, ...tone, run: answer(true) },
        { key: panels.noKey, label: panels.no, run: answer(false) },
      ],
      selected: asked.loses === true ? 1 : 0,
      dismiss: answer(false),
    };
    host.open(panel);
  });
}
