import { cp, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { systemClock, systemRandom, tcpNetwork } from "@papo/link";
import { type Message, type PeerApi, type PeerEvent, type Room, openPeer } from "@papo/peer";
import { type Outcome, type Username, decodeWith, username } from "@papo/protocol";
import { EXPECT_TIMEOUT_MS } from "@papo/testing";
import { type Tracker, createTrackerIdentity, openMemoryStore, startTracker } from "@papo/tracker";

export const PASSWORD = "correct horse battery";

export function must<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw new Error(`${outcome.fault.code}: ${outcome.fault.detail}`);
}

export function named(name: string): Username {
  return must(decodeWith(username, name));
}

/** A tracker in this process and engines with real files, over real sockets. Everything is put away with the test. */
export class TrustRig {
  readonly tracker: Tracker;
  readonly folder: string;
  readonly #t: TestContext;

  private constructor(t: TestContext, folder: string, tracker: Tracker) {
    this.#t = t;
    this.folder = folder;
    this.tracker = tracker;
  }

  static async create(t: TestContext): Promise<TrustRig> {
    const folder = await mkdtemp(join(tmpdir(), "papo-trust-"));
    t.after(() => rm(folder, { recursive: true, force: true }));
    const started = await startTracker({
      ...{ network: tcpNetwork(systemClock), clock: systemClock, identity: createTrackerIdentity() },
      ...{ repositories: openMemoryStore(), host: "127.0.0.1", port: 0, log: { event: () => undefined } },
      pingIntervalSeconds: 600,
    });
    const tracker = must(started);
    t.after(() => tracker.drain());
    return new TrustRig(t, folder, tracker);
  }

  /** An engine on the profile of that name, nobody logged in. */
  async open(profile: string, port = this.tracker.port): Promise<Someone> {
    const clock = systemClock;
    const opened = must(
      await openPeer({
        ...{ profile: this.at(profile), network: tcpNetwork(clock), clock, random: systemRandom },
        tracker: { dialect: "papo", host: "127.0.0.1", port, key: this.tracker.key },
        allowPlaintext: false,
      }),
    );
    const someone = new Someone(opened);
    this.#t.after(() => opened.close());
    return someone;
  }

  async register(name: string, profile = name): Promise<Someone> {
    const someone = await this.open(profile);
    must(await someone.api.register({ username: named(name), password: PASSWORD }));
    return someone;
  }

  async resume(name: string, profile = name): Promise<Someone> {
    const someone = await this.open(profile);
    must(await someone.api.resume(named(name)));
    return someone;
  }

  /** Starts while the tracker cannot be reached: such a start counts, and nobody hears of it. */
  async startInVain(name: string, profile: string): Promise<void> {
    const someone = await this.open(profile, 1);
    // A password is for the tracker alone: with the key the account would be open without one.
    const answer = await someone.api.logIn({ username: named(name), password: PASSWORD });
    if (answer.ok) throw new Error("expected no tracker");
    await someone.api.close();
  }

  at(name: string): string {
    return join(this.folder, name);
  }

  async copy(from: string, to: string): Promise<void> {
    await rm(this.at(to), { recursive: true, force: true });
    await cp(this.at(from), this.at(to), { recursive: true });
  }

  /** The folder of the one account in a profile. */
  async accountFolder(profile: string): Promise<string> {
    const accounts = join(this.at(profile), "accounts");
    const [only] = (await readdir(accounts)).filter((name) => !name.startsWith("."));
    if (only === undefined) throw new Error("no account");
    return join(accounts, only);
  }
}

/** An engine with what it has told so far. */
export class Someone {
  readonly api: PeerApi;
  readonly events: PeerEvent[] = [];
  readonly #waiting = new Set<() => void>();

  constructor(api: PeerApi) {
    this.api = api;
    api.subscribe((event) => {
      this.events.push(event);
      for (const look of this.#waiting) look();
    });
  }

  /** Waits until something holds; looked at after every event, and now and then. */
  until(what: string, holds: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const deadlineMs = systemClock.monotonicMs() + EXPECT_TIMEOUT_MS;
      const settle = (settled: () => void): void => {
        this.#waiting.delete(look);
        timer.cancel();
        settled();
      };
      const look = (): void => {
        if (holds()) settle(resolve);
        else if (systemClock.monotonicMs() > deadlineMs)
          settle(() => reject(new Error(`${this.api.self}: waited in vain for ${what}\n${this.#lately()}`)));
      };
      const again = (): void => {
        timer = systemClock.after(200, () => {
          again();
          look();
        });
      };
      let timer = systemClock.after(0, () => undefined);
      again();
      this.#waiting.add(look);
      look();
    });
  }

  #lately(): string {
    return this.events
      .slice(-30)
      .map((event) => JSON.stringify(event).slice(0, 300))
      .join("\n");
  }

  count(kind: PeerEvent["kind"]): number {
    return this.events.filter((event) => event.kind === kind).length;
  }

  /** What stands on the screen of a room, notices left out. */
  shown(room: Room["id"]): readonly Message[] {
    const page = this.api.history({ kind: "room", id: room }, { limit: 100 });
    return page.ok ? page.value.messages.filter(({ kept }) => kept?.notice === null || kept === undefined) : [];
  }

  texts(room: Room["id"]): readonly string[] {
    return this.shown(room).map(({ author, content }) => `${author}: ${content}`);
  }

  async say(room: Room["id"], text: string): Promise<Message> {
    return must(await this.api.send({ kind: "room", id: room }, text));
  }

  async whisper(to: string, text: string): Promise<Message> {
    return must(await this.api.send({ kind: "private", username: named(to) }, text));
  }

  whispers(to: string): readonly string[] {
    const page = this.api.history({ kind: "private", username: named(to) }, { limit: 100 });
    return page.ok ? page.value.messages.map(({ author, content }) => `${author}: ${content}`) : [];
  }

  async sees(room: Room["id"], texts: readonly string[]): Promise<void> {
    await this.until(`${texts.join(" | ")} instead of ${this.texts(room).join(" | ")}`, () => {
      const shown = new Set(this.texts(room));
      return shown.size === texts.length && texts.every((text) => shown.has(text));
    });
  }

  devices(of: string): readonly { readonly device: string; readonly revoked: boolean; readonly own: boolean }[] {
    const listed = this.api.devices(named(of));
    return listed.ok
      ? listed.value.map(({ device, revoked, own }) => ({ device, revoked: revoked !== null, own }))
      : [];
  }

  isLinkedTo(name: string): boolean {
    return this.api.diagnostics().links.some((link) => link.username === name);
  }

  standing(room: Room["id"]): string | undefined {
    return this.api.room(room)?.log?.standing;
  }
}
