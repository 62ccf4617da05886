import type { CommandId } from "../catalogue/text-shapes.ts";

export type ScreenKind = "room" | "private" | "menu";

/** What a command can do to the screen that it was typed on. */
export interface CommandScreen {
  readonly kind: ScreenKind;
  showUsers(): void;
  /** All commands of this screen, or the one that was asked about. */
  showHelp(about: string): void;
  deleteRoom(): Promise<void>;
  leave(): Promise<void>;
  back(): Promise<void>;
  decideKeyChange(name: string, decision: "accept" | "block"): Promise<void>;
}

/** A slash command. Its usage and help stand in the catalogue under its id. */
export type SlashCommand = {
  readonly id: CommandId;
  /** Lower case, with the slash; the first is the report's, or the shortest. All work in every language. */
  readonly names: readonly [string, ...string[]];
  readonly worksIn: readonly ScreenKind[];
  readonly takes: "nothing" | "optional" | "name";
  run(screen: CommandScreen, argument: string): Promise<void> | void;
};
