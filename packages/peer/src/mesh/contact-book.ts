import type { Clock, Random, Timer } from "@papo/link";
import { BACKOFF_RESET_AFTER_MS, DIALS_CONCURRENT_MAX, type Fault, type Outcome, type Username } from "@papo/protocol";
import { backOffMs } from "../back-off.ts";
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
  readonly links: () => readonly PeerLink[];
  /** Its standing is another one now. */
  readonly changed: (contact: Contact) => void;
  /** It could not be dialled, and for this reason for the first time since there was a link or a new address. */
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
};

/** Whom to connect, and where each of them stands: drives `contact-state.ts` with timers and dials. */
export class ContactBook {
  readonly #ports: ContactBookPorts;
  readonly #entryByKey = new Map<string, Entry>();
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
    for (const { contact, wanted } of this.#entryByKey.values()) if (wanted && isLinkOf(contact, link)) return true;
    return false;
  }

  /** Undefined when there is nothing to dial under that name. */
  standing(username: Username): ContactStanding | undefined {
    const standings = [...this.#entryByKey.values()]
      .filter(({ contact, wanted }) => wanted && contact.username === username)
      .map(standingOf);
    return standings.find(({ kind }) => kind === "connecting") ?? standings[0];
  }

  /** Tries those that wait at once: somebody wants to talk now. */
  hurry(username: Username): void {
    for (const entry of this.#entryByKey.values())
      if (entry.contact.username === username) this.#step(entry, { kind: "retry" });
  }

  linkOpened(link: PeerLink): void {
    for (const entry of this.#entryByKey.values()) {
      if (isLinkOf(entry.contact, link)) this.#step(entry, { kind: "linked", nowMs: this.#ports.clock.monotonicMs() });
    }
  }

  linkClosed(link: PeerLink, reason: Fault): void {
    for (const entry of this.#entryByKey.values()) {
      const { contact, wanted } = entry;
      if (!isLinkOf(contact, link) || this.#ports.links().some((other) => isLinkOf(contact, other))) continue;
      this.#step(entry, { kind: "lost", reason, nowMs: this.#ports.clock.monotonicMs(), wanted });
      if (!wanted) this.#entryByKey.delete(contact.key);
    }
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
    };
    this.#entryByKey.set(contact.key, entry);
    const moved = known !== undefined && hasMoved(known.contact, contact);
    entry.contact = contact;
    entry.wanted = true;

    if (moved) entry.failure = undefined;
    if (contact.refusal !== undefined) {
      this.#step(entry, { kind: "unwant" });
      return this.#fail(entry, contact.refusal);
    }
    const link = this.#ports.links().find((candidate) => isLinkOf(contact, candidate));
    if (link !== undefined) return this.#step(entry, { kind: "linked", nowMs: this.#ports.clock.monotonicMs() });
    this.#step(entry, { kind: moved ? "moved" : "want" });
    this.#step(entry, { kind: "want" });
  }

  #unwant(entry: Entry): void {
    entry.wanted = false;
    this.#step(entry, { kind: "unwant" });
    if (entry.state.kind !== "linked") this.#entryByKey.delete(entry.contact.key);
  }

  #step(entry: Entry, event: ContactEvent): void {
    const before = entry.state.kind;
    const { state, effects } = stepContact(entry.state, event, BACKOFF_RESET_AFTER_MS);
    entry.state = state;
    if (state.kind === "linked") entry.failure = undefined;
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
    this.#ports.failed(entry.contact, reason);
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
    if (dialling.signal.aborted) return;
    entry.dialling = undefined;
    if (dialled.ok) return;
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
