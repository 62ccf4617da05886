import { type Link, type Network, type OpenedStatement, createTlsIdentity, timestampOf } from "@papo/link";
import { MemoryNetwork, VirtualClock, seededRandom } from "@papo/link/memory";
import {
  type Outcome,
  PEER_ALPN,
  PEER_LINK_QUEUE_BYTES_MAX,
  type PasswordHash,
  type RoomId,
  type RoomName,
  type Username,
  passwordHash,
  roomName,
  succeed,
  username,
} from "@papo/protocol";
import * as v from "valibot";
import type { Conversation, Message, PeerEvent, Room } from "../src/api.ts";
import { NamePins } from "../src/identity/name-pins.ts";
import { nextStatement } from "../src/identity/next-statement.ts";
import { type OwnKeys, createDeviceKeys, createKeys, firstStatement } from "../src/identity/own-account.ts";
import { HistorySettings } from "../src/storage/history/history-settings.ts";
import { MemoryHistory } from "../src/storage/history/memory/memory-history.ts";
import { EpochWatch } from "../src/identity/epochs.ts";
import { PinKeeper, type PinStore } from "../src/identity/pin-keeper.ts";
import { LiveAccount, type LiveAccountPorts } from "../src/live-account.ts";
import { type Credentials, openPapoLine } from "../src/tracker-session/open-line.ts";
import { FakeTracker } from "./fake-tracker-fixture.ts";

const TRACKER_HOST = "10.0.0.1";
export const HASH: PasswordHash = v.parse(passwordHash, "0".repeat(64));

export function named(name: string): Username {
  return v.parse(username, name);
}

export function roomNamed(name: string): RoomName {
  return v.parse(roomName, name);
}

/** The value, or the fault as a test's failure. */
export function expectOk<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(`${outcome.fault.code}: ${outcome.fault.detail}`);
  return outcome.value;
}

/** Keys cost time to make, so tests of one file share them by name. */
const keysByName = new Map<string, { readonly keys: OwnKeys; readonly statement: OpenedStatement }>();

export function keysFor(name: string): { readonly keys: OwnKeys; readonly statement: OpenedStatement } {
  const known = keysByName.get(name);
  if (known !== undefined) return known;
  const keys = createKeys();
  const made = { keys, statement: firstStatement(keys, new VirtualClock()) };
  keysByName.set(name, made);
  return made;
}

/** The account gets a second device: from now on `NAME again` is the first one under the newer statement, and `NAME tablet` is the other. */
export function addTablet(name: string): void {
  const { keys, statement } = keysFor(name);
  const tablet = createDeviceKeys(keys.root);
  const newer = expectOk(nextStatement(keys.root, statement, { add: [tablet], at: timestampOf(new VirtualClock()) }));
  keysByName.set(`${name} again`, { keys, statement: newer });
  keysByName.set(`${name} tablet`, { keys: tablet, statement: newer });
}

export const NO_FILE: PinStore = { path: "memory", write: () => Promise.resolve(succeed("memory")) };

export const NO_SETTINGS = {
  setting: () => undefined,
  keep: () => Promise.resolve({ ok: true, value: undefined } as const),
};

/** One account on one host of the memory network, with everything that happened to it. */
export class Person {
  readonly name: Username;
  readonly host: string;
  readonly live: LiveAccount;
  readonly pins: NamePins;
  readonly events: PeerEvent[] = [];
  readonly history: MemoryHistory;
  /** Every place to which this program opened a connection, and how. */
  readonly tried: string[] = [];

  constructor(world: World, name: string, options: PersonOptions) {
    this.name = named(name);
    const { before } = options;
    this.host = options.host ?? before?.host ?? world.nextHost();
    this.pins = options.pins ?? before?.pins ?? new NamePins();
    this.history = options.history ?? before?.history ?? new MemoryHistory();
    const { clock, random, tracker } = world;
    const { keys, statement } = keysFor(options.keys ?? name);
    const network = watched(options.live?.network ?? world.network.host(this.host), this.tried);
    const kind = options.logIn ?? (tracker.accountByName.has(this.name) ? "password" : "register");
    const credentials: Credentials = before === undefined ? { kind, hash: HASH } : { kind: "key" };
    this.live = new LiveAccount({
      ...{ epochs: new EpochWatch(NO_SETTINGS), copied: () => this.events.push({ kind: "copied" }) },
      ...{ history: this.history, settings: new HistorySettings(this.history) },
      trackerAddress: () => ({ dialect: "papo", host: TRACKER_HOST, port: 6060, key: undefined }),
      ...{ network, clock, random },
      own: { username: this.name, keys, statement, binding: before?.live.own.binding ?? null },
      withoutTracker: before === undefined ? "no" : (options.withoutTracker ?? "greets"),
      loggedIn: () => {},
      opened: () => {},
      pins: new PinKeeper(this.pins, options.pinStore ?? NO_FILE, {
        clock,
        onProblem: (problem) => this.events.push({ kind: "problem", problem }),
      }),
      trackerKey: tracker.key.publicKey,
      allowPlaintext: options.allowPlaintext ?? false,
      hideAddress: options.hideAddress,
      listen: {},
      emit: (event) => this.events.push(event),
      openLine: ({ own, first, listenFor }, signal) =>
        openPapoLine(
          { network, clock },
          {
            address: { dialect: "papo", host: TRACKER_HOST, port: 6060, key: undefined },
            expectedKey: tracker.key.publicKey,
            ...{ own, listenFor, signal, allowPlaintext: options.allowPlaintext ?? false },
            credentials: first ? credentials : { kind: "key" },
          },
        ),
      ...{ ...options.live, network },
    });
  }

  of<K extends PeerEvent["kind"]>(kind: K): readonly Extract<PeerEvent, { kind: K }>[] {
    return this.events.filter((event): event is Extract<PeerEvent, { kind: K }> => event.kind === kind);
  }

  /** What others said, in the order in which it was shown. */
  get heard(): readonly string[] {
    return this.of("message")
      .filter(({ message }) => !message.own && (message.kept?.notice ?? null) === null)
      .map(({ message }) => message.content);
  }

  async say(room: Room, content: string): Promise<Message> {
    return expectOk(await this.live.send({ kind: "room", id: room.id }, content));
  }

  async whisper(to: string, content: string): Promise<Message> {
    return expectOk(await this.live.send({ kind: "private", username: named(to) }, content));
  }

  /** The own message as it stands now. */
  now(message: Message): Message {
    const found = this.live.messages(message.conversation).find(({ id }) => id === message.id);
    if (found === undefined) throw new Error("no such message");
    return found;
  }

  isLinked(to: string): boolean {
    return this.live.reach(named(to)).kind === "linked";
  }
}

export type PersonOptions = {
  /** What this one has otherwise than the others; its network is watched all the same. */
  readonly live?: Partial<LiveAccountPorts>;
  readonly host?: string;
  readonly keys?: string;
  readonly pins?: NamePins;
  /** The same device's earlier run: what it has kept of it is here again, and it may begin without a tracker. */
  readonly before?: Person;
  readonly withoutTracker?: "waits" | "greets";
  /** What this device has kept from an earlier run. */
  readonly history?: MemoryHistory;
  readonly pinStore?: PinStore;
  readonly allowPlaintext?: boolean;
  readonly hideAddress?: boolean;
  readonly logIn?: "password" | "new_identity";
};

/** The same network, noting down where it is asked to go: `dial 10.0.0.1:6060`. */
function watched(network: Network, tried: string[]): Network {
  const noted = <T extends { readonly host: string; readonly port: number }>(how: string, options: T): T => {
    tried.push(`${how} ${options.host}:${options.port}`);
    return options;
  };
  return {
    listen: (options) => network.listen(options),
    dial: (options) => network.dial(noted("dial", options)),
    relayed: (options) => network.relayed(noted("relay", options)),
    punched: (options) => network.punched(noted("punch", options)),
    rendezvous: (options) => network.rendezvous(noted("meet", options)),
  };
}

/** A tracker and people in memory, on a clock that only moves when the test says so. */
export class World {
  readonly clock = new VirtualClock();
  readonly random;
  readonly network: MemoryNetwork;
  readonly tracker: FakeTracker;
  #hosts = 1;

  private constructor(seed: number) {
    this.random = seededRandom(seed);
    this.network = new MemoryNetwork(this.clock, this.random);
    this.tracker = new FakeTracker(this.network.host(TRACKER_HOST));
    this.tracker.keptAlive = this.clock;
    this.tracker.calls.clock = this.clock;
  }

  static async create(seed = 1): Promise<World> {
    const world = new World(seed);
    await world.tracker.listen();
    return world;
  }

  nextHost(): string {
    this.#hosts += 1;
    return `10.0.0.${this.#hosts}`;
  }

  async person(name: string, options: PersonOptions = {}): Promise<Person> {
    const person = new Person(this, name, options);
    expectOk(await this.run(person.live.start()));
    return person;
  }

  /** Moves time on until the promise settles. */
  async run<T>(promise: Promise<T>): Promise<T> {
    let isDone = false;
    void promise.finally(() => (isDone = true)).catch(() => undefined);
    await this.clock.runUntil(() => isDone);
    return promise;
  }

  until(condition: () => boolean): Promise<void> {
    return this.clock.runUntil(condition);
  }

  /** These people in one room of their own, all linked with each other. */
  async room(
    people: readonly Person[],
    how: { readonly name?: string; readonly kind?: "open" | "plain" } = {},
  ): Promise<Room> {
    const { name = "TESTE", kind = "open" } = how;
    const [first, ...others] = people;
    if (first === undefined) throw new Error("a room needs somebody");
    const room = expectOk(await this.run(first.live.rooms.create({ name, kind })));
    for (const person of others) expectOk(await this.run(person.live.rooms.join(name)));
    await this.until(() => allLinked(people) && people.every((person) => isWholeFor(person, room.id, people.length)));
    return expectOk(succeed(first.live.rooms.one(room.id) ?? room));
  }
}

/** Everybody is in it, by its log where it has one. */
function isWholeFor(person: Person, id: RoomId, count: number): boolean {
  const room = person.live.rooms.one(id);
  return room?.memberCount === count && (room.log?.standing ?? "member") === "member";
}

export function allLinked(people: readonly Person[]): boolean {
  return people.every((one) => people.every((other) => one === other || one.isLinked(other.name)));
}

/** How many members have confirmed it. */
export function receivedBy(person: Person, message: Message): number {
  const { delivery } = person.now(message);
  return delivery?.kind === "sent" ? delivery.received : 0;
}

export function inRoom(id: RoomId): Conversation {
  return { kind: "room", id };
}

/** A program that is not ours, at some host: it dials and listens, and a test says what it says. */
export class Stranger {
  readonly network: Network;
  readonly identity;

  constructor(world: World, host: string, identity = createTlsIdentity()) {
    this.network = world.network.host(host);
    this.identity = identity;
  }

  get settings(): { identity: ReturnType<typeof createTlsIdentity>; alpn: string; queueBytesMax: number } {
    return { identity: this.identity, alpn: PEER_ALPN, queueBytesMax: PEER_LINK_QUEUE_BYTES_MAX };
  }

  async dial(person: Person, dialect: "papo" | "seed"): Promise<Talk> {
    const { port } = person.live.listening ?? { port: 0 };
    const link = await this.network.dial({ ...this.settings, host: person.host, port, dialect, timeoutMs: 1_000 });
    return new Talk(expectOk(link));
  }

  async listen(dialect: "papo" | "seed", onTalk: (talk: Talk) => void, port = 0): Promise<number> {
    const listening = await this.network.listen({
      ...this.settings,
      host: "::",
      port,
      dialects: [dialect],
      onLink: (link) => onTalk(new Talk(link)),
    });
    return expectOk(listening).port;
  }
}

/** What came over one link, as text. */
export class Talk {
  readonly link: Link;
  readonly heard: string[] = [];
  ended: string | undefined;

  constructor(link: Link) {
    this.link = link;
    link.start({
      message: ({ payload }) => this.heard.push(Buffer.from(payload).toString("utf8")),
      closed: (reason) => (this.ended = reason.code),
    });
  }

  say(message: object): void {
    this.link.sendJson(message);
  }
}
