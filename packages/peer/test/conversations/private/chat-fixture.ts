import type { SendResult } from "@papo/link";
import type { VirtualClock } from "@papo/link/memory";
import {
  type AccountKey,
  type DeviceKey,
  type Outcome,
  type Username,
  accountKey,
  deviceKey,
  fault,
  username,
} from "@papo/protocol";
import * as v from "valibot";
import type { Message, PeerEvent } from "../../../src/api.ts";
import { KeptPrivateChats } from "../../../src/conversations/private/kept-private-chats.ts";
import type { PrivateLink, PrivateSays } from "../../../src/conversations/private/private-link.ts";
import { MemoryHistory, type MemoryHistoryOptions } from "../../../src/storage/history/memory/memory-history.ts";

function keyText(tag: string): string {
  return Buffer.alloc(32, tag).toString("base64url");
}
export const accountOf = (tag: string): AccountKey => v.parse(accountKey, keyText(`account ${tag}`));
export const deviceOf = (tag: string): DeviceKey => v.parse(deviceKey, keyText(`device ${tag}`));
const named = (name: string): Username => v.parse(username, name);

export function expectOk<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(`${outcome.fault.code}: ${outcome.fault.detail}`);
  return outcome.value;
}

/** One device of one account: what it keeps, and what was shown on its screen since it last started. */
export class Device {
  readonly name: Username;
  readonly account: AccountKey;
  device: DeviceKey;
  history: MemoryHistory;
  chats: KeptPrivateChats;
  events: PeerEvent[] = [];
  acquainted = true;
  tellsRead = false;
  readonly ignored = new Set<Username>();
  /** What was handed to the disk, whether it took it or not. */
  commits = 0;
  readonly distrusted = new Set<AccountKey>();
  readonly links = new Set<End>();
  readonly clock: VirtualClock;
  readonly #devicesOf: (account: AccountKey) => readonly DeviceKey[];

  constructor(options: {
    readonly name: string;
    readonly device?: string;
    readonly clock: VirtualClock;
    readonly history?: MemoryHistoryOptions;
    readonly devicesOf?: (account: AccountKey) => readonly DeviceKey[];
  }) {
    this.name = named(options.name);
    this.account = accountOf(options.name);
    this.device = deviceOf(options.device ?? options.name);
    this.clock = options.clock;
    this.#devicesOf = options.devicesOf ?? (() => []);
    const fails = options.history?.fails ?? (() => false);
    this.history = new MemoryHistory({
      ...options.history,
      fails: (changes) => {
        this.commits += 1;
        return fails(changes);
      },
    });
    this.chats = this.#open();
  }

  #open(): KeptPrivateChats {
    return new KeptPrivateChats({
      clock: this.clock,
      history: this.history,
      self: { username: this.name, account: this.account, device: this.device },
      emit: (event) => this.events.push(event),
      linksTo: (account) => [...this.links].filter((link) => link.account === account && link.isOpen && link.isCurrent),
      isTrusted: (link) => !this.distrusted.has(link.account),
      devicesOf: this.#devicesOf,
      isAcquainted: () => this.acquainted,
      whyHeld: (_name, account) =>
        this.distrusted.has(account) ? fault("identity_changed", "another key") : fault("peer_offline", "not online"),
      tellsRead: () => this.tellsRead,
      isIgnored: (name) => this.ignored.has(name),
      contactOpened: () => {},
    });
  }

  /** The process ends where it stands and starts again; `kept` of the commits under way reached the disk. */
  async restart(kept = 0, options?: MemoryHistoryOptions): Promise<void> {
    for (const link of [...this.links]) link.cut();
    this.chats.stop();
    this.history = this.history.crash(kept, options);
    this.events = [];
    this.chats = this.#open();
    await this.chats.start();
  }

  send(to: Device, text: string): Promise<Outcome<Message>> {
    return this.chats.send({ username: to.name, account: to.account }, text);
  }

  /** What stands on the screen. */
  texts(other: Device): readonly string[] {
    const texts: string[] = [];
    for (const line of this.chats.lines(other.name)) texts.push(line.text);
    return texts;
  }

  told(kind: PeerEvent["kind"]): readonly PeerEvent[] {
    return this.events.filter((event) => event.kind === kind);
  }

  lastDelivery(): Message["delivery"] | undefined {
    const last = this.events.findLast(
      (event) => event.kind === "delivery" || (event.kind === "message" && event.message.own),
    );
    return last?.kind === "delivery" || last?.kind === "message" ? last.message.delivery : undefined;
  }
}

/** One device's end of a link. What it says waits in `wire` until the test lets it through. */
export class End implements PrivateLink {
  readonly account: AccountKey;
  readonly device: DeviceKey;
  readonly party: { readonly username: Username };
  readonly owner: Device;
  readonly wire: PrivateSays[] = [];
  other: End | undefined;
  isOpen = true;
  isCurrent = true;

  constructor(owner: Device, far: Device) {
    this.owner = owner;
    this.account = far.account;
    this.device = far.device;
    this.party = { username: far.name };
  }

  tellPrivate(said: PrivateSays): SendResult {
    if (!this.isOpen) return "closed";
    this.wire.push(structuredClone(said));
    return "sent";
  }

  /** The far end hears the oldest thing that was said. False when there was nothing. */
  deliver(): boolean {
    const said = this.wire.shift();
    if (said === undefined || this.other === undefined || !this.other.isOpen) return false;
    this.other.owner.chats.heard(this.other, said);
    return true;
  }

  /** Both ends are gone, with everything on the way. */
  cut(): void {
    for (const end of [this, this.other]) {
      if (end === undefined || !end.isOpen) continue;
      end.isOpen = false;
      end.wire.length = 0;
      end.owner.links.delete(end);
      end.owner.chats.linkClosed(end);
    }
  }
}

/** A link between two devices; one that stands already stays open to be read, and is not written on any more. */
export function connect(one: Device, two: Device): readonly [End, End] {
  const ends = [new End(one, two), new End(two, one)] as const;
  ends[0].other = ends[1];
  ends[1].other = ends[0];
  for (const end of ends) {
    for (const older of end.owner.links) if (older.device === end.device) older.isCurrent = false;
    end.owner.links.add(end);
  }
  for (const end of ends) end.owner.chats.linkOpened(end);
  return ends;
}

/** Lets everything be said and heard, in order, until nothing moves. */
export async function settle(...devices: readonly Device[]): Promise<void> {
  for (let isMoving = true; isMoving; ) {
    isMoving = false;
    for (const device of devices) for (const link of device.links) while (link.deliver()) isMoving = true;
    const [first] = devices;
    await first?.clock.settle();
    for (const device of devices) for (const link of device.links) isMoving ||= link.wire.length > 0;
  }
}
