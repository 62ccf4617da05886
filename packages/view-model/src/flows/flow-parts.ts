import type { Conversation, PeerApi } from "@papo/peer/api";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { ShownLine } from "../feed/shown-line.ts";
import type { PanelHost } from "../panels/panel.ts";

/** What panels that do something do it with. */
export type FlowParts = {
  readonly peer: PeerApi;
  readonly texts: Catalogue;
  readonly panels: PanelHost;
  /** Whether plain rooms may be made. */
  readonly allowPlaintext: boolean;
  /** Opens its tab, or shows the one it has. `says`: what is told there, once it is open. */
  open(conversation: Conversation, says?: readonly ShownLine[]): void;
  /** Says it in the tab that is in front. */
  say(lines: readonly ShownLine[]): void;
};
