import type { Chat, Panel } from "@papo/view-model";
import type { PanelView } from "./panel-view.ts";
import type { PanelTools } from "./panels/panel-tools.ts";
import { panelViewOf } from "./panels/panel-view-of.ts";

/** How each panel is drawn, for as long as it is open: one that comes to the front again is scrolled to where it was. */
export class PanelViews {
  readonly #chat: Chat;
  readonly #tools: PanelTools;
  readonly #viewByPanel = new WeakMap<Panel, PanelView>();

  constructor(chat: Chat, tools: Omit<PanelTools, "texts">) {
    this.#chat = chat;
    this.#tools = { ...tools, texts: chat.texts };
  }

  /** Of the panel that is seen. */
  get front(): PanelView | undefined {
    const panel = this.#chat.panel();
    if (panel === undefined) return undefined;
    const known = this.#viewByPanel.get(panel);
    if (known !== undefined) return known;
    const view = panelViewOf(panel, this.#tools);
    this.#viewByPanel.set(panel, view);
    return view;
  }
}
