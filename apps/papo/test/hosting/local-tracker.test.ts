// Goal: however many processes look for the local tracker at the same moment, exactly one hosts it, and when that one
// goes away exactly one of the others does.
// Method: several LocalTrackers over one model of the machine (one port, one data lock), a clock that jumps, and the
// order of all steps chosen by fast-check's scheduler.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Answerer, Clock } from "@papo/link";
import fc from "fast-check";
import { type HostAttempt, LocalTracker } from "../../src/hosting/local-tracker.ts";

/** Time passes only because somebody waits. */
function jumpingClock(): Clock {
  let nowMs = 0;
  return {
    wallMs: () => nowMs,
    monotonicMs: () => nowMs,
    after(delayMs, callback) {
      const immediate = setImmediate(() => {
        nowMs += delayMs;
        callback();
      });
      return { cancel: () => clearImmediate(immediate) };
    },
  };
}

/** One machine: who has the data, who listens, and who is waiting for the listener to go away. */
class Machine {
  readonly clock = jumpingClock();
  readonly hosting = new Set<string>();
  stranger: Answerer | undefined;
  dataHolder: string | undefined;
  listener: string | undefined;
  hostedTimes = 0;
  readonly #doubts = new Set<() => void>();
  readonly #step: <T>(value: T) => Promise<T>;

  constructor(step: <T>(value: T) => Promise<T>) {
    this.#step = step;
  }

  papo(name: string, onTakeOver: () => void = () => {}): LocalTracker {
    return new LocalTracker({
      onTakeOver,
      clock: this.clock,
      random: { bytes: () => new Uint8Array(), fraction: () => 0.5 },
      probe: async () => {
        await this.#step(0);
        if (this.stranger !== undefined) return this.stranger;
        return { kind: this.listener === undefined ? "nobody" : "papo" };
      },
      host: () => this.#host(name),
      doubt: (signal) =>
        new Promise((resolve) => {
          if (signal.aborted || this.listener === undefined) return resolve();
          this.#doubts.add(resolve);
          signal.addEventListener("abort", () => resolve(), { once: true });
        }),
    });
  }

  /** As `kill -9`: the system takes everything back at once. */
  kill(name: string): void {
    if (this.dataHolder === name) this.dataHolder = undefined;
    if (this.listener === name) this.listener = undefined;
    this.hosting.delete(name);
    for (const doubt of this.#doubts) doubt();
    this.#doubts.clear();
  }

  async #host(name: string): Promise<HostAttempt> {
    await this.#step(0);
    if (this.dataHolder !== undefined) return { kind: "taken", reason: "data" };
    this.dataHolder = name;
    await this.#step(0);
    if (this.dataHolder !== name) return { kind: "taken", reason: "killed" };
    if (this.listener !== undefined) {
      this.dataHolder = undefined;
      return { kind: "taken", reason: "port" };
    }
    this.listener = name;
    this.hosting.add(name);
    this.hostedTimes += 1;
    return { kind: "hosting", tracker: { drain: () => this.#drain(name) } };
  }

  /** The port goes first, the data after the last write. */
  async #drain(name: string): Promise<void> {
    if (this.listener !== name) return;
    this.listener = undefined;
    for (const doubt of this.#doubts) doubt();
    this.#doubts.clear();
    await this.#step(0);
    this.dataHolder = undefined;
    this.hosting.delete(name);
  }
}

const NAMES = ["gabi", "nori", "yuki", "ana"];

/** Lets everything run that the schedule still holds back, until `done`. */
async function runUntil(scheduler: fc.Scheduler, done: () => boolean): Promise<void> {
  for (let turn = 0; !done(); turn += 1) {
    assert.ok(turn < 10_000, "it never came to rest");
    if (scheduler.count() > 0) await scheduler.waitOne();
    else await new Promise((resolve) => setImmediate(resolve));
  }
}

function machineOf(scheduler: fc.Scheduler): Machine {
  return new Machine((value) => scheduler.schedule(Promise.resolve(value)));
}

test("several start at once: one hosts, the others find it", async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      const machine = machineOf(scheduler);
      const kinds: string[] = [];
      for (const name of NAMES)
        void machine
          .papo(name)
          .settle()
          .then(({ kind }) => kinds.push(kind));
      await runUntil(scheduler, () => kinds.length === NAMES.length);
      assert.deepEqual(kinds.sort(), ["answers", "answers", "answers", "hosting"]);
      assert.equal(machine.hostedTimes, 1);
    }),
    { numRuns: 200 },
  );
});

test("the host is killed or leaves: exactly one of the others takes over, with the data free", async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.boolean(), async (scheduler, killed) => {
      const machine = machineOf(scheduler);
      const tookOver: string[] = [];
      const papos = NAMES.map((name) => ({ name, local: machine.papo(name, () => tookOver.push(name)) }));
      let settled = 0;
      for (const papo of papos) {
        void papo.local.settle().then(() => {
          settled += 1;
          papo.local.keep();
        });
      }
      await runUntil(scheduler, () => settled === NAMES.length);
      const host = papos.find(({ local }) => local.hosted !== undefined);
      assert.ok(host);
      if (killed) machine.kill(host.name);
      else void host.local.close();
      await runUntil(scheduler, () => tookOver.length > 0 && machine.hosting.size === 1);
      assert.equal(tookOver.length, 1);
      assert.equal(machine.dataHolder, machine.listener);
      let closed = 0;
      for (const { local } of papos) void local.close().then(() => (closed += 1));
      await runUntil(scheduler, () => closed === NAMES.length);
    }),
    { numRuns: 200 },
  );
});

test("a stranger on the port is told as it is, and nobody hosts", async () => {
  const machine = new Machine((value) => Promise.resolve(value));
  machine.stranger = { kind: "ssh", banner: "SSH-2.0-x" };
  assert.deepEqual(await machine.papo("gabi").settle(), { kind: "stranger", answerer: machine.stranger });
  assert.equal(machine.hostedTimes, 0);
});

test("data that another tracker keeps open is told after a while, not waited for", async () => {
  const machine = new Machine((value) => Promise.resolve(value));
  machine.dataHolder = "papo tracker --port 7000";
  assert.deepEqual(await machine.papo("gabi").settle(), { kind: "failed", reason: "data" });
});

test("closing ends the watch", async () => {
  const machine = new Machine((value) => Promise.resolve(value));
  const host = machine.papo("gabi");
  await host.settle();
  const other = machine.papo("nori", () => assert.fail("nobody went away"));
  await other.settle();
  other.keep();
  await other.close();
  await host.close();
  assert.equal(machine.listener, undefined);
});
