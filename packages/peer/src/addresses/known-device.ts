import {
  ADDRESSES_MAX,
  type AccountKey,
  type AddressRecord,
  DEVICE_PLACES_MAX,
  DEVICE_SIGHTINGS_MAX,
  type DeviceAddress,
  type IpLiteral,
  type SignedText,
} from "@papo/protocol";
import { addressScope } from "../mesh/dialable.ts";
import { type Place, type PlaceSource, placeKey, spelledAlike } from "./place.ts";

/** What a device has signed of itself, opened. */
export type OpenedRecord = { readonly signed: SignedText; readonly record: AddressRecord };

/** Who has seen the device at an IP. `from`: the address of ours on the link over which we did. */
export type Sighting =
  | { readonly by: "tracker" }
  | { readonly by: "link" | "cache"; readonly from: string }
  | { readonly by: "member"; readonly who: AccountKey };

type Seen = { readonly address: IpLiteral; readonly sighting: Sighting };

/** A place at which a direct link came about, dialled from here, and our address then. */
export type Worked = {
  readonly place: DeviceAddress;
  readonly from: string;
  readonly source: "link" | "cache";
};

/**
 * Where one device may be dialled: what it has signed last, as far as somebody whose word counts has seen it there, and where we have met it ourselves. Nobody is
 * dialled where somebody merely says that they are. docs/protocol/peer.md §7.1
 */
export class KnownDevice {
  /** What the tracker told last, which may be older than what we know. */
  trackerText: string | undefined;
  #opened: OpenedRecord | undefined;
  /** By IP, the latest last. */
  readonly #seenByIp = new Map<string, Seen>();
  #onLan: DeviceAddress | undefined;
  #worked: Worked | undefined;
  /** Of a member's word: the record with which it led nowhere. */
  readonly #spentSeqByMember = new Map<AccountKey, number>();

  get opened(): OpenedRecord | undefined {
    return this.#opened;
  }

  get worked(): Worked | undefined {
    return this.#worked;
  }

  get seq(): number {
    return this.#opened?.record.seq ?? 0;
  }

  /** IPs at which somebody other than a member has seen it. */
  get seen(): readonly Seen[] {
    return [...this.#seenByIp.values()].filter(({ sighting }) => sighting.by !== "member");
  }

  /** False when what is known is as new. What was known of places that the newer record does not name any more goes. */
  take(opened: OpenedRecord): boolean {
    if (opened.record.seq <= this.seq) return false;
    this.#opened = opened;
    const { addresses } = opened.record;
    const told = new Set(addresses.map(({ address }) => spelledAlike(address)));
    for (const [ip, { sighting }] of this.#seenByIp)
      if (!told.has(ip) && !isOwnPrivate(ip, sighting)) this.#seenByIp.delete(ip);
    if (this.#worked !== undefined && !this.#isStillTold(this.#worked)) this.#worked = undefined;
    return true;
  }

  /** In another network of ours it may have another address than the world sees: then the port at least is one that it tells. */
  #isStillTold({ place, from, source }: Worked): boolean {
    const told = this.#opened?.record.addresses ?? [];
    if (told.some((other) => placeKey(other) === placeKey(place))) return true;
    return isOwnPrivate(place.address, { by: source, from }) && told.some(({ port }) => port === place.port);
  }

  /** A member's word counts only where there is no better one, and once for each record. */
  saw(address: IpLiteral, sighting: Sighting): void {
    const ip = spelledAlike(address);
    if (sighting.by === "member" && !this.lacks(address, sighting.who)) return;
    this.#seenByIp.delete(ip);
    this.#seenByIp.set(ip, { address, sighting });
    const [oldest] = this.#seenByIp.keys();
    if (this.#seenByIp.size > DEVICE_SIGHTINGS_MAX && oldest !== undefined) this.#seenByIp.delete(oldest);
  }

  /** Whether this member's word that it has seen the device at this IP would be news. */
  lacks(address: IpLiteral, who: AccountKey): boolean {
    const names = this.#opened?.record.addresses.some((told) => spelledAlike(told.address) === spelledAlike(address));
    const isSpent = (this.#spentSeqByMember.get(who) ?? 0) >= this.seq;
    return names === true && !isSpent && !this.#seenByIp.has(spelledAlike(address));
  }

  onLan(place: DeviceAddress | undefined): void {
    this.#onLan = place;
  }

  linkedAt(worked: Worked): void {
    this.#worked = worked;
  }

  /** A dial there came to nothing. */
  failedAt(place: DeviceAddress): void {
    const ip = spelledAlike(place.address);
    const sighting = this.#seenByIp.get(ip)?.sighting;
    if (sighting?.by !== "member") return;
    this.#seenByIp.delete(ip);
    this.#spentSeqByMember.delete(sighting.who);
    this.#spentSeqByMember.set(sighting.who, this.seq);
    const [oldest] = this.#spentSeqByMember.keys();
    if (this.#spentSeqByMember.size > DEVICE_SIGHTINGS_MAX && oldest !== undefined)
      this.#spentSeqByMember.delete(oldest);
  }

  /**
   * In the order in which to try them: in our own network, where it worked last, what it says itself, where we saw it. `isOurs`: whether an address is still one of
   * this machine's; private ones mean something else in another network.
   */
  places(isOurs: (address: string) => boolean): readonly Place[] {
    const lan = this.#onLan === undefined ? [] : [{ ...this.#onLan, source: "lan" as const }];
    const worked = this.#worked === undefined ? [] : this.#workedPlace(this.#worked, isOurs);
    const placeByKey = new Map<string, Place>();
    for (const place of [...lan, ...worked, ...this.#toldPlaces(isOurs), ...this.#seenPlaces(isOurs)])
      if (!placeByKey.has(placeKey(place))) placeByKey.set(placeKey(place), place);
    return [...placeByKey.values()].slice(0, DEVICE_PLACES_MAX);
  }

  #workedPlace({ place, from, source }: Worked, isOurs: (address: string) => boolean): readonly Place[] {
    return counts(place.address, { by: source, from }, isOurs) ? [{ ...place, source }] : [];
  }

  #toldPlaces(isOurs: (address: string) => boolean): readonly Place[] {
    return (this.#opened?.record.addresses ?? []).flatMap((place) => {
      const seen = this.#seenByIp.get(spelledAlike(place.address));
      if (seen === undefined || !counts(place.address, seen.sighting, isOurs)) return [];
      return [{ ...place, source: sourceOf(seen.sighting) }];
    });
  }

  /** Where it came from to us, though it does not say that it is there: its own port, which no router has changed, is the last that it tells. */
  #seenPlaces(isOurs: (address: string) => boolean): readonly Place[] {
    const addresses = this.#opened?.record.addresses ?? [];
    const port = addresses.at(-1)?.port;
    if (port === undefined) return [];
    const told = new Set(addresses.map(({ address }) => spelledAlike(address)));
    return [...this.#seenByIp]
      .filter(([ip, { address, sighting }]) => !told.has(ip) && counts(address, sighting, isOurs))
      .map(([, { address, sighting }]) => ({ address, port, source: sourceOf(sighting) }))
      .slice(-ADDRESSES_MAX);
  }
}

function sourceOf({ by }: Sighting): PlaceSource {
  return by;
}

function isOwnPrivate(address: string, sighting: Sighting): boolean {
  return (sighting.by === "link" || sighting.by === "cache") && addressScope(address) !== "public";
}

/** A private address at which we met somebody is theirs only as long as we are in the same network. */
function counts(address: string, sighting: Sighting, isOurs: (address: string) => boolean): boolean {
  if (sighting.by === "tracker" || sighting.by === "member" || addressScope(address) === "public") return true;
  return isOurs(sighting.from);
}
