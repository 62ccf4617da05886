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
  /** Settles when the last write has. */
  #written: Promise<void> = Promise.resolve();
  /** The last write failed: what it held is only in memory. */
  #isUnwritten = false;

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
    const isNews =
      meeting.kind === "first" || meeting.kind === "renewed" || (meeting.kind === "changed" && meeting.isNews);
    if (isNews || this.#isUnwritten) this.#written = this.#write();
    // Also for what is known already: it may have been met a moment ago, over another link.
    await this.#written;
    return meeting;
  }

  async decide(name: Username, decision: "accept" | "block"): Promise<boolean> {
    const done = decision === "accept" ? this.#pins.accept(name) : this.#pins.block(name);
    if (done) this.#written = this.#write();
    await this.#written;
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

  /**
   * A full disk must not end the chat: the pin holds in memory, the user is told once that it may be forgotten, and every
   * meeting tries again.
   */
  async #write(): Promise<void> {
    const written: Outcome<string> = await this.#file.write(() => this.#pins.all());
    if (!written.ok && !this.#isUnwritten) this.#onProblem({ fault: written.fault, file: this.#file.path });
    this.#isUnwritten = !written.ok;
  }
}
