import {
  type AccountKey,
  type DeviceKey,
  type Endpoint,
  type Fault,
  type Member,
  PEER_LINKS_MAX,
  type TlsKey,
  type Username,
  fault,
} from "@papo/protocol";
import { type PlaceSource, placeKey } from "../addresses/place.ts";
import { mayDial } from "./dialable.ts";
import type { Dialled } from "./handshake.ts";
import { type PeerLink, programKey } from "./peer-link.ts";

/** What is dialled there. `either`: an original tracker cannot say, so TLS is tried first. */
type ContactDialect = "papo" | "seed" | "either";

/** `source` is unset where an original tracker, or a link, says so. */
export type Address = { readonly address: string; readonly port: number; readonly source?: PlaceSource };

/** A program that we want a link with, and where it may be. */
export type Contact = Dialled & {
  /** As `PeerLink.key`; `name:…` where the device is not known beforehand. */
  readonly key: string;
  readonly dialect: ContactDialect;
  readonly device: DeviceKey | null;
  readonly tls: TlsKey | null;
  readonly addresses: readonly Address[];
  /** They may not know where we are: a relay is the only way. */
  readonly relayOnly: boolean;
  /** Why it is not dialled at all. */
  readonly refusal: Fault | undefined;
};

export type ContactRules = {
  readonly self: Username;
  readonly allowPlaintext: boolean;
  /** Where we reached the tracker: how far it may send us. */
  readonly trackerAddress: string;
  /** False at an original tracker, which knows no keys. */
  readonly tracksAccounts: boolean;
  /** Where a program may be that the tracker tells of. */
  readonly placesOf: (endpoint: Endpoint) => readonly Address[];
  /** Whether this account may know where we are: dialling them tells it. */
  readonly mayKnowUs: (account: AccountKey) => boolean;
};

/** The contacts behind these members, each program once. Who is offline is nobody to dial. */
export function contactsOf(members: Iterable<Member>, rules: ContactRules): ReadonlyMap<string, Contact> {
  const contactByKey = new Map<string, Contact>();
  for (const member of members) {
    if (!member.online || member.username === rules.self) continue;
    for (const contact of programsOf(member, rules)) {
      if (contactByKey.size >= PEER_LINKS_MAX) return contactByKey;
      if (!contactByKey.has(contact.key)) contactByKey.set(contact.key, contact);
    }
  }
  return contactByKey;
}

function programsOf(member: Member, rules: ContactRules): readonly Contact[] {
  const endpointsByKey = Map.groupBy(member.endpoints, (endpoint) => keyOf(member, endpoint, rules));
  return [...endpointsByKey].map(([key, endpoints]) => contactOf(member, key, endpoints, rules));
}

function keyOf({ username, account }: Member, { device }: Endpoint, rules: ContactRules): string {
  if (!rules.tracksAccounts) return `name:${username}`;
  if (device === null) return `seed:${username}`;
  return account === null ? `${username} ${device}` : programKey(account, device);
}

function contactOf(
  { username, account }: Member,
  key: string,
  endpoints: readonly Endpoint[],
  rules: ContactRules,
): Contact {
  const device = endpoints[0]?.device ?? null;
  const tls = endpoints[0]?.tls ?? null;
  const dialect: ContactDialect = !rules.tracksAccounts ? "either" : device === null ? "seed" : "papo";
  const places = endpoints.flatMap((endpoint) => rules.placesOf(endpoint));
  const addresses = places.filter((place) => mayDial(place, rules.trackerAddress));
  const relayOnly = dialect === "papo" && (account === null || !rules.mayKnowUs(account));
  const place = { key, username, account, dialect, device, tls, addresses, relayOnly };
  return { ...place, refusal: refusalOf(place, rules) };
}

function refusalOf(
  { dialect, tls, addresses }: Pick<Contact, "dialect" | "tls" | "addresses">,
  { allowPlaintext }: ContactRules,
): Fault | undefined {
  // Anybody could answer there, and would be told our name.
  if (dialect === "papo" && tls === null) return fault("unreachable", "no TLS key to expect there");
  if (dialect === "seed" && !allowPlaintext) return fault("plaintext_refused", "the other program does not encrypt");
  // Others are brought together with us by the tracker, wherever they are.
  if (dialect === "papo") return undefined;
  return addresses.length === 0 ? fault("unreachable", "no address that may be dialled") : undefined;
}

export function isLinkOf(contact: Contact, link: PeerLink): boolean {
  const { username, account, device } = link.party;
  if (contact.username !== username) return false;
  if (contact.dialect === "either") return true;
  return contact.device === device && (contact.account ?? account) === account;
}

/** Whether it may be somewhere new, so that an earlier failure says nothing. */
export function hasMoved(before: Contact, after: Contact): boolean {
  const known = new Set(before.addresses.map(placeKey));
  return before.tls !== after.tls || after.addresses.some((address) => !known.has(placeKey(address)));
}
