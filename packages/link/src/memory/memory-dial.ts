import { type Fault, type Outcome, fail, fault, succeed } from "@papo/protocol";
import type { Link } from "../link.ts";
import type { DialOptions } from "../network.ts";
import type { Ether } from "./ether.ts";
import type { MemoryHost } from "./memory-host.ts";
import type { MemoryListener } from "./memory-listener.ts";
import { type Attempt, attempt } from "./patience.ts";
import type { Route, Routes, Spot } from "./routes.ts";
import { wire } from "./wiring.ts";

export type Caller = { readonly ether: Ether; readonly routes: Routes; readonly from: MemoryHost };

/** There and back like a handshake; then both ends have their link. */
export function dialMemory(caller: Caller, options: DialOptions): Promise<Outcome<Link>> {
  return attempt(caller.ether.clock, options, (dial) => {
    reach(caller, { address: options.host, port: options.port }, dial, (arrival) =>
      dial.settle(meet(caller, arrival, options)),
    );
  });
}

/** Who is reached, as the network is when the call gets there. */
export type Arrival = {
  readonly route: Extract<Route, { readonly kind: "host" }>;
  readonly listener: MemoryListener | undefined;
};

/** Goes there and back, and tells what is there; or that nothing can be, if the network says so. */
export function reach<T>(
  { ether, routes, from }: Caller,
  to: Spot,
  attempted: Attempt<T>,
  arrived: (arrival: Arrival) => void,
): void {
  const route = routes.route(from, to);
  if (route.kind === "silent") return;
  if (route.kind !== "host") return attempted.settle({ ok: false, fault: notReached(route.kind) });
  const way = { from: from.name, to: route.host.name };
  const back = { from: way.to, to: way.from };
  const roundTripMs = ether.delayOf(way) + ether.delayOf(back);
  ether.clock.after(roundTripMs, () => {
    const isGone = way.from !== from.name || way.to !== route.host.name;
    if (attempted.isOver || isGone || ether.isBlocked(way) || ether.isBlocked(back)) return;
    arrived({ route, listener: route.host.listenerByPort.get(route.port) });
  });
}

function notReached(socket: "refused" | "no-route"): Fault {
  const why = socket === "refused" ? "ECONNREFUSED" : "ENETUNREACH";
  return { ...fault("unreachable", `cannot connect: ${why}`), socket };
}

function meet(caller: Caller, { route, listener }: Arrival, options: DialOptions): Outcome<Link> {
  if (listener === undefined) return { ok: false, fault: notReached("refused") };
  const refusal = refusalOf(listener, options);
  if (refusal !== undefined) return { ok: false, fault: refusal };
  if (!listener.admit(route.seenAs)) return fail("unsupported", "no Papo TLS there: closed");
  return succeed(connect(caller, { route, listener }, options));
}

function refusalOf({ options: theirs }: MemoryListener, ours: DialOptions): Fault | undefined {
  if (!theirs.dialects.includes(ours.dialect)) return fault("unsupported", "another dialect is spoken there");
  if (ours.dialect === "seed") return undefined;
  if (theirs.alpn !== ours.alpn) return fault("unsupported", `ALPN: expected ${ours.alpn}`);
  const isOther = ours.expectedKey !== undefined && ours.expectedKey !== theirs.identity.key;
  return isOther ? fault("identity_changed", "TLS key: expected another one") : undefined;
}

type Met = { readonly route: Arrival["route"]; readonly listener: MemoryListener };

function connect({ ether, routes, from }: Caller, { route, listener }: Met, options: DialOptions): Link {
  const to = { address: options.host, port: options.port };
  const { here, seen } = endsTowards({ ether, routes, from }, route, to);
  const [ours, theirs] = wire(
    ether,
    options.dialect,
    [{ from: from.name, to: route.host.name }],
    [
      { settings: options, local: here, remote: { address: route.isSelf ? from.name : to.address, port: to.port } },
      {
        settings: listener.options,
        local: { address: route.host.addresses.includes(to.address) ? to.address : route.host.name, port: route.port },
        remote: seen,
        onEnded: () => listener.left(route.seenAs),
      },
    ],
  );
  listener.take(theirs);
  return ours;
}

/** Where a new connection of ours comes from, for us and for who is reached. */
export function endsTowards(
  { ether, routes, from }: Caller,
  route: Arrival["route"],
  to: Spot,
): { readonly here: Spot; readonly seen: Spot } {
  const here = { address: routes.source(from, to.address) ?? from.name, port: ether.freePort() };
  const seen = route.isTranslated ? routes.seen(from, here.port, to) : { address: route.seenAs, port: here.port };
  return { here, seen };
}
