import type * as promClient from "prom-client";
import type { Counter, Gauge, Registry } from "prom-client";
import type { RelayMetrics } from "../relay/relay-metrics.ts";
import type { TrackerGauges, TrackerMetrics } from "./tracker-metrics.ts";

export type Prometheus = {
  readonly metrics: TrackerMetrics;
  readonly contentType: string;
  /** The figures in Prometheus' text format. */
  readonly read: () => Promise<string>;
};

/** The library is loaded only when figures are wanted at all. */
export async function openPrometheus(): Promise<Prometheus> {
  const prom = await import("prom-client");
  const registry = new prom.Registry();
  // Among these is the lag of the event loop: nodejs_eventloop_lag_p99_seconds.
  prom.collectDefaultMetrics({ register: registry });
  return { metrics: metricsOf(prom, registry), contentType: registry.contentType, read: () => registry.metrics() };
}

/** Those of a relay alone. */
export async function openRelayPrometheus(): Promise<Omit<Prometheus, "metrics"> & { readonly metrics: RelayMetrics }> {
  const prom = await import("prom-client");
  const registry = new prom.Registry();
  prom.collectDefaultMetrics({ register: registry });
  return { metrics: relayMetricsOf(prom, registry), contentType: registry.contentType, read: () => registry.metrics() };
}

type Prom = typeof promClient;

function metricsOf(prom: Prom, registry: Registry): TrackerMetrics {
  const counter = <L extends string>(name: string, help: string, labelNames: L[]): Counter<L> =>
    new prom.Counter({ name: `papo_tracker_${name}`, help, labelNames, registers: [registry] });
  const commands = counter("commands_total", "Commands by name and outcome.", ["command", "outcome"]);
  const pushes = counter("pushes_total", "Announcements sent.", ["kind"]);
  const opened = counter("sessions_opened_total", "Sessions opened.", ["dialect"]);
  const closed = counter("sessions_closed_total", "Sessions closed, by reason.", ["dialect", "reason"]);
  return {
    commanded: (command, outcome) => commands.inc({ command, outcome }),
    pushed: (kind) => pushes.inc({ kind }),
    opened: (dialect) => opened.inc({ dialect }),
    closed: (dialect, reason) => closed.inc({ dialect, reason }),
    watch: (gauges) => watch({ prom, registry }, gauges),
    relay: relayMetricsOf(prom, registry),
  };
}

function relayMetricsOf(prom: Prom, registry: Registry): RelayMetrics {
  const registers = [registry];
  const bytes = new prom.Counter({ name: "papo_relay_bytes_total", help: "Bytes passed on.", registers });
  const ended = new prom.Counter({
    name: "papo_relay_ended_total",
    help: "Relayed links that ended, by reason; unmet: the second side never came.",
    labelNames: ["why"],
    registers,
  });
  const refused = new prom.Counter({
    name: "papo_relay_refused_total",
    help: "Tickets refused, by reason.",
    labelNames: ["why"],
    registers,
  });
  const gauge = (name: string, help: string, read: () => number): Gauge =>
    new prom.Gauge({
      name: `papo_relay_${name}`,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  return {
    passed: (count) => bytes.inc(count),
    ended: (why) => ended.inc({ why }),
    refused: (why) => refused.inc({ why }),
    watch: ({ pairs, waiting }) => {
      gauge("pairs", "Relayed links that are open.", pairs);
      gauge("waiting", "Sides of relayed links that wait for the other one.", waiting);
    },
  };
}

function watch({ prom, registry }: { prom: Prom; registry: Registry }, gauges: TrackerGauges): void {
  const gauge = (name: string, help: string, read: () => number): Gauge =>
    new prom.Gauge({
      name: `papo_tracker_${name}`,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  new prom.Gauge({
    name: "papo_tracker_sessions",
    help: "Open sessions.",
    labelNames: ["dialect"],
    registers: [registry],
    collect() {
      const { papo, seed } = gauges.sessions();
      this.set({ dialect: "papo" }, papo);
      this.set({ dialect: "seed" }, seed);
    },
  });
  gauge("users_online", "Users with at least one session.", gauges.usersOnline);
  gauge("live_rooms", "Rooms with somebody online.", gauges.liveRooms);
  gauge("passwords_queued", "Password computations under way and waiting.", gauges.passwordsQueued);
}
