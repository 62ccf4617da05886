import type { Catalogue } from "@papo/view-model";
import type { Keymap } from "../../input/keymap.ts";
import type { Cells } from "../../render/cells.ts";

/** What panels are drawn with. */
export type PanelTools = {
  readonly cells: Cells;
  readonly texts: Catalogue;
  /** For what is typed in a field. */
  readonly keymap: Keymap;
  /** What is shown may be another, without the model knowing: the code of a panel has been made. */
  readonly redraw: () => void;
};
