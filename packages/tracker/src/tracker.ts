import { type Clock, type Link, type Listener, type TicketCaller, pause } from "@papo/link";
import {
  DRAIN_TIMEOUT_MS,
  type Fault,
  LINK_QUEUE_BYTES_MAX,
  type Outcome,
  PING_INTERVAL_DEFAULT_SECONDS,
  PLAIN_ROOMS_REMEMBERED_MAX,
  TRACKER_ALPN,
  type TrackerKey,
  fault,
  succeed,
} from "@papo/protocol";
import type { Dialect } from "./dialects/dialect.ts";
import { PapoDialect } from "./dialects/papo-dialect.ts";
import { SeedDialect } from "./dialects/seed-dialect.ts";
import { askAlive } from "./ask-alive.ts";
import { NO_METRICS, type TrackerMetrics } from "./ops/tracker-metrics.ts";
import { welcomeTicket } from "./relay/ticket-hall.ts";
import { Liveness } from "./services/liveness.ts";
import { Session } from "./session.ts";
import type { SessionWatch } from "./session-watch.ts";
import { type Services, buildServices } from "./tracker-domain.ts";
import type { TrackerOptions } from "./tracker-options.ts";

/** A tracker that listens. */
export interface Tracker {
  /** What people pin: the `#k=` of its address. */
  readonly key: TrackerKey;
  /** Where it listens. */
  readonly host: string;
  readonly port: number;
  readonly sessionCount: number;
  /** True while it serves and its store answers. */
  isReady(): Promise<boolean>;
  /**
   * Stops accepting, lets commands under way finish, tells every session that it drains, closes them and then the store.
   * Takes at most about DRAIN_TIMEOUT_MS. Idempotent.
   */
  drain(): Promise<void>;
}

/** Fails as a value when it cannot listen there (`busy`: the port is in use); the store is then left open. */
export async function startTracker(options: TrackerOptions): Promise<Outcome<Tracker>> {
  const services = buildServices(options);
  await options.repositories.peers.disconnectAll();
  await recallPlainRooms(options, services);

  const running = new RunningTracker(options, services);
  const { network, identity, host, port } = options;
  const { admission } = services.domain;
  const listener = await network.listen({
    identity: identity.tls,
    alpn: TRACKER_ALPN,
    queueBytesMax: LINK_QUEUE_BYTES_MAX,
    host,
    port,
    dialects: ["papo", "seed"],
    admit: (address) => admission.admit(address),
    released: (address) => admission.release(address),
    onLink: (link) => running.welcome(link),
    onTicket: (caller) => running.welcomeTicket(caller),
  });
  if (!listener.ok) return listener;
  running.begin(listener.value);
  options.log.event({ kind: "listening", host, port: listener.value.port });
  return succeed(running);
}

/** Which rooms were active lately is not kept: after a start the first by name stand in for them. */
async function recallPlainRooms({ repositories }: TrackerOptions, { domain }: Services): Promise<void> {
  const rooms = await repositories.rooms.list({ limit: PLAIN_ROOMS_REMEMBERED_MAX, kinds: ["plain"] });
  for (const room of rooms.toReversed()) domain.plainRooms.touch(room);
}

type Life = "starting" | "serving" | "draining" | "stopped";

const DRAINING: Fault = { ...fault("draining", "another moment: the tracker stops"), retryAfterMs: 1_000 };

class RunningTracker implements Tracker, SessionWatch {
  readonly #options: TrackerOptions;
  readonly #services: Services;
  readonly #metrics: TrackerMetrics;
  readonly #sessions = new Set<Session>();
  readonly #papo = new PapoDialect();
  readonly #seed: Dialect;
  readonly #liveness: Liveness;
  #listener: Listener | undefined;
  #life: Life = "starting";
  #drained: Promise<void> | undefined;

  constructor(options: TrackerOptions, services: Services) {
    this.#options = options;
    this.#services = services;
    this.#metrics = options.metrics ?? NO_METRICS;
    this.#seed = new SeedDialect(services.domain.presence);
    this.#liveness = livenessOf(options, services);
  }

  get key(): TrackerKey {
    return this.#options.identity.key;
  }

  get host(): string {
    return this.#options.host;
  }

  get port(): number {
    return this.#listener?.port ?? this.#options.port;
  }

  get sessionCount(): number {
    return this.#sessions.size;
  }

  async isReady(): Promise<boolean> {
    if (this.#life !== "serving") return false;
    await this.#options.repositories.check();
    return true;
  }

  begin(listener: Listener): void {
    const { presence } = this.#services.domain;
    this.#listener = listener;
    this.#life = "serving";
    this.#services.seats.startSweep();
    this.#liveness.start();
    this.#metrics.watch({
      sessions: () => this.#countSessions(),
      usersOnline: () => presence.userCount,
      liveRooms: () => this.#services.domain.liveRooms.count,
      passwordsQueued: () => this.#services.passwords.queued,
    });
  }

  welcome(link: Link): void {
    if (this.#life === "draining" || this.#life === "stopped") return link.destroy(DRAINING);
    const { clock, log } = this.#options;
    const { remoteAddress: address, remotePort: port } = link.ends;
    const dialect = link.dialect === "papo" ? this.#papo : this.#seed;
    const { domain } = this.#services;
    const isReserved = domain.admission.isReserved;
    log.event({ kind: "connected", dialect: dialect.name, address, port });

    const session = new Session({ link, dialect, domain, clock, watch: this, isReserved });
    this.#sessions.add(session);
    this.#metrics.opened(dialect.name);
    session.start();
  }

  welcomeTicket(caller: TicketCaller): void {
    if (this.#life === "draining" || this.#life === "stopped") return caller.destroy();
    welcomeTicket(this.#services.desks, caller);
  }

  commanded(...args: Parameters<SessionWatch["commanded"]>): void {
    this.#metrics.commanded(...args);
  }

  pushed(...args: Parameters<SessionWatch["pushed"]>): void {
    this.#metrics.pushed(...args);
  }

  closed(session: Session, reason: Fault): void {
    if (this.#sessions.delete(session)) this.#metrics.closed(session.dialectName, reason.code);
  }

  drain(): Promise<void> {
    this.#drained ??= this.#drainOnce();
    return this.#drained;
  }

  async #drainOnce(): Promise<void> {
    const { clock, log, repositories } = this.#options;
    this.#life = "draining";
    log.event({ kind: "draining", sessions: this.#sessions.size });
    await this.#listener?.close();
    this.#services.seats.stop();
    const ended = Promise.all([
      this.#liveness.stop(),
      ...[...this.#sessions].map((session) => session.drain(DRAINING)),
    ]);
    await within(DRAIN_TIMEOUT_MS, clock, ended);
    this.#closeMeetings();
    this.#life = "stopped";
    await repositories.close();
    log.event({ kind: "stopped" });
  }

  /** Relayed links go last: whoever has one learns first, over its session, that the tracker stops. */
  #closeMeetings(): void {
    const { domain, desks } = this.#services;
    domain.introductions.close();
    domain.observations.close();
    domain.reachChecks.stop();
    desks.desk?.close();
  }

  #countSessions(): { readonly papo: number; readonly seed: number } {
    let seed = 0;
    for (const session of this.#sessions) if (session.dialectName === "seed") seed += 1;
    return { papo: this.#sessions.size - seed, seed };
  }
}

function livenessOf(
  { clock, log, network, identity, pingIntervalSeconds }: TrackerOptions,
  { domain }: Services,
): Liveness {
  return new Liveness({
    clock,
    intervalMs: (pingIntervalSeconds ?? PING_INTERVAL_DEFAULT_SECONDS) * 1_000,
    presence: domain.presence,
    attendance: domain.attendance,
    log,
    ask: askAlive({ network, clock, identity }),
  });
}

/** Waits for `work`, or for the time to run out. */
async function within(limitMs: number, clock: Clock, work: Promise<unknown>): Promise<void> {
  const done = new AbortController();
  const finish = () => done.abort();
  work.then(finish, finish);
  await pause(clock, limitMs, done.signal);
}
