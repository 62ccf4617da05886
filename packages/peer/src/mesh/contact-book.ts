import type { Clock, Random, Timer } from "@papo/link";
import {
  BACKOFF_RESET_AFTER_MS,
  DIALS_CONCURRENT_MAX,
  FAULTS,
  type Fault,
  type FaultCode,
  type Outcome,
  UNREACHABLE_TOLD_AFTER_MS,
  type Username,
} from "@papo/protocol";
import { backOffMs } from "../back-off.ts";
import { ByName } from "../by-name.ts";
import { Turns } from "../turns.ts";
import { type ContactEvent, type ContactState, stepContact } from "./contact-state.ts";
import { type Contact, hasMoved, isLinkOf } from "./contacts.ts";
import type { PeerLink } from "./peer-link.ts";

/** How a contact stands while there is no link. */
export type ContactStanding = { readonly kind: "connecting" } | { readonly kind: "failing"; readonly reason: Fault };

export interface ContactBookPorts {
  readonly clock: Clock;
  readonly random: Random;
  /** Dials and shakes hands; the link, when it comes about, is told by `linkOpened` like any other. */
  readonly dial: (contact: Contact, signal: AbortSignal) => Promise<Outcome<PeerLink>>;
  readonly linksTo: (username: Username) => readonly PeerLink[];
  /** It is linked, and may be reached elsewhere or otherwise than before. */
  readonly moved: (contact: Contact) => void;
  /** Its standing is another one now. */
  readonly changed: (contact: Contact) => void;
  /** It cannot be reached: once for an outage, or once more when the reason is one that the user has to mend. */
  readonly failed: (contact: Contact, reason: Fault) => void;
}

type Entry = {
  contact: Contact;
  wanted: boolean;
  state: ContactState;
  /** Why the last dial failed, or why there is none. */
  failure: Fault | undefined;
  timer: Timer | undefined;
  dialling: AbortController | undefined;
  outage: Outage;
};

/** A time without a link, and what was told of it. `mends`: time alone may end it. */
type Outage = { readonly sinceMs: number; readonly told: Set<FaultCode | "mends">; timer: Timer | undefined };

/** Whom to connect, and where each of them stands: drives `contact-state.ts` with timers and dials. */
export class ContactBook {
  readonly #ports: ContactBookPorts;
  readonly #entryByKey = new Map<string, Entry>();
  readonly #entries = new ByName<Entry>();
  readonly #turns = new Turns(DIALS_CONCURRENT_MAX);

  constructor(ports: ContactBookPorts) {
    this.#ports = ports;
  }

  /** Replaces the whole list. */
  want(contactByKey: ReadonlyMap<string, Contact>): void {
    for (const [key, entry] of this.#entryByKey) if (!contactByKey.has(key)) this.#unwant(entry);
    for (const contact of contactByKey.values()) this.#wantOne(contact);
  }

  /** Whether somebody asked for this link; strangers' links are the first to make room. */
  wants(link: PeerLink): boolean {
    return this.#entriesFor(link).some(({ wanted }) => wanted);
  }

  /** Undefined when there is nothing to dial under that name. */
  standing(username: Username): ContactStanding | undefined {
    const standings = [...this.#entries.of(username)].filter(({ wanted }) => wanted).map(standingOf);
    return standings.find(({ kind }) => kind === "connecting") ?? standings[0];
  }

  /** Whether none of that name's programs has answered for so long that it was told. */
  isGivenUp(username: Username): boolean {
    const wanted = [...this.#entries.of(username)].filter((entry) => entry.wanted);
    return wanted.some(({ outage }) => outage.told.size > 0) && wanted.every(({ failure }) => failure !== undefined);
  }

  /** The one behind this link, if it is one of those. */
  contactOf(link: PeerLink): Contact | undefined {
    return this.#entriesFor(link).find(({ wanted }) => wanted)?.contact;
  }

  /** Tries those that wait at once: somebody wants to talk now. */
  hurry(username: Username): void {
    for (const entry of this.#entries.of(username)) this.#step(entry, { kind: "retry" });
  }

  /** Tries all that wait at once: there is a way again that there was not. */
  hurryAll(): void {
    for (const entry of this.#entryByKey.values()) this.#step(entry, { kind: "retry" });
  }

  /** Those under way as well: they may be on their way through a network that is gone. */
  redialAll(): void {
    for (const entry of this.#entryByKey.values()) this.#step(entry, { kind: "moved" });
  }

  linkOpened(link: PeerLink): void {
    const nowMs = this.#ports.clock.monotonicMs();
    for (const entry of this.#entriesFor(link)) this.#step(entry, { kind: "linked", nowMs });
  }

  linkClosed(link: PeerLink, reason: Fault): void {
    for (const entry of this.#entriesFor(link)) {
      const { contact } = entry;
      if (this.#isLinked(contact)) continue;
      entry.outage = this.#newOutage();
      const wanted = entry.wanted && contact.refusal === undefined;
      this.#step(entry, { kind: "lost", reason, nowMs: this.#ports.clock.monotonicMs(), wanted });
      if (!entry.wanted) this.#forget(entry);
    }
  }

  #entriesFor(link: PeerLink): readonly Entry[] {
    return [...this.#entries.of(link.party.username)].filter(({ contact }) => isLinkOf(contact, link));
  }

  #isLinked(contact: Contact): boolean {
    return this.#ports.linksTo(contact.username).some((link) => isLinkOf(contact, link));
  }

  #forget(entry: Entry): void {
    entry.outage.timer?.cancel();
    this.#entryByKey.delete(entry.contact.key);
    this.#entries.delete(entry.contact.username, entry);
  }

  #wantOne(contact: Contact): void {
    const known = this.#entryByKey.get(contact.key);
    const entry: Entry = known ?? {
      contact,
      wanted: true,
      state: { kind: "resting" },
      failure: undefined,
      timer: undefined,
      dialling: undefined,
      outage: this.#newOutage(),
    };
    this.#entryByKey.set(contact.key, entry);
    const moved = known !== undefined && hasMoved(known.contact, contact);
    this.#entries.delete(entry.contact.username, entry);
    this.#entries.add(contact.username, entry);
    entry.contact = contact;
    entry.wanted = true;

    if (moved) entry.failure = undefined;
    // Whoever may not be dialled may have dialled us.
    if (this.#isLinked(contact)) {
      this.#step(entry, { kind: "linked", nowMs: this.#ports.clock.monotonicMs() });
      return moved ? this.#ports.moved(contact) : undefined;
    }
    if (contact.refusal !== undefined) {
      this.#step(entry, { kind: "unwant" });
      return this.#fail(entry, contact.refusal);
    }
    this.#step(entry, { kind: moved ? "moved" : "want" });
    this.#step(entry, { kind: "want" });
  }

  #unwant(entry: Entry): void {
    entry.wanted = false;
    // Ways may still be tried that are better than the link that came of it.
    entry.dialling?.abort();
    this.#step(entry, { kind: "unwant" });
    if (entry.state.kind !== "linked") this.#forget(entry);
  }

  #step(entry: Entry, event: ContactEvent): void {
    const before = entry.state.kind;
    const { state, effects } = stepContact(entry.state, event, BACKOFF_RESET_AFTER_MS);
    entry.state = state;
    if (state.kind === "linked") {
      entry.failure = undefined;
      entry.outage.timer?.cancel();
    }
    for (const effect of effects) {
      if (effect === "queue") void this.#turns.take(() => this.#turn(entry));
      if (effect === "wait") this.#wait(entry);
      if (effect === "cancel_wait") entry.timer?.cancel();
      if (effect === "cancel_dial") entry.dialling?.abort();
    }
    // From one attempt to the next nothing changes for whoever looks on.
    if (before === "resting" && state.kind === "queued") this.#ports.changed(entry.contact);
  }

  #fail(entry: Entry, reason: Fault): void {
    const isNews = entry.failure?.code !== reason.code;
    entry.failure = reason;
    if (!isNews) return;
    this.#ports.changed(entry.contact);
    this.#tellLater(entry, reason);
  }

  /** What time may mend gets some: an own dial, or the tracker's word that they are offline, may come first. */
  #tellLater(entry: Entry, { code }: Fault): void {
    const { outage } = entry;
    if (FAULTS[code] !== "later" || entry.contact.refusal !== undefined) return this.#tell(entry);
    if (outage.timer !== undefined) return;
    const delayMs = outage.sinceMs + UNREACHABLE_TOLD_AFTER_MS - this.#ports.clock.monotonicMs();
    if (delayMs <= 0) return this.#tell(entry);
    outage.timer = this.#ports.clock.after(delayMs, () => this.#tell(entry));
  }

  /** Not for one of several devices while another is there, and not for each of them. */
  #tell({ contact, failure }: Entry): void {
    const { username } = contact;
    if (failure === undefined || this.#ports.linksTo(username).length > 0) return;
    const kind = FAULTS[failure.code] === "later" ? "mends" : failure.code;
    const outages = [...this.#entries.of(username)].map(({ outage }) => outage);
    if (outages.some(({ told }) => told.has(kind))) return;
    for (const { told } of outages) told.add(kind);
    this.#ports.failed(contact, failure);
  }

  #newOutage(): Outage {
    return { sinceMs: this.#ports.clock.monotonicMs(), told: new Set(), timer: undefined };
  }

  #wait(entry: Entry): void {
    if (entry.state.kind !== "waiting") return;
    const { failures, reason } = entry.state;
    const delayMs = backOffMs(failures, this.#ports.random, reason.retryAfterMs);
    entry.timer = this.#ports.clock.after(delayMs, () => this.#step(entry, { kind: "retry" }));
  }

  async #turn(entry: Entry): Promise<void> {
    if (entry.state.kind !== "queued") return;
    const dialling = new AbortController();
    entry.dialling = dialling;
    this.#step(entry, { kind: "turn" });
    const dialled = await this.#ports.dial(entry.contact, dialling.signal);
    if (dialling.signal.aborted || dialled.ok) return;
    entry.dialling = undefined;
    this.#step(entry, { kind: "failed", reason: dialled.fault });
    if (isWaiting(entry)) this.#fail(entry, dialled.fault);
  }
}

/** Not linked by the other side meanwhile, nor given up. */
function isWaiting({ state }: Entry): boolean {
  return state.kind === "waiting";
}

/** Until a dial has failed, the next one may well succeed. */
function standingOf({ failure }: Entry): ContactStanding {
  return failure === undefined ? { kind: "connecting" } : { kind: "failing", reason: failure };
}
