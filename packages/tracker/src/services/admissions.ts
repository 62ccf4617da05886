import { ADMISSIONS_KEPT_MAX, type AccountKey, type Username } from "@papo/protocol";

export type Newcomer = { readonly username: Username; readonly account: AccountKey };

type Admission = { readonly account: AccountKey; readonly by: Username };

/**
 * Who may join one `invite` room because a member says so. Bounded, for the account that had the name at that time, of no use once the member who
 * gave it is none, and used up by joining. In memory alone: members say it again in each session (docs/protocol/tracker.md §4.9).
 */
export class Admissions {
  readonly #admissionByName = new Map<Username, Admission>();
  readonly #isMember: (username: Username) => boolean;

  constructor(isMember: (username: Username) => boolean) {
    this.#isMember = isMember;
  }

  /** One that holds is not given anew: nobody can put their own, and with it their leaving, in its place. */
  add({ username, account }: Newcomer, by: Username): void {
    if (this.of({ username, account }) !== undefined) return;
    this.#admissionByName.delete(username);
    this.#admissionByName.set(username, { account, by });
    const [oldest] = this.#admissionByName.keys();
    if (this.#admissionByName.size > ADMISSIONS_KEPT_MAX && oldest !== undefined) this.#admissionByName.delete(oldest);
  }

  of({
    username,
    account,
  }: {
    readonly username: Username;
    readonly account: AccountKey | null;
  }): Admission | undefined {
    const admission = this.#admissionByName.get(username);
    const holds = admission !== undefined && admission.account === account && this.#isMember(admission.by);
    return holds ? admission : undefined;
  }

  drop(username: Username): void {
    this.#admissionByName.delete(username);
  }
}
