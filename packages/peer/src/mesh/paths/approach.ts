import { type Clock, type Link, type Network, type TlsRole, pause } from "@papo/link";
import {
  type AccountKey,
  CALL_AFTER_MS,
  type Call,
  DIAL_TIMEOUT_MS,
  type DeviceKey,
  type Fault,
  type Outcome,
  type Paths,
  RELAY_AFTER_MS,
  type SignedText,
  type TlsKey,
  type Username,
  fail,
  succeed,
} from "@papo/protocol";
import type { LinkPath } from "../../api.ts";
import { Turns } from "../../turns.ts";
import type { Address } from "../contacts.ts";
import { isBetter } from "../link-choice.ts";
import type { NewLinks } from "../new-links.ts";
import type { PeerLink } from "../peer-link.ts";
import { AddressRace } from "./address-race.ts";
import type { Calls } from "./calls.ts";
import { meetByPunch, meetByRelay } from "./meeting.ts";
import { tellingFault } from "./telling-fault.ts";
import { type AttemptNotes, placeText } from "./way-notes.ts";

/** The device to be linked with. */
export type ApproachTarget = {
  readonly key: string;
  readonly username: Username;
  readonly account: AccountKey | null;
  readonly device: DeviceKey;
  readonly tls: TlsKey;
  readonly addresses: readonly Address[];
  /** They may not know where we are: no dial, no punch, no address, a relay at most. */
  readonly relayOnly: boolean;
};

export type ApproachPorts = {
  readonly clock: Clock;
  readonly network: Network;
  readonly newLinks: Pick<NewLinks, "settings" | "greetDialled" | "greetCaller">;
  readonly calls: Calls;
  readonly punches: Turns;
  /** Where the tracker of the session is; undefined: there is no session. */
  readonly tracker: () => Address | undefined;
  /** Our own record, for those who may know it. */
  readonly ownRecord: () => SignedText | null;
  /** Where a record that the tracker passed on allows us to dial. */
  readonly placesIn: (record: SignedText, device: DeviceKey) => readonly Address[];
  readonly dialFailed: (device: DeviceKey, address: Address) => void;
  /** Takes the link up among the others. */
  readonly keep: (link: PeerLink) => Outcome<PeerLink>;
  readonly notes: AttemptNotes;
};

export type ApproachRules = {
  /** Whether a link by this way would be of use. */
  readonly isWelcome: (path: LinkPath) => boolean;
  /** They called us, and have been judged. */
  readonly call?: Call | undefined;
};

/**
 * One attempt at one device by all the ways there are: its addresses, a call through the tracker, both opening TCP at once, a relay. The first link is
 * given back; better ones that come later go to `keep` alike, and what cannot become better any more is given up. docs/protocol/peer.md §7.2
 */
export class Approach {
  /** The first link, or why there is none. */
  readonly linked: Promise<Outcome<PeerLink>>;
  /** When nothing of it goes on any more. */
  readonly over: Promise<void>;
  readonly #target: ApproachTarget;
  readonly #ports: ApproachPorts;
  readonly #rules: ApproachRules;
  readonly #race: AddressRace;
  readonly #greetings = new Turns(1);
  readonly #ends: Readonly<Record<LinkPath, AbortController>>;
  readonly #startedMs: number;
  readonly #first = Promise.withResolvers<Outcome<PeerLink>>();
  readonly #joined = Promise.withResolvers<void>();
  readonly #faults: { readonly path: LinkPath | "call"; readonly reason: Fault }[] = [];
  #call: Call | undefined;
  #hasCalled = false;
  #isAsking = false;
  /** The best link that there is by now, and whether this attempt brought it. */
  #best: { readonly path: LinkPath; readonly own: boolean } | undefined;

  constructor(target: ApproachTarget, ports: ApproachPorts, rules: ApproachRules) {
    this.#target = target;
    this.#ports = ports;
    this.#rules = rules;
    this.#call = rules.call;
    this.#ends = { direct: new AbortController(), punched: new AbortController(), relayed: new AbortController() };
    this.#race = new AddressRace({ clock: ports.clock, dial: (address) => this.#dial(address) });
    // Whoever calls has dialled before.
    this.#startedMs = ports.clock.monotonicMs() - (rules.call === undefined ? 0 : CALL_AFTER_MS);
    this.linked = this.#first.promise;
    this.over = this.#run();
  }

  // ---- from outside

  /** They call, while we have not called yet. False: this attempt is beyond that. */
  join(call: Call): boolean {
    if (this.#hasCalled || this.#call !== undefined) return false;
    this.#call = call;
    this.#joined.resolve();
    return true;
  }

  /** Whether we wait for what comes of our own call: if they call now, the tracker makes one call of both. */
  get isAsking(): boolean {
    return this.#isAsking;
  }

  /** A link with the device stands, whoever brought it about. */
  standing(path: LinkPath, own = false): void {
    const isOurs = own && this.#best?.path === path;
    if (this.#best !== undefined && !isBetter(path, this.#best.path) && !isOurs) return;
    this.#best = { path, own };
    for (const way of ["direct", "punched", "relayed"] as const) if (isBetter(path, way)) this.#end(way);
    if (own) this.#end(path);
    // A dial under way is not given up for a link that they dialled: both of us would.
    if (path === "direct") this.#race.hold();
  }

  /** Nobody wants the link any more. */
  giveUp(): void {
    this.#race.hold();
    for (const way of ["direct", "punched", "relayed"] as const) this.#end(way);
  }

  #end(way: LinkPath): void {
    this.#ends[way].abort();
    if (way === "direct") this.#race.hold();
  }

  /** While any way but dialling may still lead somewhere. */
  get #meeting(): AbortSignal {
    return AbortSignal.any([this.#ends.direct.signal, this.#ends.punched.signal]);
  }

  // ---- the ways, in order

  async #run(): Promise<void> {
    if (!this.#target.relayOnly) this.#race.add(this.#target.addresses);
    await this.#untilCall();
    if (this.#isWanted("punched") || this.#isWanted("relayed")) await this.#meet();
    await this.#race.idle();
    this.#first.resolve({ ok: false, fault: tellingFault(this.#faults) });
  }

  /** Our own call waits a moment for the addresses, and not at all if none is left to wait for. */
  async #untilCall(): Promise<void> {
    if (this.#call !== undefined || !this.#race.hasBegun) return;
    await this.#atMost(CALL_AFTER_MS, Promise.race([this.#race.idle(), this.#joined.promise]));
  }

  async #meet(): Promise<void> {
    const { notes, ownRecord, placesIn } = this.#ports;
    const { relayOnly, device } = this.#target;
    this.#hasCalled = true;
    const record = relayOnly ? null : ownRecord();
    const noted = notes.trying("call", null);
    const met = await this.#callThem(record);
    noted(met);
    if (!met.ok) return this.#failed("call", met.fault);
    const { addresses } = met.value;
    if (addresses !== null && !relayOnly) this.#race.add(placesIn(addresses, device));
    // Whoever tells where it is lets its port be told as well.
    const mayPunch = record !== null && addresses !== null;
    const punching = mayPunch ? this.#punch(met.value) : Promise.resolve();
    await this.#relayLater(met.value, { punching, areDialled: mayPunch });
    await punching;
  }

  async #callThem(record: SignedText | null): Promise<Outcome<Paths>> {
    const { calls } = this.#ports;
    const { username, device } = this.#target;
    const what = { addresses: record, relay: this.#rules.isWelcome("relayed") };
    this.#isAsking = this.#call === undefined;
    const met = await (this.#call === undefined
      ? calls.connect({ username, device, ...what }, this.#meeting)
      : calls.answer({ call: this.#call.call, accept: true, ...what }, this.#meeting));
    this.#isAsking = false;
    if (!met.ok || met.value.refused === null) return met;
    return fail(met.value.refused, "no way, says the tracker");
  }

  async #relayLater(
    paths: Paths,
    { punching, areDialled }: { readonly punching: Promise<void>; readonly areDialled: boolean },
  ): Promise<void> {
    if (paths.relay === null || !this.#isWanted("relayed")) return;
    const leftMs = this.#startedMs + RELAY_AFTER_MS - this.#ports.clock.monotonicMs();
    // They may be dialling us, which nothing here shows.
    const others = areDialled ? new Promise<void>(() => {}) : Promise.all([this.#race.idle(), punching]);
    await this.#atMost(leftMs, others);
    if (this.#isWanted("relayed")) await this.#relay(paths);
  }

  /** Until `done`, the time is over, or a link ends all waiting. */
  async #atMost(ms: number, done: Promise<unknown>): Promise<void> {
    const enough = new AbortController();
    const signal = AbortSignal.any([enough.signal, this.#meeting]);
    await Promise.race([pause(this.#ports.clock, Math.max(0, ms), signal), done]);
    enough.abort();
  }

  // ---- each way

  async #dial(address: Address): Promise<void> {
    const { network, newLinks, notes, dialFailed } = this.#ports;
    const { tls, device } = this.#target;
    const noted = notes.trying(address.source === "lan" ? "lan" : "direct", placeText(address));
    const dialled = await network.dial({
      ...newLinks.settings,
      ...{ host: address.address, port: address.port, dialect: "papo", expectedKey: tls, timeoutMs: DIAL_TIMEOUT_MS },
      signal: this.#ends.direct.signal,
    });
    const met = dialled.ok ? await this.#greetings.take(() => this.#greet(dialled.value, "direct", "client")) : dialled;
    const outcome = this.#told(met, "direct");
    noted(outcome);
    const isTheirs = !outcome.ok && outcome.fault.code !== "replaced" && outcome.fault.code !== "closed";
    if (isTheirs) dialFailed(device, address);
  }

  async #punch(paths: Paths): Promise<void> {
    const noted = this.#ports.notes.trying("punch", null);
    const signal = this.#ends.punched.signal;
    const met = await this.#ports.punches.take(() => meetByPunch(this.#ports, this.#target, { paths, signal }));
    noted(this.#told(met.ok ? await this.#greet(met.value.link, "punched", met.value.role) : met, "punched"));
  }

  async #relay(paths: Paths): Promise<void> {
    const noted = this.#ports.notes.trying("relay", null);
    const signal = this.#ends.relayed.signal;
    const met = await meetByRelay(this.#ports, this.#target, { paths, signal });
    noted(this.#told(met.ok ? await this.#greet(met.value, "relayed", paths.role) : met, "relayed"));
  }

  /** A link that is of no more use ends before we have said anything on it, so that they do not take it for one. */
  async #greet(link: Link, path: LinkPath, role: TlsRole): Promise<Outcome<PeerLink>> {
    const { newLinks, keep } = this.#ports;
    if (!this.#isWanted(path)) {
      link.destroy(SUPERSEDED.fault);
      return SUPERSEDED;
    }
    const met = await (role === "client"
      ? newLinks.greetDialled(link, this.#target, path)
      : newLinks.greetCaller(link, path));
    if (!met.ok) return met;
    if (this.#target.account !== null && met.value.key !== this.#target.key) {
      met.value.bye("wrong_recipient");
      return fail("identity_changed", "account: expected the one that was called");
    }
    const kept = keep(met.value);
    if (!kept.ok) return kept;
    this.standing(path, true);
    this.#first.resolve(kept);
    return succeed(kept.value);
  }

  #isWanted(path: LinkPath): boolean {
    if (this.#ends[path].signal.aborted || !this.#rules.isWelcome(path)) return false;
    if (this.#best === undefined || isBetter(path, this.#best.path)) return true;
    return path === "direct" && this.#best.path === "direct" && !this.#best.own;
  }

  /** What we gave up ourselves has not failed for a reason of its own. */
  #told(met: Outcome<PeerLink>, path: LinkPath): Outcome<PeerLink> {
    if (met.ok) return met;
    if (met.fault.code === "closed" && this.#best !== undefined) return SUPERSEDED;
    this.#failed(path, met.fault);
    return met;
  }

  #failed(path: LinkPath | "call", reason: Fault): void {
    this.#faults.push({ path, reason });
  }
}

const SUPERSEDED = fail("replaced", "a better way came first");
