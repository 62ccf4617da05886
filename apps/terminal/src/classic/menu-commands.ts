import { ClassicScreen } from "./classic-screen.ts";

/** A menu takes those commands that belong to no conversation. */
export class MenuCommands extends ClassicScreen {
  readonly kind = "menu";
  readonly conversation = null;

  showUsers(): void {}
  async deleteRoom(): Promise<void> {}
  async leave(): Promise<void> {}
  async back(): Promise<void> {}
}
