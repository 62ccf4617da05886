import { type Confirmation, confirm } from "../panels/confirm.ts";
import type { CommandScreen } from "./command.ts";

/** Asks before what cannot be undone, where something can stand in front of the conversation. The classic screens do as they are told. */
export function isMeant(
  { tabs, texts }: CommandScreen,
  asked: Pick<Confirmation, "title" | "lines">,
): Promise<boolean> {
  return tabs === null ? Promise.resolve(true) : confirm(tabs.panels, { ...asked, texts, loses: true });
}
