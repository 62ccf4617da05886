import { type Timer, openBinding } from "@papo/link";
import {
  type AccountKey,
  type FindPeerAnswer,
  INVITE_RETRY_INTERVAL_MS,
  type Member,
  type Username,
} from "@papo/protocol";
import type { KeptPorts } from "./kept-ports.ts";

type Meeting = { readonly username: Username; readonly account: AccountKey; member: Member | undefined };

/** People whom no room brings here and who are to be met: the tracker is asked where they are until they are linked, or nobody wants them any more. */
export class Meetings {
  readonly #ports: KeptPorts;
  readonly #meetingByAccount = new Map<AccountKey, Meeting>();
  #timer: Timer | undefined;
  #isStopped = false;

  constructor(ports: KeptPorts) {
    this.#ports = ports;
  }

  /** As the tracker last told of them. */
  members(): readonly Member[] {
    return [...this.#meetingByAccount.values()].flatMap(({ member }) => member ?? []);
  }

  want(username: Username, account: AccountKey): void {
    const known = this.#meetingByAccount.get(account);
    if (known === undefined) this.#meetingByAccount.set(account, { username, account, member: undefined });
    void this.#lookUp(account);
  }

  unwant(account: AccountKey): void {
    if (this.#meetingByAccount.delete(account)) this.#ports.contactsChanged();
  }

  /** The tracker is there again. */
  online(): void {
    for (const account of this.#meetingByAccount.keys()) void this.#lookUp(account);
  }

  async #lookUp(account: AccountKey): Promise<void> {
    const meeting = this.#meetingByAccount.get(account);
    if (meeting === undefined || this.#ports.people.reach(meeting.username).kind === "linked")
      return this.#lookAgainLater();
    const found = await this.#ports.ask((tracker) => tracker.findPeer(meeting.username));
    if (found.ok && this.#isWhomWeMean(meeting, found.value)) {
      meeting.member = found.value.peer;
      this.#ports.contactsChanged();
    }
    this.#lookAgainLater();
  }

  /** Whoever has that name by now is another one: the account is what the link says. */
  #isWhomWeMean({ username, account }: Meeting, { peer, binding }: FindPeerAnswer): boolean {
    const { trackerKey } = this.#ports;
    if (peer.username !== username || peer.account !== account) return false;
    if (trackerKey === null) return true;
    const opened = binding === null ? undefined : openBinding(binding, trackerKey);
    return opened?.ok === true && opened.value.name === username && opened.value.account === account;
  }

  #lookAgainLater(): void {
    if (this.#timer !== undefined || this.#isStopped || this.#meetingByAccount.size === 0) return;
    this.#timer = this.#ports.clock.after(INVITE_RETRY_INTERVAL_MS, () => {
      this.#timer = undefined;
      this.online();
    });
  }

  stop(): void {
    this.#isStopped = true;
    this.#timer?.cancel();
  }
}
