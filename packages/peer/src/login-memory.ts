import type { Clock } from "@papo/link";
import type { Outcome, SignedText } from "@papo/protocol";
import type { Problem } from "./api.ts";
import type { AccountFolder } from "./storage/account-folder.ts";
import type { HeldAccount } from "./storage/sign-in-folder.ts";

/** Keeps what each login brings: the tracker's newest word for the name, by which others know us while there is no tracker. */
export class LoginMemory {
  readonly #ports: { readonly clock: Clock; readonly onProblem: (problem: Problem) => void };
  readonly #held: HeldAccount;
  #noted: Promise<void> | undefined;

  constructor(ports: { readonly clock: Clock; readonly onProblem: (problem: Problem) => void }, held: HeldAccount) {
    this.#ports = ports;
    this.#held = held;
  }

  /** The tracker has taken the account as it is now. */
  loggedIn(binding: SignedText | null): void {
    this.#noted = this.#note(binding);
  }

  async #note(binding: SignedText | null): Promise<void> {
    const { folder, replaces } = this.#held;
    this.#check(folder, await folder.accepted({ binding, lastUsedMs: this.#nowMs }));
    if (replaces !== undefined) this.#check(replaces, await replaces.update({ state: "replaced" }));
  }

  /** The account is in use, with a tracker or without. Resolves when that is on the disk. */
  async isUsed(): Promise<void> {
    const { folder } = this.#held;
    if (this.#noted !== undefined) return this.#noted;
    this.#check(folder, await folder.update({ lastUsedMs: this.#nowMs }));
  }

  get #nowMs(): number {
    return Math.floor(this.#ports.clock.wallMs());
  }

  #check({ path }: AccountFolder, noted: Outcome<unknown>): void {
    if (!noted.ok) this.#ports.onProblem({ fault: noted.fault, file: path });
  }
}
