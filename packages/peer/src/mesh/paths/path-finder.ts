import type { Clock, Network } from "@papo/link";
import {
  type AccountKey,
  CALLS_ANSWERED_MAX,
  CALLS_OF_STRANGERS_ANSWERED_MAX,
  type Call,
  type DeviceKey,
  type Observed,
  type Outcome,
  PUNCHES_CONCURRENT_MAX,
  type SignedText,
  type Username,
  fail,
} from "@papo/protocol";
import type { PathAttempt } from "../../api.ts";
import type { AskLine, CallNews } from "../../tracker-session/tracker-line.ts";
import { Turns } from "../../turns.ts";
import type { Address, Contact } from "../contacts.ts";
import { isBetter } from "../link-choice.ts";
import type { NewLinks } from "../new-links.ts";
import { type PeerLink, programKey } from "../peer-link.ts";
import { Approach, type ApproachPorts, type ApproachRules, type ApproachTarget } from "./approach.ts";
import { CallAllowances } from "./call-allowances.ts";
import { Calls } from "./calls.ts";
import { WayNotes } from "./way-notes.ts";

/** What somebody may be told: `known` where we are; `stranger` nothing, they are met at a relay; `refused` not even that we are there. */
export type Acquaintance = "known" | "stranger" | "refused";

/** What finding ways needs of the rest of the account. */
export type PathPorts = {
  readonly withLine: AskLine;
  /** Where the tracker of the session was reached; undefined: there is no session. */
  readonly tracker: () => Address | undefined;
  /** Our own signed addresses, for those who may know them. */
  readonly ownRecord: () => SignedText | null;
  /** Where a record that the tracker passed on allows us to dial. */
  readonly placesIn: (record: SignedText, device: DeviceKey) => readonly Address[];
  /** A dial there came to nothing. */
  readonly dialFailed: (device: DeviceKey, address: Address) => void;
  readonly acquaintance: (account: AccountKey, username: Username) => Acquaintance;
  /** Nobody learns where we are: relays alone. */
  readonly hideAddress: boolean;
};

export type PathFinderPorts = PathPorts & {
  readonly clock: Clock;
  readonly network: Network;
  readonly newLinks: Pick<NewLinks, "settings" | "greetDialled" | "greetCaller">;
  readonly own: () => { readonly account: AccountKey; readonly device: DeviceKey };
  readonly keep: (link: PeerLink) => Outcome<PeerLink>;
};

/** Attempts at devices, ours and those that begin with their call: at most one of each with one device at a time. */
export class PathFinder {
  readonly #ports: PathFinderPorts;
  readonly #calls: Calls;
  readonly #notes: WayNotes;
  readonly #allowances: CallAllowances;
  readonly #punches = new Turns(PUNCHES_CONCURRENT_MAX);
  readonly #ownByKey = new Map<string, Approach>();
  readonly #calledByKey = new Map<string, Approach>();
  readonly #ofStrangers = new WeakSet<Approach>();
  #isStopped = false;

  constructor(ports: PathFinderPorts) {
    const { clock, withLine } = ports;
    this.#ports = ports;
    this.#calls = new Calls({ clock, withLine });
    this.#notes = new WayNotes(clock);
    this.#allowances = new CallAllowances(clock);
  }

  /** Any link with them. Better ones that come about afterwards go to `keep`. */
  find(contact: Contact, signal: AbortSignal): Promise<Outcome<PeerLink>> {
    return this.#approach(contact, { isWelcome: () => true }, signal);
  }

  /** A better way than the link has; only such a one comes of it. */
  improve(contact: Contact, { path }: PeerLink, signal: AbortSignal): Promise<Outcome<PeerLink>> {
    return this.#approach(contact, { isWelcome: (way) => isBetter(way, path) }, signal);
  }

  /** Another link in place of this one, by a way that is as good. */
  renew(contact: Contact, { path }: PeerLink, signal: AbortSignal): Promise<Outcome<PeerLink>> {
    return this.#approach(contact, { isWelcome: (way) => !isBetter(path, way) }, signal);
  }

  async #approach(contact: Contact, rules: ApproachRules, signal: AbortSignal): Promise<Outcome<PeerLink>> {
    const { key, device, tls } = contact;
    if (device === null || tls === null) return fail("unreachable", "no TLS key to expect there");
    if (this.#isStopped || signal.aborted) return fail("closed", "given up");
    this.#ownByKey.get(key)?.giveUp();
    const relayOnly = contact.relayOnly || this.#ports.hideAddress;
    const approach = this.#begin(this.#ownByKey, { ...contact, device, tls, relayOnly }, rules);
    const giveUp = (): void => approach.giveUp();
    signal.addEventListener("abort", giveUp, { once: true });
    void approach.over.then(() => signal.removeEventListener("abort", giveUp));
    return approach.linked;
  }

  #begin(approachByKey: Map<string, Approach>, target: ApproachTarget, rules: ApproachRules): Approach {
    const approach = new Approach(target, this.#approachPorts(target), rules);
    approachByKey.set(target.key, approach);
    void approach.over.then(() => {
      if (approachByKey.get(target.key) === approach) approachByKey.delete(target.key);
    });
    return approach;
  }

  #approachPorts({ key, username }: ApproachTarget): ApproachPorts {
    const notes = this.#notes.begin(key, username);
    return { ...this.#ports, calls: this.#calls, punches: this.#punches, notes };
  }

  /** A link stands: what could only be worse is given up. */
  linked({ key, path }: PeerLink): void {
    this.#ownByKey.get(key)?.standing(path);
    this.#calledByKey.get(key)?.standing(path);
  }

  // ---- what the tracker says

  heard(news: CallNews): void {
    if (news.status === "CALL") this.#called(news);
    else this.#calls.heard(news);
  }

  observed(observed: Observed): void {
    this.#calls.observed(observed);
  }

  offline(): void {
    this.#calls.offline();
  }

  #called(call: Call): void {
    const { acquaintance, own, hideAddress } = this.#ports;
    const { username, account, device, tls } = call;
    const key = programKey(account, device);
    const isOurselves = account === own().account && device === own().device;
    const standing = isOurselves ? "refused" : acquaintance(account, username);
    if (this.#isStopped || standing === "refused") return this.#calls.decline(call.call);
    const ours = this.#ownByKey.get(key);
    // Who calls while we call them is in our call.
    if (ours?.isAsking === true) return;
    if (!this.#allowances.admit(key, standing) || this.#isBusy(key, standing)) return;
    if (ours?.join(call) === true) return;
    this.#calledByKey.get(key)?.giveUp();
    const relayOnly = standing === "stranger" || hideAddress;
    const target = { key, username, account, device, tls, addresses: [], relayOnly };
    const approach = this.#begin(this.#calledByKey, target, answering(call));
    if (standing === "stranger") this.#ofStrangers.add(approach);
  }

  /** Whoever never comes holds a place all the time that a call takes: strangers do not get all of them. */
  #isBusy(key: string, standing: Acquaintance): boolean {
    if (this.#calledByKey.has(key)) return false;
    const answered = [...this.#calledByKey.values()];
    const strangers = answered.filter((approach) => this.#ofStrangers.has(approach)).length;
    if (standing === "stranger" && strangers >= CALLS_OF_STRANGERS_ANSWERED_MAX) return true;
    return answered.length >= CALLS_ANSWERED_MAX;
  }

  // ---- diagnostics

  /** What was tried lately to reach this name's devices. */
  attempts(username: Username): readonly PathAttempt[] {
    return this.#notes.of(username);
  }

  stop(): void {
    this.#isStopped = true;
    for (const approach of [...this.#ownByKey.values(), ...this.#calledByKey.values()]) approach.giveUp();
  }
}

function answering(call: Call): ApproachRules {
  return { isWelcome: () => true, call };
}
