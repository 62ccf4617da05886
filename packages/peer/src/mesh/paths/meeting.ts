import { type Link, type TlsRole, pause } from "@papo/link";
import { DIAL_TIMEOUT_MS, type Outcome, PUNCH_FOR_MS, type Paths, fail, succeed } from "@papo/protocol";
import type { Address } from "../contacts.ts";
import { mayDial } from "../dialable.ts";
import type { ApproachPorts, ApproachTarget } from "./approach.ts";

// The two ways that take both sides at once. docs/protocol/tracker.md §7.6, §8

type MeetingPorts = Pick<ApproachPorts, "clock" | "network" | "newLinks" | "calls" | "tracker">;
type Met = { readonly paths: Paths; readonly signal: AbortSignal };

/** Shows the tracker a port of ours, is told one of theirs, and opens TCP from the one to the other while they do the same. */
export async function meetByPunch(
  ports: MeetingPorts,
  target: ApproachTarget,
  { paths, signal }: Met,
): Promise<Outcome<{ readonly link: Link; readonly role: TlsRole }>> {
  const { clock, network, newLinks, calls } = ports;
  const tracker = ports.tracker();
  if (tracker === undefined || signal.aborted) return NO_TRACKER;
  const ticket = await calls.observe();
  if (!ticket.ok) return ticket;
  const seen = calls.seen(ticket.value, signal);
  const shown = await network.rendezvous({
    ...{ host: tracker.address, port: tracker.port, ticket: bytesOf(ticket.value) },
    ...{ timeoutMs: DIAL_TIMEOUT_MS, signal },
  });
  if (!shown.ok) return shown;
  const rendezvous = shown.value;
  try {
    const observed = await seen;
    if (!observed.ok) return observed;
    const told = await calls.punch(paths.call, ticket.value, signal);
    if (!told.ok) return told;
    const { address, port, delayMs, role } = told.value;
    if (!mayDial({ address, port }, tracker.address)) return fail("unreachable", "no address that may be dialled");
    await pause(clock, delayMs, signal);
    const met = await network.punched({
      ...newLinks.settings,
      ...{ host: address, port, localPort: rendezvous.localPort, role, expectedKey: target.tls },
      ...{ forMs: PUNCH_FOR_MS, signal },
    });
    return met.ok ? succeed({ link: met.value, role }) : met;
  } finally {
    rendezvous.close();
  }
}

/** Through the relay that the tracker names; a place of its own choosing is held to the rules for whatever it names. */
export async function meetByRelay(
  { network, newLinks, tracker }: MeetingPorts,
  { tls }: ApproachTarget,
  { paths, signal }: Met,
): Promise<Outcome<Link>> {
  const here = tracker();
  if (here === undefined || paths.relay === null) return NO_TRACKER;
  const { place, ticket } = paths.relay;
  const at: Address = place === null ? here : { address: place.host, port: place.port };
  const isThere = at.address === here.address;
  if (!isThere && !mayDial(at, here.address)) return fail("unreachable", "no relay that may be dialled");
  return network.relayed({
    ...newLinks.settings,
    ...{ host: at.address, port: at.port, ticket: bytesOf(ticket), role: paths.role, expectedKey: tls },
    ...{ timeoutMs: DIAL_TIMEOUT_MS, signal },
  });
}

function bytesOf(ticket: string): Uint8Array {
  return Uint8Array.from(Buffer.from(ticket, "base64url"));
}

const NO_TRACKER = fail("tracker_unreachable", "no session with the tracker");
