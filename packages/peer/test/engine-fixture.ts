import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { type Clock, systemClock, systemRandom } from "@papo/link";
import { MemoryNetwork } from "@papo/link/memory";
import { type Outcome, TRACKER_WAITED_FOR_MS, type TrackerAddress } from "@papo/protocol";
import type { PeerApi, PeerEvent } from "../src/api.ts";
import { type PeerOptions, openPeer } from "../src/peer.ts";
import { FakeTracker } from "./fake-tracker-fixture.ts";
import { expectOk } from "./world-fixture.ts";

/** Real time, in which nobody goes on without a tracker because a loaded machine was slow: it is there, and will answer. */
const patientClock: Clock = {
  ...systemClock,
  after: (delayMs, callback) =>
    delayMs === TRACKER_WAITED_FOR_MS ? { cancel: () => {} } : systemClock.after(delayMs, callback),
};

/** Whole engines with real files, in real time, on a network in memory. Everything is put away with the test. */
export class Rig {
  readonly network = new MemoryNetwork(systemClock);
  readonly tracker = new FakeTracker(this.network.host("10.0.0.1"));
  readonly folder: string;
  readonly #t: TestContext;
  #hosts = 1;

  private constructor(t: TestContext, folder: string) {
    this.#t = t;
    this.folder = folder;
  }

  static async create(t: TestContext): Promise<Rig> {
    const folder = await mkdtemp(join(tmpdir(), "papo-peer-"));
    t.after(() => rm(folder, { recursive: true, force: true }));
    const rig = new Rig(t, folder);
    await rig.tracker.listen();
    return rig;
  }

  async open(options: Partial<PeerOptions> = {}): Promise<Outcome<PeerApi>> {
    this.#hosts += 1;
    const tracker: TrackerAddress = { dialect: "papo", host: "10.0.0.1", port: 6060, key: undefined };
    const opened = await openPeer({
      ...{
        profile: join(this.folder, "profile"),
        tracker,
        clock: patientClock,
        random: systemRandom,
        allowPlaintext: false,
      },
      network: this.network.host(`10.0.0.${this.#hosts}`),
      ...options,
    });
    if (opened.ok) this.#t.after(() => opened.value.close());
    return opened;
  }

  async engine(options: Partial<PeerOptions> = {}): Promise<PeerApi> {
    return expectOk(await this.open(options));
  }
}

/** Resolves with the first event of that kind for which `matches` holds. */
export function next<K extends PeerEvent["kind"]>(
  peer: PeerApi,
  kind: K,
  matches: (event: Extract<PeerEvent, { kind: K }>) => boolean = () => true,
): Promise<Extract<PeerEvent, { kind: K }>> {
  return new Promise((resolve) => {
    const stop = peer.subscribe((event) => {
      if (event.kind !== kind || !matches(event as Extract<PeerEvent, { kind: K }>)) return;
      stop();
      resolve(event as Extract<PeerEvent, { kind: K }>);
    });
  });
}
