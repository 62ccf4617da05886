import { type Clock, type Listener, type Network, type Timer, systemClock, systemRandom, tcpNetwork } from "@papo/link";
import { openPeer, type PeerApi, type PeerEvent } from "@papo/peer";
import { decodeWith, fail, newUsername, parseTrackerAddress, succeed } from "@papo/protocol";
import { EXPECT_TIMEOUT_MS, FaultProxy, type TemporaryHome } from "@papo/testing";

// Engines in the test's own process, over real sockets: for what a screen cannot show, such as the bytes of a link.

/** How often a hurried clock looks what is due, and what a look that came late counts at most, in real milliseconds. */
const TURN_MS = 5;
const LATE_TURN_MS = 20;

type Due = { readonly atMs: number; readonly callback: () => void };

/**
 * Time that can be made to run faster: what takes 45 s takes a few, on real sockets all the same. It passes only while this process has its turn: a busy
 * machine that lets us wait takes nothing from what anybody may take to answer.
 */
export class HurriedClock implements Clock {
  /** Nothing is hurried before everybody is there: other processes know nothing of this clock. */
  factor = 1;
  readonly #waiting = new Set<Due>();
  #nowMs = 0;
  #lookedMs = systemClock.monotonicMs();
  #isTicking = false;

  wallMs(): number {
    return systemClock.wallMs();
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, callback: () => void): Timer {
    const due = { atMs: this.#nowMs + Math.max(0, delayMs), callback };
    this.#waiting.add(due);
    this.#tick();
    return { cancel: () => void this.#waiting.delete(due) };
  }

  #tick(): void {
    if (this.#isTicking || this.#waiting.size === 0) return;
    this.#isTicking = true;
    systemClock.after(TURN_MS, () => {
      this.#isTicking = false;
      this.#look();
      this.#tick();
    });
  }

  #look(): void {
    const realMs = systemClock.monotonicMs();
    this.#nowMs += Math.min(realMs - this.#lookedMs, LATE_TURN_MS) * this.factor;
    this.#lookedMs = realMs;
    const due = [...this.#waiting]
      .filter(({ atMs }) => atMs <= this.#nowMs)
      .toSorted((one, two) => one.atMs - two.atMs);
    // One of them may cancel another.
    for (const each of due) if (this.#waiting.delete(each)) each.callback();
  }
}

/** A network in which every connection that we accept or dial passes a proxy of its own. */
export class ProxiedNetwork implements Network {
  readonly #proxies: FaultProxy[] = [];
  readonly #inner: Network;

  constructor(clock: Clock = systemClock) {
    this.#inner = tcpNetwork(clock);
  }

  readonly dial: Network["dial"] = async (options) => {
    const { host, port } = options;
    const proxy = await FaultProxy.before({ host, port });
    this.#proxies.push(proxy);
    return this.#inner.dial({ ...options, host: "127.0.0.1", port: proxy.port });
  };

  // Nothing here goes a way that was not looked at: no relay, no punching.
  readonly relayed: Network["relayed"] = async () => fail("unsupported", "only what passes the proxies");
  readonly punched: Network["punched"] = async () => fail("unsupported", "only what passes the proxies");
  readonly rendezvous: Network["rendezvous"] = async () => fail("unsupported", "only what passes the proxies");

  readonly listen: Network["listen"] = async (options) => {
    const opened = await this.#inner.listen(options);
    if (!opened.ok) return opened;
    const proxy = await FaultProxy.before({ host: "127.0.0.1", port: opened.value.port });
    this.#proxies.push(proxy);
    return succeed(behind(proxy, opened.value));
  };

  /** All but those that lead to this port, which is the tracker's. */
  linkProxies(trackerPort: number): readonly FaultProxy[] {
    return this.#proxies.filter(({ target }) => target.port !== trackerPort);
  }

  /** Those that lead to this port, which is the tracker's. */
  trackerProxies(trackerPort: number): readonly FaultProxy[] {
    return this.#proxies.filter(({ target }) => target.port === trackerPort);
  }

  /** All bytes of all links with peers, both ways. */
  captured(trackerPort: number): Buffer {
    return Buffer.concat(
      this.linkProxies(trackerPort).flatMap((proxy) => [proxy.captured("up"), proxy.captured("down")]),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const proxy of this.#proxies) await proxy[Symbol.asyncDispose]();
  }
}

function behind(proxy: FaultProxy, listener: Listener): Listener {
  return {
    host: listener.host,
    port: proxy.port,
    get openSockets() {
      return listener.openSockets;
    },
    close: () => listener.close(),
  };
}

export type EngineOptions = {
  readonly home: TemporaryHome;
  readonly address: string;
  readonly network?: Network;
  readonly clock?: Clock;
};

/** An engine with what it has told so far. */
export class Engine {
  readonly api: PeerApi;
  readonly events: PeerEvent[] = [];
  #changed: () => void = () => {};

  private constructor(api: PeerApi) {
    this.api = api;
    api.subscribe((event) => {
      this.events.push(event);
      this.#changed();
    });
  }

  /** Each engine has a profile of its own, named `profile`. */
  static async open(profile: string, options: EngineOptions): Promise<Engine> {
    const { home, address, clock = systemClock, network = tcpNetwork(clock) } = options;
    const tracker = parseTrackerAddress(address);
    if (!tracker.ok) throw new Error(tracker.fault.detail);
    const opened = await openPeer({
      profile: home.at(profile),
      tracker: tracker.value,
      network,
      clock,
      random: systemRandom,
      allowPlaintext: false,
    });
    if (!opened.ok) throw new Error(`${opened.fault.code}: ${opened.fault.detail}`);
    return new Engine(opened.value);
  }

  static async register(name: string, password: string, options: EngineOptions): Promise<Engine> {
    const engine = await Engine.open(name, options);
    must(await engine.api.register({ username: must(decodeWith(newUsername, name)), password }));
    return engine;
  }

  /** Waits until something holds; looked at after every event. */
  until(what: string, holds: () => boolean, timeoutMs = EXPECT_TIMEOUT_MS): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = systemClock.after(timeoutMs, () => {
        const seen = this.events.slice(-20).map((event) => JSON.stringify(event));
        reject(new Error(`${this.api.self}: waited in vain for ${what}; last events:\n${seen.join("\n")}`));
      });
      this.#changed = () => {
        if (!holds()) return;
        timer.cancel();
        this.#changed = () => {};
        resolve();
      };
      this.#changed();
    });
  }

  saw(test: (event: PeerEvent) => boolean): boolean {
    return this.events.some(test);
  }

  isLinkedTo(username: string): boolean {
    return this.api.diagnostics().links.some((link) => link.username === username);
  }

  hasMessage(content: string): boolean {
    return this.saw((event) => event.kind === "message" && event.message.content === content);
  }

  /** How often it was told. */
  countOf(content: string): number {
    return this.events.filter((event) => event.kind === "message" && event.message.content === content).length;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.api.close();
  }
}

/** The value, where a fault would be the test's failure. */
export function must<T>(
  outcome: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: object },
): T {
  if (outcome.ok) return outcome.value;
  throw new Error(JSON.stringify(outcome.fault));
}
