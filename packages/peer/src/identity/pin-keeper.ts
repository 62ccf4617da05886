import { type Clock, timestampOf } from "@papo/link";
import { type AccountKey, type Outcome, type StatementDevice, type Username, fail, succeed } from "@papo/protocol";
import type { KeyChange, Problem, Trust } from "../api.ts";
import type { PinFile } from "../storage/pin-file.ts";
import type { Introduction } from "./introduction.ts";
import type { Meeting, NamePins, Standing } from "./name-pins.ts";
import type { Pin } from "./pin.ts";
import { type PinReport, devicesOf, reportOf } from "./pin-report.ts";

/** Where pins are kept; memory in simulations. */
export type PinStore = Pick<PinFile, "path" | "write">;

/**
 * The pins together with their file: nobody hears of a first meeting or a decision before the file was written, or the user was told that it
 * could not be. What a full disk refuses holds in memory for as long as the program runs, and every meeting, every decision and `flush` tries again. Lost with the
 * program, a decision is only asked for anew; a first meeting would be first once more, under whatever key then comes. docs/protocol/identity.md §6
 */
export class PinKeeper {
  readonly #pins: NamePins;
  readonly #file: PinStore;
  readonly #clock: Clock;
  readonly #onProblem: (problem: Problem) => void;
  /** Settles when the last write has. */
  #written: Promise<void> = Promise.resolve();
  /** The last write failed: what it held is only in memory. */
  #isUnwritten = false;
  /** As they were when a write succeeded: a pin is never changed, only replaced. */
  readonly #onDisk = new WeakSet<Pin>();

  constructor(
    pins: NamePins,
    file: PinStore,
    ports: { readonly clock: Clock; readonly onProblem: (problem: Problem) => void },
  ) {
    this.#pins = pins;
    this.#file = file;
    this.#clock = ports.clock;
    this.#onProblem = ports.onProblem;
    for (const pin of pins.all()) this.#onDisk.add(pin);
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

  /** The user has compared this key with its owner. `identity_changed`: the name is pinned to another one, so it was not this one that was compared. */
  async verify(name: Username, account: AccountKey): Promise<Outcome<Username>> {
    const before = this.#pins.of(name);
    if (before === undefined) return fail("peer_missing", "username: expected one that was met");
    if (!this.#pins.verify(name, account)) return fail("identity_changed", "account: expected the one that is pinned");
    if (this.#pins.of(name) !== before) this.#written = this.#write();
    await this.#written;
    return succeed(name);
  }

  /** False when it was not verified. */
  async unverify(name: Username): Promise<boolean> {
    const done = this.#pins.unverify(name);
    if (done) this.#written = this.#write();
    await this.#written;
    return done;
  }

  /** In the order in which the names were first met. */
  list(): readonly PinReport[] {
    return this.#pins.all().map((pin) => reportOf(pin, this.#onDisk.has(pin)));
  }

  /** What the newest known statement lists, revoked devices included; none for a name that was never met. */
  devicesOf(name: Username): readonly StatementDevice[] {
    const pin = this.#pins.of(name);
    return pin === undefined ? [] : devicesOf(pin);
  }

  lookAlikesOf(name: Username): readonly Username[] {
    return this.#pins.lookAlikesOf(name);
  }

  /** Before the account is let go: waits for writes under way, and tries once more what could not be written. False when it still cannot. */
  async flush(): Promise<boolean> {
    await this.#written;
    if (this.#isUnwritten) this.#written = this.#write();
    await this.#written;
    return !this.#isUnwritten;
  }

  nameOf(account: AccountKey): Username | undefined {
    return this.#pins.nameOf(account);
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

  /** A full disk must not end the chat: the user is told once, until a write has succeeded again. */
  async #write(): Promise<void> {
    let taken: readonly Pin[] = [];
    const written: Outcome<string> = await this.#file.write(() => {
      taken = this.#pins.all();
      return taken;
    });
    // Of writes that became one, whoever handed the pins over notes what they were.
    if (written.ok) for (const pin of taken) this.#onDisk.add(pin);
    else if (!this.#isUnwritten) this.#onProblem({ fault: written.fault, file: this.#file.path });
    this.#isUnwritten = !written.ok;
  }
}
