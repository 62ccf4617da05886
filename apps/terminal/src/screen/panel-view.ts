import type { Stroke } from "../input/stroke.ts";
import type { Area } from "../render/area.ts";
import type { Frame } from "../render/frame.ts";

/** A panel on the screen: draws itself into an area, and takes every key while it is in front. */
export interface PanelView {
  /** It wants the columns of the tabs as well: it shows a code, and what is to be copied in one piece. */
  readonly coversTabs: boolean;
  /** Rows from the top of the area; the cursor in cells of the screen, null where nothing is typed. */
  draw(area: Area): { readonly rows: Frame["rows"]; readonly cursor: Frame["cursor"] };
  /** Whether it was one of its keys; others go to the bindings that work everywhere (quit, redraw, suspend). */
  take(stroke: Stroke): boolean;
}
