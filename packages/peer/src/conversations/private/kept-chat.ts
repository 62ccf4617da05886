import { type FaultCode, type Outcome, fail } from "@papo/protocol";
import type { StoredChat, StoredPrivateMessage } from "../../storage/history/history.ts";
import type { ChatRecord } from "./chat-record.ts";
import { isAsking } from "./contact-desk.ts";
import { Incoming, type IncomingPorts } from "./incoming.ts";
import { Outgoing, type OutgoingPorts } from "./outgoing.ts";
import type { PrivateLink, PrivateSays } from "./private-link.ts";

export type KeptChatPorts = IncomingPorts & OutgoingPorts;

/** The chat with one account: what comes, what goes, and whether they talk with each other. */
export class KeptChat {
  readonly record: ChatRecord;
  readonly incoming: Incoming;
  readonly outgoing: Outgoing;
  readonly #ports: KeptChatPorts;
  readonly #links = new Set<PrivateLink>();

  constructor(record: ChatRecord, ports: KeptChatPorts) {
    this.record = record;
    this.#ports = ports;
    this.incoming = new Incoming(record, ports);
    this.outgoing = new Outgoing(record, ports);
  }

  /** Whether anything would be lost if it were forgotten. */
  get isNeeded(): boolean {
    const { record, incoming, outgoing } = this;
    return (
      record.value !== undefined || this.#links.size > 0 || incoming.isBusy || outgoing.isBusy || outgoing.isWaiting
    );
  }

  async write(username: StoredChat["username"], text: string): Promise<Outcome<StoredPrivateMessage>> {
    const { account, value } = this.record;
    const state = value?.state;
    if (state === "blocked") return fail("not_accepted", "this account is blocked here");
    // Who writes to somebody has accepted them.
    const isOurs = state === undefined || isAsking(state);
    const wanted = !isOurs || this.#ports.isAcquainted(account) ? "open" : (state ?? "asking");
    if (state === wanted) return this.outgoing.write(text);
    const undo = this.record.set(username, { state: wanted });
    const written = await this.outgoing.write(text);
    if (!written.ok) undo();
    else if (state !== undefined && wanted === "open") this.#opened();
    return written;
  }

  /** The user's answer, or what stands for one. */
  async setState(state: StoredChat["state"]): Promise<Outcome<void>> {
    const { value } = this.record;
    if (value === undefined || value.state === state) return { ok: true, value: undefined };
    const undo = this.record.set(value.username, { state });
    const stored = await this.record.commit([]);
    if (!stored.ok) undo();
    else this.#ports.desk.settled(value.account);
    if (stored.ok && state === "open") this.#opened();
    return stored;
  }

  /** They may write, and so may we: both sides learn it by what is asked for and sent. */
  #opened(): void {
    this.#ports.desk.settled(this.record.account);
    this.incoming.resumeRefused();
    this.outgoing.flush();
    this.outgoing.tellMoved();
  }

  linkOpened(link: PrivateLink): void {
    this.#links.add(link);
    this.outgoing.linkOpened(link);
  }

  linkClosed(link: PrivateLink): void {
    this.#links.delete(link);
    this.incoming.linkClosed(link);
    this.outgoing.linkClosed(link);
  }

  /** The user believes this account's key again: what was not taken is asked for, what waits goes. */
  trusted(): void {
    for (const link of this.#links) if (link.isOpen && this.#ports.isTrusted(link)) this.incoming.resume(link);
    this.outgoing.flush();
    this.outgoing.tellMoved();
  }

  /** They share a room with us now, and are no stranger. What the user has refused stays refused. */
  async acquainted(): Promise<void> {
    const state = this.record.value?.state;
    if (state === undefined) this.incoming.resumeRefused();
    else if (isAsking(state)) await this.setState("open");
  }

  heard(link: PrivateLink, said: PrivateSays): void {
    switch (said.cmd) {
      case "MESSAGE":
        return this.incoming.hear(link, said);
      case "RECEIVED":
        return this.outgoing.confirmed(link, said.id, said.seq);
      case "PRIVATE_WANT":
        return this.outgoing.wanted(link, said.after);
      case "PRIVATE_LOST":
        return this.incoming.skipsTo(link, said.after, said.next);
      case "PRIVATE_REFUSED":
        return this.#refused(link, said.after, said.code);
      case "PRIVATE_READ":
        return this.outgoing.read(link, said.seq);
    }
  }

  #refused(link: PrivateLink, after: number, code: FaultCode): void {
    const state = this.record.value?.state;
    this.outgoing.refused(link, after, code);
    // Kept, so that it is not asked in vain whether they were reached when they are gone.
    if (code === "not_accepted" && (state === "open" || state === "asking")) void this.setState("unanswered");
  }

  /** Tells that everything was read, to the devices that wrote it. */
  tellRead(): void {
    for (const link of this.#links) {
      const seq = this.incoming.heldFrom(link.device);
      if (seq > 0 && link.isOpen && this.#ports.isTrusted(link)) link.tellPrivate({ cmd: "PRIVATE_READ", seq });
    }
  }

  stop(): void {
    this.incoming.stop();
    this.outgoing.stop();
  }
}
