import { type Outcome, TICKET_BYTES, fail, succeed } from "@papo/protocol";
import type { Link } from "../link.ts";
import type { RelayedOptions, Rendezvous, RendezvousOptions } from "../network.ts";
import type { Direction } from "./ether.ts";
import { type Arrival, type Caller, endsTowards, reach } from "./memory-dial.ts";
import { MemoryCaller } from "./memory-caller.ts";
import { type Attempt, attempt } from "./patience.ts";
import type { Spot } from "./routes.ts";
import type { Party } from "./wiring.ts";

export function relayedMemory(caller: Caller, options: RelayedOptions): Promise<Outcome<Link>> {
  expectTicket(options.ticket);
  return attempt(caller.ether.clock, options, (waiting: Attempt<Link>) => {
    const party: Party = { role: options.role, settings: options, settle: (outcome) => waiting.settle(outcome) };
    reach(caller, spotOf(options), waiting, (arrival) => {
      const onDestroyed = () => waiting.settle(fail("unreachable", "the connection ended before a word"));
      const taken = take(caller, arrival, { ...options, party, onDestroyed });
      if (!taken.ok) return waiting.settle(taken);
      waiting.onFailed(() => taken.value.there.gone());
    });
  });
}

export async function rendezvousMemory(caller: Caller, options: RendezvousOptions): Promise<Outcome<Rendezvous>> {
  expectTicket(options.ticket);
  const { ether, routes } = caller;
  const address = routes.addressOf(options.host, options.family);
  if (address === undefined) return fail("unreachable", "cannot connect: no address of that kind");
  const place = { ...options, host: address };
  return attempt(ether.clock, options, (dial: Attempt<Rendezvous>) => {
    reach(caller, spotOf(place), dial, (arrival) => {
      const { promise: closed, resolve } = Promise.withResolvers<void>();
      const taken = take(caller, arrival, { ...place, party: undefined, onDestroyed: resolve });
      if (!taken.ok) return dial.settle(taken);
      const { here, there } = taken.value;
      const close = (): void => {
        resolve();
        // Who moved away since is not heard of there any more.
        if (there.parts.way[0]?.from === caller.from.name) there.gone();
      };
      const ends = { localPort: here.port, localAddress: here.address, remoteAddress: address };
      dial.settle(succeed({ ...ends, close, closed }));
    });
  });
}

type Ticketed = {
  readonly host: string;
  readonly port: number;
  readonly ticket: Uint8Array;
  readonly party: Party | undefined;
  readonly onDestroyed: () => void;
};
type Taken = { readonly here: Spot; readonly there: MemoryCaller };

function take(caller: Caller, { route, listener }: Arrival, options: Ticketed): Outcome<Taken> {
  if (listener === undefined) return fail("unreachable", "cannot connect: ECONNREFUSED");
  const { onTicket } = listener.options;
  if (onTicket === undefined || !listener.admit(route.seenAs)) {
    return fail("unreachable", "the connection ended before a word");
  }
  const to = spotOf(options);
  const { here, seen } = endsTowards(caller, route, to);
  const way: readonly Direction[] = [{ from: caller.from.name, to: route.host.name }];
  const there = new MemoryCaller({
    ether: caller.ether,
    ticket: Uint8Array.from(options.ticket),
    ends: {
      remoteAddress: seen.address,
      remotePort: seen.port,
      localAddress: route.isSelf ? route.host.name : to.address,
      localPort: route.port,
    },
    way,
    party: options.party,
    onDestroyed: options.onDestroyed,
  });
  there.onClosed(() => listener.gone());
  listener.release(route.seenAs);
  onTicket(there);
  return succeed({ here, there });
}

function spotOf({ host, port }: { readonly host: string; readonly port: number }): Spot {
  return { address: host, port };
}

function expectTicket(ticket: Uint8Array): void {
  if (ticket.length !== TICKET_BYTES) throw new RangeError(`a ticket has ${TICKET_BYTES} bytes`);
}
