import { type Fault, type Outcome, fail, fault, succeed } from "@papo/protocol";
import type { ChannelSecurity, Link, LinkEnds } from "../link.ts";
import type { DialOptions } from "../network.ts";
import type { TlsIdentity } from "../tls/tls-identity.ts";
import type { Direction, Ether } from "./ether.ts";
import { MemoryLink } from "./memory-link.ts";
import type { MemoryListener } from "./memory-listener.ts";

export type MemoryCall = {
  readonly options: DialOptions;
  /** Who listens at the place that is dialled, by the time the call gets there. */
  readonly find: () => MemoryListener | undefined;
};

/** There and back like a handshake; then both ends have their link. */
export function dialMemory(network: Ether, way: Direction, call: MemoryCall): Promise<Outcome<Link>> {
  const { signal, timeoutMs } = call.options;
  if (signal?.aborted === true) return Promise.resolve(fail("closed", "given up"));

  return new Promise((resolve) => {
    let isSettled = false;
    const settle = (outcome: Outcome<Link>) => {
      isSettled = true;
      timeout.cancel();
      signal?.removeEventListener("abort", abort);
      resolve(outcome);
    };
    const abort = () => settle(fail("closed", "given up"));
    const timeout = network.clock.after(timeoutMs, () => settle(fail("timeout", `no connection in ${timeoutMs} ms`)));
    signal?.addEventListener("abort", abort, { once: true });

    const back = { from: way.to, to: way.from };
    const roundTripMs = network.delayOf(way) + network.delayOf(back);
    network.clock.after(roundTripMs, () => {
      if (!isSettled && !network.isBlocked(way) && !network.isBlocked(back)) settle(meet(network, way, call));
    });
  });
}

function meet(network: Ether, way: Direction, { options, find }: MemoryCall): Outcome<Link> {
  const listener = find();
  if (listener === undefined)
    return { ok: false, fault: { ...fault("unreachable", "cannot connect: ECONNREFUSED"), socket: "refused" } };
  const refusal = refusalOf(listener, options);
  if (refusal !== undefined) return { ok: false, fault: refusal };
  if (!listener.admit(way.from)) return fail("unsupported", "no Papo TLS there: closed");
  return succeed(connect(network, way, { options, listener }));
}

function refusalOf({ options: theirs }: MemoryListener, ours: DialOptions): Fault | undefined {
  if (!theirs.dialects.includes(ours.dialect)) return fault("unsupported", "another dialect is spoken there");
  if (ours.dialect === "seed") return undefined;
  if (theirs.alpn !== ours.alpn) return fault("unsupported", `ALPN: expected ${ours.alpn}`);
  const isOther = ours.expectedKey !== undefined && ours.expectedKey !== theirs.identity.key;
  return isOther ? fault("identity_changed", "TLS key: expected another one") : undefined;
}

type Parties = { readonly options: DialOptions; readonly listener: MemoryListener };

function connect(network: Ether, way: Direction, { options, listener }: Parties): MemoryLink {
  const { dialect, port } = options;
  const here: LinkEnds = {
    localAddress: way.from,
    localPort: network.freePort(),
    remoteAddress: way.to,
    remotePort: port,
  };
  const there: LinkEnds = {
    localAddress: here.remoteAddress,
    localPort: here.remotePort,
    remoteAddress: here.localAddress,
    remotePort: here.localPort,
  };
  const security = (other: TlsIdentity) => (dialect === "papo" ? channelWith(other) : undefined);
  const { identity, queueBytesMax } = listener.options;
  const ours = new MemoryLink(network, {
    dialect,
    ends: here,
    security: security(identity),
    queueBytesMax: options.queueBytesMax,
  });
  const theirs = new MemoryLink(network, {
    dialect,
    ends: there,
    security: security(options.identity),
    queueBytesMax,
    onEnded: () => listener.left(way.from),
  });
  ours.connectTo(theirs);
  theirs.connectTo(ours);
  listener.take(theirs);
  return ours;
}

function channelWith({ key }: TlsIdentity): ChannelSecurity {
  return { remoteKey: key, protocol: "TLSv1.3", cipher: "TLS_AES_256_GCM_SHA384", group: "X25519MLKEM768" };
}
