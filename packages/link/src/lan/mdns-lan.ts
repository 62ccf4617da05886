import {
  LAN_ANSWER_INTERVAL_MS,
  LAN_ASK_FIRST_MS,
  LAN_ASK_LAST_MS,
  LAN_PACKETS_BURST,
  LAN_PACKETS_PER_SECOND,
  type IpLiteral,
  type TrackerKey,
} from "@papo/protocol";
import type { Clock, Timer } from "../clock.ts";
import type { Random } from "../random.ts";
import { base32 } from "./base32.ts";
import type { LanActivity, LanDiscovery, LanPeer, LanTracker } from "./lan-discovery.ts";
import {
  type LanAnnouncement,
  type LanHeard,
  type LanService,
  lanAnswer,
  lanQuestion,
  readLanPacket,
} from "./lan-packets.ts";
import type { LanWire } from "./lan-wire.ts";

/** Whoever answers a question that many may answer waits a little, so that they do not all speak at once (RFC 6762 §6). */
const ANSWER_DELAY_MS = { min: 20, max: 120 };
/** An announcement is said twice: one may be lost (RFC 6762 §8.3). */
const REPEAT_MS = 1_000;
const ASK_FACTOR = 3;
const NAME_BYTES = 10;
const NOTHING: LanActivity = { stop: () => {} };

export type MdnsPorts = { readonly wire: LanWire; readonly clock: Clock; readonly random: Random };

/** Announces and looks for Papo's programs by multicast DNS. docs/protocol/lan.md */
export class MdnsLan implements LanDiscovery {
  readonly #ports: MdnsPorts;
  readonly #announcements = new Set<Announcing>();
  readonly #searches = new Set<Search>();
  readonly #budget: PacketBudget;
  #closed: Promise<void> | undefined;

  constructor(ports: MdnsPorts) {
    this.#ports = ports;
    this.#budget = new PacketBudget(ports.clock);
    ports.wire.receive((packet, from) => this.#received(packet, from));
  }

  get hasNetwork(): boolean {
    return this.#ports.wire.hasNetwork;
  }

  announceTracker({
    port,
    key,
    on,
  }: {
    readonly port: number;
    readonly key: TrackerKey;
    readonly on?: string;
  }): LanActivity {
    return this.#announce({ service: "tracker", instance: this.#name(), host: this.#name(), port, key }, on);
  }

  announcePeer({ port, hint }: { readonly port: number; readonly hint: string }): LanActivity {
    return this.#announce({ service: "peer", instance: hint, host: this.#name(), port, key: null }, undefined);
  }

  findTrackers(found: (tracker: LanTracker) => void): LanActivity {
    return this.#find("tracker", ({ key, port }, address) => {
      if (key !== null) found({ address, port, key });
    });
  }

  findPeers(found: (peer: LanPeer) => void): LanActivity {
    return this.#find("peer", ({ instance, port }, address) => found({ address, port, hint: instance }));
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  #close(): Promise<void> {
    for (const activity of [...this.#announcements, ...this.#searches]) activity.stop();
    return this.#ports.wire.close();
  }

  /** A word that says nothing and that nobody else has. */
  #name(): string {
    return base32(this.#ports.random.bytes(NAME_BYTES));
  }

  #announce(announcement: LanAnnouncement, on: string | undefined): LanActivity {
    if (this.#closed !== undefined) return NOTHING;
    const announcing = new Announcing(this.#ports, { announcement, on }, () => this.#announcements.delete(announcing));
    this.#announcements.add(announcing);
    return announcing;
  }

  #find(service: LanService, found: (heard: LanHeard, address: IpLiteral) => void): LanActivity {
    if (this.#closed !== undefined) return NOTHING;
    const search = new Search(this.#ports, { service, found }, () => this.#searches.delete(search));
    this.#searches.add(search);
    return search;
  }

  #received(bytes: Uint8Array, from: IpLiteral): void {
    if (this.#closed !== undefined || !this.#budget.take()) return;
    const packet = readLanPacket(bytes);
    if (packet === undefined) return;
    for (const announcing of this.#announcements) if (packet.asks.includes(announcing.service)) announcing.asked();
    for (const heard of packet.tells)
      for (const search of this.#searches) if (search.service === heard.service) search.found(heard, from);
  }
}

/** Packets are looked at so often a second; what is over is passed over, since everything is said again. */
class PacketBudget {
  readonly #clock: Clock;
  #left = LAN_PACKETS_BURST;
  #atMs: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#atMs = clock.monotonicMs();
  }

  take(): boolean {
    const nowMs = this.#clock.monotonicMs();
    const regained = ((nowMs - this.#atMs) / 1_000) * LAN_PACKETS_PER_SECOND;
    this.#left = Math.min(LAN_PACKETS_BURST, this.#left + regained);
    this.#atMs = nowMs;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}

/** Says something at once, once more, and whenever it is asked for, at most once a second. */
class Announcing implements LanActivity {
  readonly service: LanService;
  readonly #ports: MdnsPorts;
  readonly #what: { readonly announcement: LanAnnouncement; readonly on: string | undefined };
  readonly #stopped: () => void;
  readonly #packet: Uint8Array;
  #saidMs = Number.NEGATIVE_INFINITY;
  #timer: Timer | undefined;
  #isOver = false;

  constructor(ports: MdnsPorts, what: { announcement: LanAnnouncement; on: string | undefined }, stopped: () => void) {
    this.#ports = ports;
    this.#what = what;
    this.#stopped = stopped;
    this.service = what.announcement.service;
    this.#packet = lanAnswer(what.announcement);
    this.#say();
    this.#sayIn(REPEAT_MS);
  }

  asked(): void {
    if (this.#timer !== undefined) return;
    const { min, max } = ANSWER_DELAY_MS;
    const { clock, random } = this.#ports;
    const restMs = this.#saidMs + LAN_ANSWER_INTERVAL_MS - clock.monotonicMs();
    this.#sayIn(Math.max(restMs, min + random.fraction() * (max - min)));
  }

  #sayIn(delayMs: number): void {
    this.#timer = this.#ports.clock.after(delayMs, () => {
      this.#timer = undefined;
      this.#say();
    });
  }

  #say(): void {
    if (this.#isOver) return;
    this.#saidMs = this.#ports.clock.monotonicMs();
    this.#ports.wire.send(this.#packet, this.#what.on);
  }

  /** A tracker takes its word back. A peer does not: the next hint would follow on the end of the last, and whose it is would show. */
  stop(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#timer?.cancel();
    const { announcement, on } = this.#what;
    if (announcement.service === "tracker") this.#ports.wire.send(lanAnswer(announcement, "gone"), on);
    this.#stopped();
  }
}

/** Asks at once and again, ever less often, and hears whoever says it unasked. */
class Search implements LanActivity {
  readonly service: LanService;
  readonly found: (heard: LanHeard, address: IpLiteral) => void;
  readonly #ports: MdnsPorts;
  readonly #stopped: () => void;
  readonly #packet: Uint8Array;
  #timer: Timer | undefined;

  constructor(
    ports: MdnsPorts,
    { service, found }: { service: LanService; found: (heard: LanHeard, address: IpLiteral) => void },
    stopped: () => void,
  ) {
    this.#ports = ports;
    this.service = service;
    this.found = found;
    this.#stopped = stopped;
    this.#packet = lanQuestion(service);
    this.#ask(LAN_ASK_FIRST_MS);
  }

  #ask(nextMs: number): void {
    this.#ports.wire.send(this.#packet, undefined);
    this.#timer = this.#ports.clock.after(nextMs, () => this.#ask(Math.min(nextMs * ASK_FACTOR, LAN_ASK_LAST_MS)));
  }

  stop(): void {
    this.#timer?.cancel();
    this.#stopped();
  }
}
