// Goal: whatever was told to be stored is in everybody's history, exactly once and in the same order, however often peers and the tracker are killed
// in the middle of writing, linking, catching up and starting.
// Method: real processes with fault proxies between all of them. In each round everybody talks in a room and in private; after a drawn number of
// answers some of them are killed with SIGKILL and started again, links are cut or slow, and the next round begins while they catch up. At the end
// everything heals, and all histories are held against what the processes had answered. The number of kills and the seed can be set:
// PAPO_KILLS=200 PAPO_KILL_SEED=7.
import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { type TestContext, test } from "node:test";
import { TemporaryHome } from "@papo/testing";
import { Group } from "./headless/group.ts";
import { PATIENCE_MS } from "./headless/headless-peer.ts";
import type { Person } from "./headless/person.ts";
import { RestartingTracker } from "./headless/restarting-tracker.ts";

const KILLS = Number(process.env["PAPO_KILLS"] ?? 8);
const SEED = Number(process.env["PAPO_KILL_SEED"] ?? randomInt(1_000_000));
const NAMES = ["ana", "bia", "caio", "davi"];
/** Texts that each of them says in one round at most; a kill ends what is under way. */
const TEXTS_PER_ROUND = 24;
/** What a restart takes is told, not judged: on a machine that does other work as well it says more about the machine. */
const ONE_KILL_MS = 15_000;

test(`I1, I2, I3, I5, I9, F1, F2: nothing that was stored is lost, doubled or out of order after ${KILLS} kills`, {
  timeout: 2 * PATIENCE_MS + KILLS * ONE_KILL_MS,
}, async (t) => {
  t.diagnostic(`seed ${SEED}`);
  using home = new TemporaryHome();
  await using tracker = await RestartingTracker.start(home);
  await using group = await Group.gather(NAMES, home, tracker);
  const chance = chancesFrom(SEED);
  const loop = new KillLoop(group, tracker, chance);
  while (loop.kills < KILLS) await loop.round();
  group.heal();
  const settledMs = await group.untilSettled();
  tell(t, { group, loop, settledMs });
});

function tell(t: TestContext, { group, loop, settledMs }: { group: Group; loop: KillLoop; settledMs: number }): void {
  const restarts = loop.restartsMs.toSorted((one, other) => one - other);
  const [median = 0, slowest = 0] = [restarts[restarts.length >> 1], restarts.at(-1)];
  const { ledger } = group;
  t.diagnostic(`${loop.kills} kills: ${loop.peerKills} of peers, ${loop.trackerKills} of the tracker`);
  t.diagnostic(
    `${ledger.count("stored")} stored, ${ledger.count("asked")} in doubt, ${ledger.count("refused")} refused`,
  );
  t.diagnostic(`from start to history and session: median ${Math.round(median)} ms, slowest ${Math.round(slowest)} ms`);
  t.diagnostic(`${Math.round(settledMs)} ms from the last kill's healing until everybody had everything`);
}

/** Rounds of talk in which somebody dies. */
class KillLoop {
  readonly restartsMs: number[] = [];
  peerKills = 0;
  trackerKills = 0;
  readonly #group: Group;
  readonly #tracker: RestartingTracker;
  readonly #chance: Chances;

  constructor(group: Group, tracker: RestartingTracker, chance: Chances) {
    this.#group = group;
    this.#tracker = tracker;
    this.#chance = chance;
  }

  get kills(): number {
    return this.peerKills + this.trackerKills;
  }

  async round(): Promise<void> {
    this.#spoilLinks();
    const victims = this.#drawVictims();
    const isTrackerHit = this.#chance.oneIn(3);
    const answers = this.#chance.upTo((TEXTS_PER_ROUND * NAMES.length) / 2);
    const moment = Promise.withResolvers<void>();
    let told = 0;
    const talk = this.#group.talk(TEXTS_PER_ROUND, () => {
      told += 1;
      if (told >= answers) moment.resolve();
    });
    await Promise.race([moment.promise, talk]);
    const back = victims.map((victim) => this.#killAndRestart(victim));
    if (isTrackerHit) await this.#killTracker();
    await Promise.all([talk, ...back]);
  }

  #drawVictims(): readonly Person[] {
    const { people } = this.#group;
    const first = this.#chance.upTo(people.length) - 1;
    return people.filter((_, index) => index === first || this.#chance.oneIn(6));
  }

  /** Links of some are slow, and those of one are cut. */
  #spoilLinks(): void {
    for (const { proxies } of this.#group.people)
      for (const proxy of proxies) proxy.spoil("both", { delayMs: this.#chance.oneIn(3) ? this.#chance.upTo(60) : 0 });
    const cut = this.#group.people[this.#chance.upTo(NAMES.length) - 1];
    if (cut !== undefined && this.#chance.oneIn(2)) for (const proxy of cut.proxies) proxy.cut();
  }

  async #killAndRestart(person: Person): Promise<void> {
    await person.peer.kill();
    this.peerKills += 1;
    while (this.#chance.oneIn(4)) await this.#killWhileStarting(person);
    const peer = person.start();
    assert.ok(await person.resume(), `${person.name} ended by itself: ${peer.lastWords}`);
    this.restartsMs.push(peer.ageMs);
  }

  /** In the middle of opening, logging in or catching up: after a drawn number of things it says. */
  async #killWhileStarting(person: Person): Promise<void> {
    const peer = person.start();
    const lines = this.#chance.upTo(12);
    const resumed = person.resume();
    await Promise.race([resumed, peer.until("its start", () => peer.lines >= lines || peer.hasEnded)]);
    await peer.kill();
    this.peerKills += 1;
    await resumed;
  }

  async #killTracker(): Promise<void> {
    await this.#tracker.kill();
    this.trackerKills += 1;
    await this.#tracker.restart();
  }
}

type Chances = { oneIn(count: number): boolean; upTo(count: number): number };

/** Numbers that follow from a seed (mulberry32). */
function chancesFrom(seed: number): Chances {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return { oneIn: (count) => next() * count < 1, upTo: (count) => 1 + Math.floor(next() * count) };
}
