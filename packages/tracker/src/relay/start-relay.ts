import { type Clock, type Network, createTlsIdentity } from "@papo/link";
import { LINK_QUEUE_BYTES_MAX, type Outcome, PEER_ALPN, succeed } from "@papo/protocol";
import type { TrackerLog } from "../log/tracker-log.ts";
import { ADMISSION_DEFAULTS, Admission, type AdmissionLimits } from "../services/admission.ts";
import { RELAY_DEFAULTS, type RelayLimits } from "./relay-budgets.ts";
import { RelayDesk } from "./relay-desk.ts";
import { NO_RELAY_METRICS, type RelayMetrics } from "./relay-metrics.ts";
import { welcomeTicket } from "./ticket-hall.ts";
import { Tickets } from "./tickets.ts";

/** What a relay alone is made of. */
export type RelayOptions = {
  readonly network: Network;
  readonly clock: Clock;
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** That of the tracker whose tickets it takes: TICKET_SECRET_BYTES. */
  readonly secret: Uint8Array;
  readonly log: TrackerLog;
  readonly metrics?: RelayMetrics | undefined;
  readonly limits?: Partial<RelayLimits> | undefined;
  readonly admission?: Partial<AdmissionLimits> | undefined;
};

/** A relay that listens. */
export interface Relay {
  readonly host: string;
  readonly port: number;
  /** Stops accepting and ends every link that goes through it. Idempotent. */
  close(): Promise<void>;
}

/** Fails as a value when it cannot listen there (`busy`: the port is in use). It speaks no language and takes nothing but tickets. */
export async function startRelay(options: RelayOptions): Promise<Outcome<Relay>> {
  const { network, clock, log, host, port } = options;
  const metrics = options.metrics ?? NO_RELAY_METRICS;
  const desk = new RelayDesk({ clock, log, metrics, limits: { ...RELAY_DEFAULTS, ...options.limits } });
  const desks = { tickets: new Tickets(options.secret), observations: undefined, desk, metrics };
  const admission = new Admission({ ...ADMISSION_DEFAULTS, ...options.admission });
  const listener = await network.listen({
    // Nobody is let in who would ask for these.
    ...{ identity: createTlsIdentity(), alpn: PEER_ALPN, queueBytesMax: LINK_QUEUE_BYTES_MAX, dialects: [] },
    host,
    port,
    admit: (address) => admission.admit(address),
    released: (address) => admission.release(address),
    onLink: (link) => link.destroy({ code: "unsupported", detail: "a ticket" }),
    onTicket: (caller) => welcomeTicket(desks, caller),
  });
  if (!listener.ok) return listener;
  log.event({ kind: "relay_listening", host, port: listener.value.port });
  const close = async (): Promise<void> => {
    await listener.value.close();
    desk.close();
  };
  return succeed({ host: listener.value.host, port: listener.value.port, close });
}
