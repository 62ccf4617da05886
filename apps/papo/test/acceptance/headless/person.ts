import assert from "node:assert/strict";
import { systemClock } from "@papo/link";
import type { Conversation, HistoryCursor, Message } from "@papo/peer";
import { decodeWith, HISTORY_PAGE_MAX, newUsername, type Username } from "@papo/protocol";
import type { FaultProxy, TemporaryHome } from "@papo/testing";
import { must } from "../engines.ts";
import { HeadlessPeer } from "./headless-peer.ts";
import { type Ledger, ScreenWatch } from "./ledger.ts";
import type { RestartingTracker } from "./restarting-tracker.ts";

/** Before somebody tries again who was told that the tracker is not there. */
const SECOND_TRY_MS = 100;

/** What a tracker that is killed makes of a login: one that dies in the middle of a handshake looks like no Papo. */
const MAYBE_LATER: ReadonlySet<string> = new Set([
  "tracker_unreachable",
  "unreachable",
  "timeout",
  "closed",
  "unsupported",
]);

/** What must never be told of people who only died. */
const ACCUSATIONS: ReadonlySet<string> = new Set(["copied", "forked", "key-changed", "name-conflict"]);

/** Somebody whose program is killed and started again, as often as it takes. */
export class Person {
  readonly name: Username;
  readonly home: TemporaryHome;
  /** The way to the tracker, the same for all runs. */
  readonly trackerProxy: FaultProxy;
  readonly #address: string;
  readonly #tracker: RestartingTracker;
  /** That somebody is a copy, a thief or another person: nobody here is. */
  readonly accusations: string[] = [];
  readonly #screens: ScreenWatch[] = [];
  /** Their proxies outlive them: what was on its way when they died arrives. */
  readonly #runs: HeadlessPeer[] = [];
  #peer: HeadlessPeer;
  #numbers = new Map<string, number>();

  private constructor(parts: {
    readonly name: Username;
    readonly home: TemporaryHome;
    readonly tracker: RestartingTracker;
    readonly way: { readonly proxy: FaultProxy; readonly address: string };
  }) {
    this.name = parts.name;
    this.home = parts.home;
    this.#tracker = parts.tracker;
    this.trackerProxy = parts.way.proxy;
    this.#address = parts.way.address;
    this.#peer = this.#begin();
  }

  static async register(text: string, home: TemporaryHome, tracker: RestartingTracker): Promise<Person> {
    const name = must(decodeWith(newUsername, text));
    await using undo = new AsyncDisposableStack();
    const person = undo.use(new Person({ name, home, tracker, way: await tracker.behindProxy() }));
    await person.peer.must("register", { username: name, password: "segredo" });
    undo.move();
    return person;
  }

  /** How often the program was started. */
  get run(): number {
    return this.#runs.length;
  }

  get peer(): HeadlessPeer {
    return this.#peer;
  }

  /** What any of its screens showed and should not have. */
  complaints(ledger: Ledger): readonly string[] {
    return [...this.accusations, ...this.#screens.flatMap((screen) => screen.complaints(ledger))];
  }

  /** Starts the program; nobody is logged in yet. */
  start(): HeadlessPeer {
    assert.ok(this.#peer.hasEnded, `${this.name} still runs`);
    this.#peer = this.#begin();
    return this.#peer;
  }

  /** Logs in as often as it takes. False: it was killed meanwhile. */
  async resume(): Promise<boolean> {
    for (const { peer } = this; ; ) {
      const resumed = await peer.call("resume", this.name);
      if (resumed === undefined) return false;
      if (resumed.ok) return true;
      assert.ok(MAYBE_LATER.has(resumed.fault.code), JSON.stringify(resumed));
      await this.#tracker.up;
      await new Promise<void>((resolve) => systemClock.after(SECOND_TRY_MS, resolve));
    }
  }

  /** Says the next text of this conversation; true when it is known to be on disk. */
  async say(ledger: Ledger, where: string, to: Conversation): Promise<boolean> {
    const number = (this.#numbers.get(where) ?? 0) + 1;
    this.#numbers.set(where, number);
    const text = ledger.ask({ author: this.name, where, run: this.run, number });
    const sent = await this.#peer.call("send", to, text);
    if (sent !== undefined) ledger.settle(text, sent.ok ? "stored" : "refused");
    return sent?.ok === true;
  }

  /** All of a conversation, oldest first. */
  async history(of: Conversation): Promise<readonly Message[]> {
    const pages: (readonly Message[])[] = [];
    let before: HistoryCursor | null = null;
    do {
      const from: object = before === null ? {} : { before };
      const page = await this.#peer.must("history", of, { limit: HISTORY_PAGE_MAX, ...from });
      pages.unshift(page.messages);
      before = page.before;
    } while (before !== null);
    return pages.flat();
  }

  /** Every proxy that leads to this person's present run, and the one that leads to the tracker. */
  get proxies(): readonly FaultProxy[] {
    return [this.trackerProxy, ...this.#peer.proxies];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const peer of this.#runs) await peer[Symbol.asyncDispose]();
  }

  #begin(): HeadlessPeer {
    this.#numbers = new Map();
    const peer = new HeadlessPeer({ home: this.home, profile: this.name, tracker: this.#address });
    this.#runs.push(peer);
    const screen = new ScreenWatch(`${this.name}, run ${this.run}`);
    this.#screens.push(screen);
    peer.listen((event) => {
      if (ACCUSATIONS.has(event.kind)) this.accusations.push(`${this.name} is told: ${JSON.stringify(event)}`);
      if (event.kind === "message") screen.shows(event.message);
    });
    return peer;
  }
}
