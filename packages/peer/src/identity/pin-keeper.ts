import { type Clock, timestampOf } from "@papo/link";
import type { AccountKey, Outcome, Username } from "@papo/protocol";
import type { KeyChange, Problem, Trust } from "../api.ts";
import type { PinFile } from "../storage/pin-file.ts";
import type { Introduction } from "./introduction.ts";
import type { Meeting, NamePins, Standing } from "./name-pins.ts";

/** Where pins are kept; memory in simulations. */
export type PinStore = Pick<PinFile, "path" | "write">;

/** The pins together with their file: nobody hears of a first meeting or a decision that is not on disk yet. */
export class PinKeeper {
  readonly #pins: NamePins;
  readonly #file: PinStore;
  readonly #clock: Clock;
  readonly #onProblem: (problem: Problem) => void;

  constructor(
    pins: NamePins,
    file: PinStore,
    ports: { readonly clock: Clock; readonly onProblem: (problem: Problem) => void },
  ) {
    this.#pins = pins;
    this.#file = file;
    this.#clock = ports.clock;
    this.#onProblem = ports.onProblem;
  }

  async meet(met: Introduction): Promise<Meeting> {
    const meeting = this.#pins.meet(met, timestampOf(this.#clock));
    if (meeting.kind === "first" || meeting.kind === "renewed" || (meeting.kind === "changed" && meeting.isNews))
      await this.#write();
    return meeting;
  }

  async decide(name: Username, decision: "accept" | "block"): Promise<boolean> {
    const done = decision === "accept" ? this.#pins.accept(name) : this.#pins.block(name);
    if (done) await this.#write();
    return done;
  }

  accountOf(name: Username): AccountKey | undefined {
    return this.#pins.accountOf(name);
  }

  standing(name: Username, account: AccountKey): Standing {
    return this.#pins.standing(name, account);
  }

  trust(name: Username, account: AccountKey | null): Trust {
    return this.#pins.trust(name, account);
  }

  changes(): readonly KeyChange[] {
    return this.#pins.changes();
  }

  /** A full disk must not end the chat: the pin holds in memory, and the user is told that it may be forgotten. */
  async #write(): Promise<void> {
    const written: Outcome<string> = await this.#file.write(() => this.#pins.all());
    if (!written.ok) this.#onProblem({ fault: written.fault, file: this.#file.path });
  }
}
