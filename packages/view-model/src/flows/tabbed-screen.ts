import type { CommandScreen } from "../commands/command.ts";
import type { TabActions } from "../commands/tab-actions.ts";

/** A screen of several conversations, on which panels can be opened. */
export interface TabbedScreen extends CommandScreen {
  readonly tabs: TabActions;
}

export function hasTabs(screen: CommandScreen): screen is TabbedScreen {
  return screen.tabs !== null;
}
