import type { CommandScreen } from "@papo/view-model";
import type { ClassicSession } from "./classic-session.ts";
import { decideKeyChange, showHelp } from "./converse.ts";

/** A menu takes those commands that belong to no conversation. */
export class MenuCommands implements CommandScreen {
  readonly kind = "menu";
  readonly #session: ClassicSession;

  constructor(session: ClassicSession) {
    this.#session = session;
  }

  showUsers(): void {}
  async deleteRoom(): Promise<void> {}
  async leave(): Promise<void> {}
  async back(): Promise<void> {}

  showHelp(about: string): void {
    showHelp(this.#session, this, about);
  }

  decideKeyChange(name: string, decision: "accept" | "block"): Promise<void> {
    return decideKeyChange(this.#session, name, decision);
  }
}
