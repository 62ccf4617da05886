import type { Panel } from "@papo/view-model";
import type { PanelView } from "../panel-view.ts";
import { ChoiceView } from "./choice-view.ts";
import { FormView } from "./form-view.ts";
import { ListView } from "./list-view.ts";
import type { PanelTools } from "./panel-tools.ts";
import { TextView } from "./text-view.ts";

/** How a panel is drawn and which keys it takes, for as long as it is open: where it is scrolled to and where its cursor is stay with the view. */
export function panelViewOf(panel: Panel, tools: PanelTools): PanelView {
  switch (panel.kind) {
    case "text":
      return new TextView(panel, tools);
    case "choice":
      return new ChoiceView(panel, tools);
    case "list":
      return new ListView(panel, tools);
    case "form":
      return new FormView(panel, tools);
  }
}
