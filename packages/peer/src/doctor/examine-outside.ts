import type { LinkSettings, Network, Place, PortMapping } from "@papo/link";
import {
  type Observed,
  type Outcome,
  PONG_TIMEOUT_MS,
  PORT_MAPPING_TIMEOUT_MS,
  type RelayTicket,
  fail,
  fault,
} from "@papo/protocol";
import { isLoopback } from "../mesh/dialable.ts";
import type { PapoLine } from "../tracker-session/papo-line.ts";
import type { LineReceiver } from "../tracker-session/tracker-line.ts";
import { found } from "./findings.ts";
import { judgeNat, type Observation } from "./judge.ts";
import type { Patience } from "./patience.ts";
import type { DoctorCheck } from "./report.ts";

type OutsidePorts = {
  readonly network: Network;
  readonly settings: LinkSettings;
  readonly ownAddresses: () => readonly string[];
  readonly shown: (address: string) => string;
  readonly patience: Patience;
  /** Where the tracker may knock; undefined where nothing could be opened. */
  readonly door: { readonly port: number } | undefined;
  /** What a router made of being asked for that port, if one is asked. */
  readonly mapped: Promise<Outcome<PortMapping>> | undefined;
};

/** How this machine looks from the tracker: what is between, whether it takes connections, and whether there is a relay. */
export async function examineOutside(
  ports: OutsidePorts,
  line: PapoLine,
  place: Place,
): Promise<readonly DoctorCheck[]> {
  const own = ports.ownAddresses();
  const { remoteAddress } = line.ends;
  const isHere = isLoopback(remoteAddress) || own.includes(remoteAddress);
  const sightings = new Sightings();
  line.listen(sightings);
  const one = () => observe(ports, { line, place, sightings });
  const [first, second, reach] = await Promise.all([
    one(),
    one(),
    isHere ? found("reach", "not_from_here", {}) : checkReach(ports, line),
  ]);
  const observations = [first, second].flatMap((outcome) => (outcome.ok ? outcome.value : []));
  const { shown } = ports;
  return [
    isHere ? found("nat", "not_from_here", {}) : judgeNat(observations, { own, shown }),
    reach,
    await checkRelay(ports, line, observations.length > 0),
  ];
}

/** What the tracker says of our connections. */
class Sightings implements LineReceiver {
  readonly #waiting = new Map<RelayTicket, (observed: Observed) => void>();

  of(ticket: RelayTicket): Promise<Outcome<Observed>> {
    return new Promise((resolve) => {
      this.#waiting.set(ticket, (observed) => resolve({ ok: true, value: observed }));
    });
  }

  observed(observed: Observed): void {
    this.#waiting.get(observed.ticket)?.(observed);
  }

  // Nobody logs in on this line.
  delta(): void {}
  snapshot(): void {}
  roomClosed(): void {}
  calls(): void {}
  closed(): void {}
}

type Observing = { readonly line: PapoLine; readonly place: Place; readonly sightings: Sightings };

/** A plain connection with a ticket, from a port that we chose: what the tracker sees of it. */
async function observe(
  { network, patience }: OutsidePorts,
  { line, place, sightings }: Observing,
): Promise<Outcome<Observation>> {
  const ticket = await patience.wait(line.observe());
  if (!ticket.ok) return ticket;
  const seen = sightings.of(ticket.value);
  const host = line.ends.remoteAddress;
  const way = { host, port: place.port, ticket: Buffer.from(ticket.value, "base64url"), timeoutMs: patience.stepMs };
  const rendezvous = await network.rendezvous(way);
  if (!rendezvous.ok) return rendezvous;
  const { localPort } = rendezvous.value;
  const observed = await patience.wait(seen);
  rendezvous.value.close();
  if (!observed.ok) return observed;
  return { ok: true, value: { localPort, address: observed.value.address, port: observed.value.port } };
}

/** The tracker tries for PONG_TIMEOUT_MS before it says that it got no answer. */
const KNOCKING_MS = PONG_TIMEOUT_MS + 1_000;

/** First as this machine is, then by the port that a router may have opened meanwhile. */
async function checkReach(ports: OutsidePorts, line: PapoLine): Promise<DoctorCheck> {
  const { patience, door, mapped, shown } = ports;
  if (door === undefined) return found("reach", "no_answer", {});
  const answer = await patience.wait(line.checkReach(door.port), KNOCKING_MS);
  if (!answer.ok) return found("reach", "no_answer", {});
  const seen = shown(answer.value.address);
  if (answer.value.reached)
    return found("reach", (await isOpenedYet(mapped, door.port)) ? "reach_by_mapping" : "reach_ok", { seen });
  const mapping = mapped === undefined ? undefined : await patience.wait(mapped, PORT_MAPPING_TIMEOUT_MS);
  const again =
    mapping?.ok === true ? await patience.wait(line.checkReach(mapping.value.port), KNOCKING_MS) : undefined;
  const isReached = again?.ok === true && again.value.reached;
  return found("reach", isReached ? "reach_by_mapping" : "reach_none", { seen });
}

/** The router may have been quicker than the tracker, and opened the very same port. */
async function isOpenedYet(mapped: OutsidePorts["mapped"], port: number): Promise<boolean> {
  const mapping = await Promise.race([mapped, Promise.resolve(undefined)]);
  return mapping?.ok === true && mapping.value.port === port;
}

/** `isTicketTaken`: a plain connection with a ticket got through to the tracker, which is what a relay takes too. */
async function checkRelay(ports: OutsidePorts, line: PapoLine, isTicketTaken: boolean): Promise<DoctorCheck> {
  const { relay } = line;
  if (relay === null) return found("relay", "relay_off", {});
  const { place } = relay;
  const isOpen = place === null ? isTicketTaken : (await reachRelay(ports, place)).ok;
  return found("relay", isOpen ? "relay_ok" : "relay_blocked", {});
}

async function reachRelay({ network, settings, patience }: OutsidePorts, place: Place): Promise<Outcome<true>> {
  const how = { ...settings, ...place, dialect: "seed", timeoutMs: patience.stepMs, readBytesMax: 1 } as const;
  const dialled = await network.dial(how);
  if (!dialled.ok) return fail(dialled.fault.code, "the relay elsewhere");
  dialled.value.destroy(fault("closed", "looked at"));
  return { ok: true, value: true };
}
