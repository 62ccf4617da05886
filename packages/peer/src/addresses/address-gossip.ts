import type { Clock, Random, Timer } from "@papo/link";
import {
  ADDRESS_RECORDS_PER_MESSAGE_MAX,
  type AccountKey,
  type DeviceKey,
  GOSSIP_FANOUT,
  GOSSIP_SPREAD_MS,
  type IpLiteral,
  PEER_LINKS_MAX,
  type PeerAddresses,
  type SignedText,
  decodeWith,
  ipLiteral,
} from "@papo/protocol";
import type { PeerLink } from "../mesh/peer-link.ts";
import type { OpenedRecord } from "./known-device.ts";
import { spelledAlike } from "./place.ts";

export type AddressGossipPorts = {
  readonly clock: Clock;
  readonly random: Random;
  readonly links: () => readonly PeerLink[];
  readonly isTrusted: (link: PeerLink) => boolean;
  /** Our own. */
  readonly record: () => SignedText | null;
  readonly recordOf: (device: DeviceKey) => OpenedRecord | undefined;
  readonly mayKnow: (account: AccountKey) => boolean;
  /** They are both in one room of ours. */
  readonly shareRoom: (one: AccountKey, other: AccountKey) => boolean;
  readonly hasTracker: () => boolean;
};

type Forwarded = { readonly opened: OpenedRecord; readonly seen: IpLiteral };

/**
 * Tells over links where devices are: everybody who may know it where we are, and a few where those are with whom we have direct links, so that who has lost the tracker,
 * or has moved, is found again. docs/protocol/peer.md §7.3
 */
export class AddressGossip {
  readonly #ports: AddressGossipPorts;
  /** By device, the newest record that the other end of a link has from us or has told us. */
  readonly #seqByDevice = new WeakMap<PeerLink, Map<DeviceKey, number>>();
  /** Of our links, with records that came a moment ago. */
  readonly #news = new Set<DeviceKey>();
  #timer: Timer | undefined;

  constructor(ports: AddressGossipPorts) {
    this.#ports = ports;
  }

  linkOpened(link: PeerLink): void {
    // A tracker tells everybody of everybody: nobody has to repeat it.
    const others = this.#ports.hasTracker() ? [] : this.#forwarded(link, this.#ports.links());
    this.#tell(link, this.#own(link), others);
  }

  /** Our own record is another one. */
  ownChanged(): void {
    for (const link of this.#ports.links()) this.#tell(link, this.#own(link), []);
  }

  /** A device with which we have a direct link has told a new record. Soon a few others hear of it, unless they tell us first. */
  news(device: DeviceKey): void {
    const { clock, random } = this.#ports;
    this.#news.add(device);
    this.#timer ??= clock.after(random.fraction() * GOSSIP_SPREAD_MS, () => this.#spread());
  }

  /** The other end of this link has that record. */
  knows(link: PeerLink, { record }: OpenedRecord): void {
    const seqByDevice = this.#seqByDevice.get(link) ?? new Map<DeviceKey, number>();
    this.#seqByDevice.set(link, seqByDevice);
    if (record.seq <= (seqByDevice.get(record.device) ?? 0)) return;
    seqByDevice.delete(record.device);
    seqByDevice.set(record.device, record.seq);
    const [oldest] = seqByDevice.keys();
    if (seqByDevice.size > PEER_LINKS_MAX && oldest !== undefined) seqByDevice.delete(oldest);
  }

  stop(): void {
    this.#timer?.cancel();
  }

  #spread(): void {
    this.#timer = undefined;
    const links = this.#ports.links();
    const about = links.filter(({ party }) => party.device !== null && this.#news.has(party.device));
    this.#news.clear();
    const readers = new Set(about.flatMap((subject) => this.#few(subject, links)));
    for (const reader of readers) this.#tell(reader, undefined, this.#forwarded(reader, about));
  }

  /** By chance, so that those who all have links with one device do not all tell the same people. */
  #few(subject: PeerLink, links: readonly PeerLink[]): readonly PeerLink[] {
    const others = links.filter((to) => this.#forwarded(to, [subject]).length > 0);
    const shuffled = others.map((to) => ({ to, at: this.#ports.random.fraction() })).toSorted((a, b) => a.at - b.at);
    return shuffled.slice(0, GOSSIP_FANOUT).map(({ to }) => to);
  }

  #own(link: PeerLink): SignedText | undefined {
    const { account } = link.party;
    if (account === null || !this.#ports.isTrusted(link) || !this.#ports.mayKnow(account)) return undefined;
    return this.#ports.record() ?? undefined;
  }

  /** What we see of the devices of these links, for the one at the end of `to`. */
  #forwarded(to: PeerLink, about: readonly PeerLink[]): readonly Forwarded[] {
    if (!this.#ports.isTrusted(to)) return [];
    return about.flatMap((link) => this.#seenOver(link, to)).slice(0, ADDRESS_RECORDS_PER_MESSAGE_MAX - 1);
  }

  #seenOver({ party: { account, device }, path, ends, isOpen }: PeerLink, to: PeerLink): readonly Forwarded[] {
    if (account === null || device === null || path !== "direct" || !isOpen) return [];
    const reader = to.party.account;
    if (reader === null || device === to.party.device || !this.#ports.shareRoom(account, reader)) return [];
    const opened = this.#ports.recordOf(device);
    const seen = decodeWith(ipLiteral, ends.remoteAddress);
    if (opened === undefined || !seen.ok || this.#isKnownTo(to, opened)) return [];
    return saysIt(opened, seen.value) ? [{ opened, seen: seen.value }] : [];
  }

  #isKnownTo(link: PeerLink, { record }: OpenedRecord): boolean {
    return (this.#seqByDevice.get(link)?.get(record.device) ?? 0) >= record.seq;
  }

  #tell(link: PeerLink, own: SignedText | undefined, others: readonly Forwarded[]): void {
    const records: PeerAddresses["records"] = own === undefined ? [] : [{ record: own, seen: null }];
    for (const { opened, seen } of others) {
      records.push({ record: opened.signed, seen });
      this.knows(link, opened);
    }
    if (records.length > 0) link.tellAddresses(records);
  }
}

/** A reader would not dial anywhere else. */
function saysIt({ record }: OpenedRecord, seen: IpLiteral): boolean {
  return record.addresses.some(({ address }) => spelledAlike(address) === spelledAlike(seen));
}
