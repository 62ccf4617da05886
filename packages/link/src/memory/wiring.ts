import { type Outcome, type TlsKey, fail, succeed } from "@papo/protocol";
import type { ChannelSecurity, Dialect, Link } from "../link.ts";
import type { LinkSettings, TlsRole } from "../network.ts";
import type { TlsIdentity } from "../tls/tls-identity.ts";
import { type Direction, type Ether, opposite } from "./ether.ts";
import { MemoryLink } from "./memory-link.ts";
import type { Spot } from "./routes.ts";

/** Who gets one end of a new link. */
export type WiringEnd = {
  readonly settings: LinkSettings;
  readonly local: Spot;
  /** Where the other end is, as this one sees it. */
  readonly remote: Spot;
  readonly onEnded?: (() => void) | undefined;
  /** Told of each message out; gives the milliseconds until the next one goes. */
  readonly meter?: ((bytes: number) => number) | undefined;
};

/** Two ends of one link: `way` leads from the first to the second. */
export function wire(
  ether: Ether,
  dialect: Dialect,
  way: readonly Direction[],
  [here, there]: readonly [WiringEnd, WiringEnd],
): readonly [MemoryLink, MemoryLink] {
  const ours = oneEnd(ether, dialect, way, [here, there]);
  const theirs = oneEnd(ether, dialect, opposite(way), [there, here]);
  ours.connectTo(theirs);
  theirs.connectTo(ours);
  return [ours, theirs];
}

function oneEnd(
  ether: Ether,
  dialect: Dialect,
  way: readonly Direction[],
  [own, far]: readonly [WiringEnd, WiringEnd],
): MemoryLink {
  return new MemoryLink(ether, {
    dialect,
    way,
    ends: {
      localAddress: own.local.address,
      localPort: own.local.port,
      remoteAddress: own.remote.address,
      remotePort: own.remote.port,
    },
    security: dialect === "papo" ? channelWith(far.settings.identity) : undefined,
    queueBytesMax: own.settings.queueBytesMax,
    ...(own.onEnded === undefined ? {} : { onEnded: own.onEnded }),
    ...(own.meter === undefined ? {} : { meter: own.meter }),
  });
}

function channelWith({ key }: TlsIdentity): ChannelSecurity {
  return { remoteKey: key, protocol: "TLSv1.3", cipher: "TLS_AES_256_GCM_SHA384", group: "X25519MLKEM768" };
}

/** Somebody who was told a role, and waits for a link. */
export type Party = {
  readonly role: TlsRole;
  readonly settings: LinkSettings & { readonly expectedKey?: TlsKey | undefined };
  readonly settle: (outcome: Outcome<Link>) => void;
};

/** Whether the two would get through a handshake; if not, both have been told. */
export function shakeHands(one: Party, other: Party): boolean {
  const [a, b] = [refusalOf(one, other), refusalOf(other, one)];
  if (a === undefined && b === undefined) return true;
  one.settle(a ?? fail("unsupported", "no Papo TLS there: closed"));
  other.settle(b ?? fail("unsupported", "no Papo TLS there: closed"));
  return false;
}

export function settleBoth([one, other]: readonly [Party, Party], [a, b]: readonly [Link, Link]): void {
  one.settle(succeed(a));
  other.settle(succeed(b));
}

function refusalOf(own: Party, far: Party): Outcome<never> | undefined {
  if (own.role === far.role) return fail("unsupported", "no Papo TLS there: two of one role");
  if (own.settings.alpn !== far.settings.alpn) return fail("unsupported", `ALPN: expected ${own.settings.alpn}`);
  const { expectedKey } = own.settings;
  if (expectedKey === undefined || expectedKey === far.settings.identity.key) return undefined;
  return fail("identity_changed", "TLS key: expected another one");
}
