import type { Clock, LanActivity, LanDiscovery, LanPeer, Timer } from "@papo/link";
import { type DeviceAddress, type DeviceKey, LAN_HINT_WINDOW_MS, type Outcome } from "@papo/protocol";
import { KnownHints } from "./known-hints.ts";
import { lanHint, lanWindowAt } from "./lan-hint.ts";
import { LanSightings } from "./lan-sightings.ts";

/** Opens the way into the local network. Whoever opened it closes it. */
export type LanOpener = () => Promise<Outcome<LanDiscovery>>;

export type LanPresencePorts = {
  readonly clock: Clock;
  readonly open: LanOpener;
  readonly self: () => DeviceKey;
  /** Devices that are to be known again: of members of our rooms and of people whom we have met. */
  readonly knownDevices: () => Iterable<DeviceKey>;
  /** A device of theirs says that it is in this network, or (undefined) does so no more. Whether it is, its key has to show. */
  readonly seen: (device: DeviceKey, place: DeviceAddress | undefined) => void;
};

/** This device in the local network: says that it is there to those who know it, and sees those whom it knows. docs/protocol/lan.md §3 */
export class LanPresence {
  readonly #ports: LanPresencePorts;
  readonly #hints: KnownHints;
  readonly #sightings = new LanSightings();
  #opening: Promise<LanDiscovery | undefined> | undefined;
  #discovery: LanDiscovery | undefined;
  /** Where we accept links from other machines; undefined: nowhere, and nothing is announced. */
  #port: number | undefined;
  #announcement: LanActivity | undefined;
  #search: LanActivity | undefined;
  #timer: Timer | undefined;
  #window = 0;
  #isStopped = false;

  constructor(ports: LanPresencePorts) {
    this.#ports = ports;
    this.#hints = new KnownHints(ports.knownDevices);
  }

  /** Looks for those whom we know, and where others can reach us at a port, says so. Again with another port: as it is now. */
  async start(port: number | undefined): Promise<void> {
    if (this.#isStopped || (this.#opening !== undefined && this.#port === port)) return;
    this.#port = port;
    const discovery = await (this.#opening ??= this.#open());
    if (discovery === undefined || this.#port !== port || this.#isOver()) return;
    this.#search ??= discovery.findPeers((peer) => this.#found(peer));
    this.#turn();
  }

  async #open(): Promise<LanDiscovery | undefined> {
    const opened = await this.#ports.open();
    if (!opened.ok) return undefined;
    this.#discovery = opened.value;
    return opened.value;
  }

  #isOver(): boolean {
    return this.#isStopped;
  }

  peopleChanged(): void {
    this.#hints.peopleChanged();
  }

  /** Another network, or the machine has slept: asks and says everything at once. */
  networkChanged(): void {
    if (this.#isStopped || this.#discovery === undefined) return;
    this.#sightings.clear();
    this.#search?.stop();
    this.#search = this.#discovery.findPeers((peer) => this.#found(peer));
    this.#turn();
  }

  /** Gives the network back; what is under way is waited for. Idempotent. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#timer?.cancel();
    const discovery = await this.#opening;
    await discovery?.close();
  }

  /** With each window comes another hint. */
  #turn(): void {
    const { clock, self, seen } = this.#ports;
    const wallMs = clock.wallMs();
    const window = lanWindowAt(wallMs);
    if (window !== this.#window) for (const device of this.#sightings.turn()) seen(device, undefined);
    this.#window = window;
    this.#announcement?.stop();
    this.#announcement =
      this.#port === undefined
        ? undefined
        : this.#discovery?.announcePeer({ port: this.#port, hint: lanHint(self(), window) });
    this.#timer?.cancel();
    this.#timer = clock.after(LAN_HINT_WINDOW_MS - (wallMs % LAN_HINT_WINDOW_MS), () => this.#turn());
  }

  #found({ hint, address, port }: LanPeer): void {
    const { clock, self, seen } = this.#ports;
    const device = this.#hints.deviceOf(hint, lanWindowAt(clock.wallMs()));
    if (device === undefined || device === self() || this.#isStopped) return;
    if (this.#sightings.isNews(device, { address, port }, clock.monotonicMs())) seen(device, { address, port });
  }
}
