// Goal: whatever was told to be stored is in everybody's history, exactly once and in the same order, however often peers and the tracker are killed
// in the middle of writing, linking, catching up and starting.
// Method: real processes with fault proxies between all of them. In each round everybody talks in a room and in private; after a drawn number of
// answers some of them are killed with SIGKILL and started again, links are cut or slow, and the next round begins while they catch up. At the end
// everything heals, and all histories are held against what the processes had answered. The number of kills and the seed can be set:
// PAPO_KILLS=200 PAPO_KILL_SEED=7.
import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { type TestContext, test } from "node:test";
import { systemClock } from "@papo/link";
import type { Conversation, Message } from "@papo/peer";
import type { RoomId } from "@papo/protocol";
import { TemporaryHome } from "@papo/testing";
import { PATIENCE_MS } from "./headless/headless-peer.ts";
import { Ledger } from "./headless/ledger.ts";
import { Person } from "./headless/person.ts";
import { RestartingTracker } from "./headless/restarting-tracker.ts";

const KILLS = Number(process.env["PAPO_KILLS"] ?? 8);
const SEED = Number(process.env["PAPO_KILL_SEED"] ?? randomInt(1_000_000));
const NAMES = ["ana", "bia", "caio", "davi"];
/** Texts that each of them says in one round at most; a kill ends what is under way. */
const TEXTS_PER_ROUND = 24;
/** Of which this many are asked for before the first is answered. */
const TEXTS_AT_ONCE = 4;
const ONE_KILL_MS = 6_000;
/** What a restart takes here is told; a promise of 2 s is not held to on a machine that runs other tests. */
const RESTART_MAX_MS = 30_000;

test(`I1, I2, I3, I5, I9, F1, F2: nothing that was stored is lost, doubled or out of order after ${KILLS} kills`, {
  timeout: 2 * PATIENCE_MS + KILLS * ONE_KILL_MS,
}, async (t) => {
  t.diagnostic(`seed ${SEED}`);
  using home = new TemporaryHome();
  await using tracker = await RestartingTracker.start(home);
  await using group = await Group.gather(home, tracker);
  const chance = chancesFrom(SEED);
  const loop = new KillLoop(group, tracker, chance);
  while (loop.kills < KILLS) await loop.round();
  group.heal();
  const settledMs = await group.untilSettled();

  for (const { complaints } of group.people) assert.deepEqual(complaints, []);
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
  assert.ok(slowest < RESTART_MAX_MS, `a restart took ${slowest} ms`);
}

/** People in one room, each of whom also writes to the next one in private. */
class Group {
  readonly ledger = new Ledger();
  readonly people: readonly Person[];
  readonly #room: RoomId;

  private constructor(people: readonly Person[], room: RoomId) {
    this.people = people;
    this.#room = room;
  }

  static async gather(home: TemporaryHome, tracker: RestartingTracker): Promise<Group> {
    const people = await Promise.all(NAMES.map((name) => Person.register(name, home, tracker)));
    const [first, ...others] = people;
    assert.ok(first !== undefined);
    const { id } = await first.peer.must("createRoom", { name: "SALA" });
    await Promise.all(others.map(({ peer }) => peer.must("joinRoom", "SALA")));
    const group = new Group(people, id);
    await Promise.all(people.map((person) => group.#untilEverybodyIsIn(person)));
    return group;
  }

  #untilEverybodyIsIn({ peer }: Person): Promise<void> {
    return peer.until("everybody to be a member", () =>
      peer.saw((event) => {
        const room = event.kind === "room-changed" ? event.room : undefined;
        return room?.log?.standing === "member" && room.members.length === NAMES.length;
      }),
    );
  }

  /** Everybody says what is to be said in a round, until they are killed. `told` is called for each text that is stored. */
  async talk(told: () => void): Promise<void> {
    await Promise.all(this.people.map((person) => this.#talk(person, told)));
  }

  async #talk(person: Person, told: () => void): Promise<void> {
    const { peer } = person;
    const next = this.#nextTo(person);
    for (let said = 0; said < TEXTS_PER_ROUND && !peer.hasEnded && person.peer === peer; said += TEXTS_AT_ONCE) {
      const texts = Array.from({ length: TEXTS_AT_ONCE }, (_, index) =>
        index === TEXTS_AT_ONCE - 1
          ? person.say(this.ledger, placeOf(person, next), { kind: "private", username: next.name })
          : person.say(this.ledger, "room", this.#inRoom),
      );
      for (const text of texts) void text.then((isStored) => isStored && told());
      await Promise.all(texts);
    }
  }

  get #inRoom(): Conversation {
    return { kind: "room", id: this.#room };
  }

  #nextTo(person: Person): Person {
    const next = this.people[(this.people.indexOf(person) + 1) % this.people.length];
    assert.ok(next !== undefined);
    return next;
  }

  heal(): void {
    for (const { proxies } of this.people)
      for (const proxy of proxies) {
        proxy.cut();
        proxy.heal();
      }
  }

  /** Waits until everybody has everything and every author knows so, and looks at what they have; how long it took. */
  async untilSettled(): Promise<number> {
    const startedMs = systemClock.monotonicMs();
    const elapsedMs = (): number => systemClock.monotonicMs() - startedMs;
    let isLate = false;
    const timeUp = Promise.withResolvers<void>();
    const timer = systemClock.after(PATIENCE_MS, () => {
      isLate = true;
      timeUp.resolve();
    });
    for (;;) {
      const news = this.people.map(({ peer }) => peer.news());
      const open = await this.#unsettled();
      if (open.length === 0 || isLate) {
        timer.cancel();
        await this.check();
        assert.deepEqual(open, [], "everybody has everything, and knows it");
        return elapsedMs();
      }
      await Promise.race([timeUp.promise, ...news]);
    }
  }

  async #unsettled(): Promise<readonly string[]> {
    const rooms = await Promise.all(this.people.map((person) => person.history(this.#inRoom)));
    const pairs = await Promise.all(this.people.map((person) => this.#privateHistories(person)));
    const open = rooms.flatMap((messages, index) => {
      const whose = `the room of ${NAMES[index]}`;
      const isEqual = messages.map(({ id }) => id).join() === rooms[0]?.map(({ id }) => id).join();
      const isWhole = this.ledger.isCovered("room", textsOf(messages));
      return isEqual && isWhole ? undelivered(messages, whose) : [`${whose}: ${messages.length} lines`];
    });
    for (const { where, own, others } of pairs) {
      const isWhole = this.ledger.isCovered(where, textsOf(own)) && textsOf(own).join() === textsOf(others).join();
      open.push(...(isWhole ? undelivered(own, where) : [`${where}: ${own.length} and ${others.length} lines`]));
    }
    return open;
  }

  /** What this person wrote to the next one, as both have it. */
  async #privateHistories(person: Person): Promise<{
    readonly where: string;
    readonly own: readonly Message[];
    readonly others: readonly Message[];
  }> {
    const next = this.#nextTo(person);
    const [own, others] = await Promise.all([
      person.history({ kind: "private", username: next.name }),
      next.history({ kind: "private", username: person.name }),
    ]);
    const isTheirs = ({ author }: Message): boolean => author === person.name;
    return { where: placeOf(person, next), own: own.filter(isTheirs), others: others.filter(isTheirs) };
  }

  async check(): Promise<void> {
    const rooms = await Promise.all(this.people.map((person) => person.history(this.#inRoom)));
    for (const [index, messages] of rooms.entries()) {
      this.ledger.check("room", textsOf(messages), `the room of ${NAMES[index]}`);
      assert.deepEqual(messages.map(lineOf), rooms[0]?.map(lineOf), "I5: the same lines in the same order");
    }
    for (const person of this.people) {
      const { where, own, others } = await this.#privateHistories(person);
      for (const messages of [own, others]) this.ledger.check(where, textsOf(messages), where);
    }
    const exports = await Promise.all(this.people.map((person) => this.#places(person)));
    for (const places of exports) assert.deepEqual(places, exports[0], "I5: the same entries in the same places");
  }

  /** I9: which entry stands at which place of which chain; each chain is checked to have no gap and no place twice. */
  async #places({ peer }: Person): Promise<readonly string[]> {
    const lines = await peer.must("exportHistory", this.#inRoom, "json");
    const entries = (lines as unknown as readonly string[]).slice(1).map(readEntry);
    for (const chain of Map.groupBy(entries, ({ author, chain: one }) => `${author} ${one}`).values()) {
      let prev: string | null = null;
      for (const [index, entry] of chain.entries()) {
        assert.equal(entry.seq, index + 1, "I9: numbered without gaps");
        assert.equal(entry.prev, prev, "I9: each names the one before");
        prev = entry.id;
      }
    }
    return entries.map(({ author, chain, seq, id }) => `${author} ${chain} ${seq} ${id}`).toSorted();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const person of this.people) await person[Symbol.asyncDispose]();
  }
}

type EntryPlace = {
  readonly id: string;
  readonly author: string;
  readonly chain: string;
  readonly seq: number;
  readonly prev: string | null;
};

function readEntry(line: string): EntryPlace {
  const { id, header } = JSON.parse(line) as { readonly id: string; readonly header: string };
  return { ...(JSON.parse(header) as Omit<EntryPlace, "id">), id };
}

function placeOf(from: Person, to: Person): string {
  return `${from.name}-to-${to.name}`;
}

function textsOf(messages: readonly Message[]): readonly string[] {
  return messages.map(({ content }) => content).filter((content) => content !== "");
}

function lineOf({ id, author, content, kept }: Message): string {
  return [id, author, content, kept?.notice?.kind ?? "", kept?.notice?.about ?? ""].join(" ");
}

/** Own texts that somebody is not known to have. */
function undelivered(messages: readonly Message[], whose: string): readonly string[] {
  const open = messages.filter(({ own, delivery, kept }) => {
    if (!own || (kept?.notice ?? null) !== null) return false;
    return delivery?.kind !== "sent" || delivery.received < delivery.of;
  });
  const [first] = open;
  return first === undefined ? [] : [`${whose}: ${open.length} as ${JSON.stringify(first.delivery)}`];
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
    const talk = this.#group.talk(() => {
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
