import assert from "node:assert/strict";
import { pause, systemClock } from "@papo/link";
import type { Conversation, Message } from "@papo/peer";
import type { RoomId } from "@papo/protocol";
import type { TemporaryHome } from "@papo/testing";
import { PATIENCE_MS } from "./headless-peer.ts";
import { Ledger } from "./ledger.ts";
import { Person } from "./person.ts";
import type { RestartingTracker } from "./restarting-tracker.ts";

/** Texts that somebody asks for before the first of them is answered; the last of them is private. */
const TEXTS_AT_ONCE = 4;
/** Reading all histories is work for all of them: those who are asked again at once have no time to settle. */
const LOOK_AGAIN_MS = 100;

/** People in one room, each of whom also writes to the next one in private. */
export class Group {
  readonly ledger = new Ledger();
  /**
   * Whose file was damaged. Of a private chat the other side has what is gone here, and does not give it back; in the room it comes back late, behind
   * what was written since.
   */
  forgetful: Person | undefined;
  readonly people: readonly Person[];
  readonly #room: RoomId;

  private constructor(people: readonly Person[], room: RoomId) {
    this.people = people;
    this.#room = room;
  }

  static async gather(names: readonly string[], home: TemporaryHome, tracker: RestartingTracker): Promise<Group> {
    await using undo = new AsyncDisposableStack();
    const registered = await Promise.allSettled(names.map((name) => Person.register(name, home, tracker)));
    for (const one of registered) if (one.status === "fulfilled") undo.use(one.value);
    const people = registered.map((one) => {
      if (one.status === "rejected") throw one.reason;
      return one.value;
    });
    const [first, ...others] = people;
    assert.ok(first !== undefined);
    const { id } = await first.peer.must("createRoom", { name: "SALA" });
    await Promise.all(others.map(({ peer }) => peer.must("joinRoom", "SALA")));
    const group = new Group(people, id);
    await Promise.all(people.map((person) => group.#untilEverybodyIsIn(person)));
    undo.move();
    return group;
  }

  #untilEverybodyIsIn({ peer }: Person): Promise<void> {
    return peer.until("everybody to be a member", () =>
      peer.saw((event) => {
        const room = event.kind === "room-changed" ? event.room : undefined;
        return room?.log?.standing === "member" && room.members.length === this.people.length;
      }),
    );
  }

  /** Everybody says this many texts, or until they are killed. `told` is called for each that is stored. */
  async talk(texts: number, told: () => void = () => {}): Promise<void> {
    await Promise.all(this.people.map((person) => this.talkAlone(person, texts, told)));
  }

  async talkAlone(person: Person, texts: number, told: () => void = () => {}): Promise<void> {
    const { peer } = person;
    const next = this.#nextTo(person);
    for (let said = 0; said < texts && !peer.hasEnded && person.peer === peer; said += TEXTS_AT_ONCE) {
      const asked = Array.from({ length: TEXTS_AT_ONCE }, (_, index) =>
        index === TEXTS_AT_ONCE - 1
          ? person.say(this.ledger, placeOf(person, next), { kind: "private", username: next.name })
          : person.say(this.ledger, "room", this.#inRoom),
      );
      for (const text of asked) void text.then((isStored) => isStored && told());
      await Promise.all(asked);
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

  /** Ends all links, and all sessions with the tracker. */
  cut(): void {
    for (const { proxies } of this.people) for (const proxy of proxies) proxy.cut();
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
    for (;;) {
      const open = await this.#unsettled();
      if (open.length === 0 || elapsedMs() > PATIENCE_MS) {
        await this.check();
        assert.deepEqual(open, [], "everybody has everything, and knows it");
        return elapsedMs();
      }
      await pause(systemClock, LOOK_AGAIN_MS);
    }
  }

  /** Logs in once more, and is one of them again. */
  async comeBack(person: Person): Promise<void> {
    person.start();
    assert.ok(await person.resume(), `${person.name} ended by itself: ${person.peer.lastWords}`);
  }

  async #unsettled(): Promise<readonly string[]> {
    const rooms = await Promise.all(this.people.map((person) => person.history(this.#inRoom)));
    const pairs = await Promise.all(this.people.map((person) => this.#privateHistories(person)));
    const open = rooms.flatMap((messages, index) => {
      const whose = `the room of ${this.people[index]?.name}`;
      const isEqual = messages.map(({ id }) => id).join() === rooms[0]?.map(({ id }) => id).join();
      const isWhole = this.ledger.isCovered("room", textsOf(messages));
      return isEqual && isWhole ? undelivered(messages, whose) : [`${whose}: ${messages.length} lines`];
    });
    for (const { where, sides } of pairs)
      for (const messages of sides) {
        const texts = textsOf(messages);
        const isWhole = this.ledger.isCovered(where, texts) && texts.join() === textsOf(sides[0] ?? []).join();
        open.push(...(isWhole ? undelivered(messages, where) : [`${where}: ${messages.length} lines`]));
      }
    return open.length > 0 ? open : this.#differingPlaces();
  }

  /** What this person wrote to the next one, as both have it. */
  async #privateHistories(person: Person): Promise<{
    readonly where: string;
    readonly sides: readonly (readonly Message[])[];
  }> {
    const next = this.#nextTo(person);
    const both = [
      { reader: person, username: next.name },
      { reader: next, username: person.name },
    ].filter(({ reader }) => reader !== this.forgetful);
    const sides = both.map(async ({ reader, username }) => {
      const messages = await reader.history({ kind: "private", username });
      return messages.filter(({ author }) => author === person.name);
    });
    return { where: placeOf(person, next), sides: await Promise.all(sides) };
  }

  async check(): Promise<void> {
    for (const person of this.people) {
      const complaints = person === this.forgetful ? person.accusations : person.complaints(this.ledger);
      assert.deepEqual(complaints, []);
    }
    const rooms = await Promise.all(this.people.map((person) => person.history(this.#inRoom)));
    for (const [index, messages] of rooms.entries()) {
      this.ledger.check("room", textsOf(messages), `the room of ${this.people[index]?.name}`);
      assert.deepEqual(messages.map(lineOf), rooms[0]?.map(lineOf), "I5: the same lines in the same order");
    }
    for (const person of this.people) {
      const { where, sides } = await this.#privateHistories(person);
      for (const messages of sides) this.ledger.check(where, textsOf(messages), where);
    }
  }

  /** I5: entries that some have and others do not, those that are not shown included. */
  async #differingPlaces(): Promise<readonly string[]> {
    const held = await Promise.all(this.people.map((person) => this.#places(person)));
    const everywhere = held.reduce((common, places) => common.intersection(places));
    return held.flatMap((places, at) =>
      [...places.difference(everywhere)].map((place) => `${this.people[at]?.name} has ${place}`),
    );
  }

  /** I9: which entry stands at which place of which chain; each chain is checked to have no gap and no place twice. */
  async #places({ peer }: Person): Promise<ReadonlySet<string>> {
    const lines = await peer.must("exportHistory", this.#inRoom);
    const entries = (lines as unknown as readonly string[]).slice(1).map(readEntry);
    for (const chain of Map.groupBy(entries, ({ author, chain: one }) => `${author} ${one}`).values()) {
      let prev: string | null = null;
      for (const [index, entry] of chain.entries()) {
        assert.equal(entry.seq, index + 1, "I9: numbered without gaps");
        assert.equal(entry.prev, prev, "I9: each names the one before");
        prev = entry.id;
      }
    }
    return new Set(entries.map(({ author, chain, seq, id }) => `${author} ${chain} ${seq} ${id}`));
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
