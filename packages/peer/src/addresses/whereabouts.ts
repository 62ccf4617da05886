import type { Clock, Network, Random, Timer } from "@papo/link";
import {
  type AccountKey,
  ADDRESS_RECORDS_BURST,
  ADDRESS_RECORDS_EVERY_MS,
  type DeviceAddress,
  type DeviceKey,
  type Endpoint,
  FORWARDED_DIALS_BURST,
  FORWARDED_DIALS_EVERY_MS,
  FAULTS,
  type Fault,
  type IpLiteral,
  type Observed,
  type PeerAddresses,
  type SignedText,
  TRACKER_ANSWER_MS,
  type TrackerAddress,
  isIpv4,
} from "@papo/protocol";
import type { AddressReport } from "../api.ts";
import type { EpochStore } from "../identity/epochs.ts";
import type { OwnAccount } from "../identity/own-account.ts";
import { addressScope } from "../mesh/dialable.ts";
import type { PeerLink } from "../mesh/peer-link.ts";
import type { TrackerLine } from "../tracker-session/tracker-line.ts";
import { AddressBook, openRecord } from "./address-book.ts";
import { AddressCache } from "./address-cache.ts";
import { AddressGossip } from "./address-gossip.ts";
import { Allowances } from "./allowances.ts";
import { Company, type CompanyPorts } from "./company.ts";
import type { OpenedRecord } from "./known-device.ts";
import { NetworkChanges, type NetworkNews, type NetworkWatcher } from "./network-changes.ts";
import { OtherFamily } from "./other-family.ts";
import { OwnAddresses } from "./own-addresses.ts";
import type { Place } from "./place.ts";
import { type MapperOpener, RouterPort } from "./router-port.ts";
import { StillThere } from "./still-there.ts";

export type WhereaboutsPorts = Omit<CompanyPorts, "own"> & {
  readonly network: Network;
  readonly clock: Clock;
  readonly random: Random;
  readonly settings: EpochStore;
  readonly own: () => OwnAccount;
  readonly trackerAddress: () => TrackerAddress;
  /** Nobody is told where we are. */
  readonly hideAddress: boolean;
  readonly openMapper: MapperOpener | undefined;
  readonly watchNetwork: NetworkWatcher | undefined;
  readonly line: () => TrackerLine | undefined;
  readonly renewSession: (reason: Fault) => void;
  readonly links: () => readonly PeerLink[];
  readonly isTrusted: (link: PeerLink) => boolean;
  readonly redial: () => void;
  /** Somebody may be dialled elsewhere. Told once for all that changed together. */
  readonly placesChanged: () => void;
  /** This machine is in another network, or slept. */
  readonly networkChanged?: () => void;
};

/** Where we are, and where others are: what is known of it, who is told, and what happens when it changes. docs/protocol/peer.md §7 */
export class Whereabouts {
  readonly company: Company;
  readonly #ports: WhereaboutsPorts;
  readonly #own: OwnAddresses;
  readonly #book: AddressBook;
  readonly #cache: AddressCache;
  readonly #gossip: AddressGossip;
  readonly #router: RouterPort;
  readonly #otherFamily: OtherFamily;
  readonly #network: NetworkChanges | undefined;
  readonly #stillThere: StillThere;
  readonly #records: Allowances;
  #soon: Timer | undefined;
  #again: Timer | undefined;
  #toldAtLogin: SignedText | null = null;
  /** Where we listen. */
  #port = 0;

  constructor(ports: WhereaboutsPorts) {
    this.#ports = ports;
    const { clock, settings, own, hideAddress } = ports;
    const account = own().keys.root.publicKey;
    this.company = new Company({ ...ports, own: account });
    this.#own = new OwnAddresses({ clock, settings, own, hidden: hideAddress });
    this.#cache = new AddressCache(clock, settings);
    this.#records = new Allowances(clock, { burst: ADDRESS_RECORDS_BURST, everyMs: ADDRESS_RECORDS_EVERY_MS });
    this.#book = this.#createBook();
    this.#gossip = this.#createGossip();
    this.#router = new RouterPort(hideAddress ? undefined : ports.openMapper, (port) =>
      this.#ownChanged(this.#own.mapped(port)),
    );
    this.#otherFamily = new OtherFamily({ ...ports, saw: (address) => this.#sawOtherFamily(address) });
    this.#stillThere = new StillThere({ ...ports, isOurs: (address) => this.#network?.isOurs(address) ?? true });
    this.#network = this.#createNetworkChanges();
  }

  #createBook(): AddressBook {
    const { clock } = this.#ports;
    const dials = new Allowances(clock, { burst: FORWARDED_DIALS_BURST, everyMs: FORWARDED_DIALS_EVERY_MS });
    return new AddressBook({
      cache: this.#cache,
      isOurs: (address) => this.#network?.isOurs(address) ?? true,
      mayBelieve: (member) => dials.take(member),
      changed: () => this.#changedSoon(),
    });
  }

  #createGossip(): AddressGossip {
    return new AddressGossip({
      ...this.#ports,
      record: () => this.record,
      recordOf: (device) => this.#book.recordOf(device),
      mayKnow: (account) => this.company.mayKnow(account),
      shareRoom: (one, other) => this.company.shareRoom(one, other),
      hasTracker: () => this.#ports.line() !== undefined,
    });
  }

  #createNetworkChanges(): NetworkChanges | undefined {
    const { watchNetwork: watch } = this.#ports;
    if (watch === undefined) return undefined;
    return new NetworkChanges({
      watch,
      moved: (news) => this.#moved(news),
      examine: () => this.#stillThere.ask({ tracker: true }),
    });
  }

  // ---- where we are

  /** What we say of ourselves; null before the first session. */
  get record(): SignedText | null {
    return this.#own.record;
  }

  /** The same, for somebody who wants to reach us: null for whoever may not know it. */
  recordFor(account: AccountKey): SignedText | null {
    return this.company.mayKnow(account) ? this.record : null;
  }

  /** A session begins: there the tracker sees us, and at that port we listen. */
  sessionAt(observed: IpLiteral, port: number): SignedText {
    const before = this.record;
    const record = this.#own.sessionAt(observed, port);
    if (record !== before) this.#gossip.ownChanged();
    this.#toldAtLogin = record;
    this.#port = port;
    if (this.#isTranslated(observed)) void this.#router.keep(port);
    else void this.#router.rest();
    return record;
  }

  /** The world sees us at a public IPv4 address that is none of this machine's: somebody stands between us. Nobody is asked for a port otherwise. */
  #isTranslated(observed: IpLiteral): boolean {
    return isIpv4(observed) && addressScope(observed) === "public" && this.#network?.isOurs(observed) !== true;
  }

  /** There is no session to begin with: where we were seen last, we may be still. */
  listensAt(port: number): void {
    this.#own.listensAt(port);
  }

  /** The session is open. */
  online(line: TrackerLine): void {
    // A router may have answered in the meantime.
    if (this.record !== this.#toldAtLogin) void this.#tellTracker();
    this.#lookForOtherFamily(line);
  }

  #lookForOtherFamily(line: TrackerLine): void {
    const { observed } = this.#own;
    if (observed !== null && !this.#ports.hideAddress) void this.#otherFamily.look(line, observed);
  }

  /** The tracker saw a connection with a ticket, ours or another one. */
  observed(observed: Observed): void {
    this.#otherFamily.observed(observed);
  }

  #sawOtherFamily(address: IpLiteral | null): void {
    if (address !== null && this.#isTranslated(address)) void this.#router.keep(this.#port);
    this.#ownChanged(this.#own.sawOtherFamily(address));
  }

  #ownChanged(record: SignedText | undefined): void {
    if (record === undefined) return;
    void this.#tellTracker();
    this.#gossip.ownChanged();
  }

  /** Where a session begins just now, it is told when that stands. */
  async #tellTracker(): Promise<void> {
    const { clock, line } = this.#ports;
    const [asked, record] = [line(), this.record];
    if (asked === undefined || record === null) return;
    const told = await asked.tellAddresses(record);
    const isOver = asked !== line() || record !== this.record;
    if (told.ok || FAULTS[told.fault.code] !== "later" || isOver) return;
    this.#again?.cancel();
    this.#again = clock.after(told.fault.retryAfterMs ?? TRACKER_ANSWER_MS, () => void this.#tellTracker());
  }

  /** Somebody who knows more than we do wants it: what waits its turn is tried now, and what is there is asked whether it is. */
  lookAtAll(how: { readonly tracker: boolean }): void {
    this.#stillThere.ask(how);
  }

  #moved(news: NetworkNews): void {
    this.#ports.networkChanged?.();
    void this.#router.networkChanged();
    if (news !== "changed") return;
    this.#book.leaveLan();
    const line = this.#ports.line();
    if (line !== undefined) this.#lookForOtherFamily(line);
    this.#changedSoon();
  }

  // ---- where others are

  placesOf(endpoint: Endpoint): readonly Place[] {
    return this.#book.placesOf(endpoint);
  }

  placesOfDevice(device: DeviceKey): readonly Place[] {
    return this.#book.placesOfDevice(device);
  }

  /** Where a record that the tracker passed on, and has looked at, says that its device is; with what else is known. */
  placesIn(record: SignedText, device: DeviceKey): readonly Place[] {
    this.#book.hearTracker(device, record);
    return this.placesOfDevice(device);
  }

  /** It answered in our own network, from there; undefined: it is not there any more. */
  seenOnLan(device: DeviceKey, place: DeviceAddress | undefined): void {
    this.#book.seenOnLan(device, place);
  }

  /** A dial to one of its places came to nothing. */
  failedAt(device: DeviceKey, place: DeviceAddress): void {
    this.#book.failedAt(device, place);
  }

  linkOpened(link: PeerLink): void {
    const { device } = link.party;
    if (device !== null && link.path === "direct") this.#book.linked(device, link);
    this.#gossip.linkOpened(link);
  }

  /** Somebody tells of addresses: their own, or those of devices that they have direct links with. */
  heard(link: PeerLink, { records }: PeerAddresses): void {
    const { account } = link.party;
    if (account === null || !this.#ports.isTrusted(link)) return;
    for (const { record, seen } of records) {
      const opened = this.#records.take(account) ? openRecord(record) : undefined;
      if (opened === undefined) continue;
      if (seen === null) this.#heardOwn(link, opened);
      else this.#heardOfOther(link, opened, { account, seen });
    }
  }

  #heardOwn(link: PeerLink, opened: OpenedRecord): void {
    const { account, device } = link.party;
    if (opened.record.device !== device || account === null || !this.company.mayKnow(account)) return;
    const isNews = this.#book.hear(opened, { kind: "device" });
    // Wherever it says that it is: it is there just now.
    if (link.path === "direct") this.#book.linked(device, link);
    if (isNews) this.#gossip.news(device);
  }

  /** Of somebody whom both of us have to do with; of ourselves we know better, and what somebody says of another device of theirs is their own word. */
  #heardOfOther(
    link: PeerLink,
    opened: OpenedRecord,
    { account, seen }: { readonly account: AccountKey; readonly seen: IpLiteral },
  ): void {
    const { device } = opened.record;
    const subject = this.company.accountOf(device);
    if (subject === undefined || device === this.#ports.own().keys.device.publicKey) return;
    if (subject === account || !this.company.shareRoom(subject, account)) return;
    this.#gossip.knows(link, opened);
    this.#book.hear(opened, { kind: "member", account, seen });
  }

  #changedSoon(): void {
    this.#soon ??= this.#ports.clock.after(0, () => {
      this.#soon = undefined;
      this.#ports.placesChanged();
    });
  }

  // ---- for people, and the end

  report(): AddressReport {
    const { told, observed } = this.#own;
    return { told, observed, mapping: this.#router.state, hidden: this.#ports.hideAddress };
  }

  /** Nothing is noticed any more. What was learned is kept for the next start, and the router gets its port back. */
  async stop(): Promise<void> {
    this.#soon?.cancel();
    this.#again?.cancel();
    this.#network?.stop();
    this.#otherFamily.stop();
    this.#gossip.stop();
    await Promise.all([this.#router.close(), this.#cache.flush()]);
  }
}
