import assert from "node:assert/strict";
import { VirtualClock } from "@papo/link/memory";
import type { DeviceKey, GenesisBody, RoomId, WireEntry } from "@papo/protocol";
import { PendingBudget } from "../../../src/conversations/log/pending-entries.ts";
import { openReplica } from "../../../src/conversations/log/replica.ts";
import { createRoomLog } from "../../../src/conversations/log/room-log.ts";
import type { Draft, Received, RoomReplica } from "../../../src/conversations/log/room-replica.ts";
import type { StoredEntry } from "../../../src/storage/history/history.ts";
import { MemoryHistory, type MemoryHistoryOptions } from "../../../src/storage/history/memory/memory-history.ts";
import { type Person, admitting, joining, tracker, value } from "./control-fixture.ts";

// People whose devices hold a room, and what they bring each other, with no network between them.

export const clock = new VirtualClock();

/** One device of a person with a history of its own. */
export class Holder {
  readonly person: Person;
  readonly at: number;
  history: MemoryHistory;
  replica: RoomReplica;

  constructor(
    person: Person,
    place: { readonly history: MemoryHistory; readonly replica: RoomReplica; readonly at?: number },
  ) {
    this.person = person;
    this.at = place.at ?? 0;
    this.history = place.history;
    this.replica = place.replica;
  }

  get device(): DeviceKey {
    return this.person.device(this.at).publicKey;
  }

  async write(...drafts: readonly Draft[]): Promise<readonly StoredEntry[]> {
    return value(await this.replica.append(drafts));
  }

  say(...texts: readonly string[]): Promise<readonly StoredEntry[]> {
    return this.write(...texts.map(saying));
  }

  async receive(entries: readonly WireEntry[]): Promise<Received> {
    return value(await this.replica.receive(entries));
  }

  /** The process ends and starts again with what is durable. */
  restart(history = this.history.crash()): void {
    this.history = history;
    this.replica = openReplica(this.replica.id, portsOf(this.person, this.history, this.at));
  }

  /** Everything that this one can be given by another, until there is no more. */
  async fetch(other: Holder): Promise<void> {
    for (let round = 0; round < 1000; round++) {
      const ranges = this.replica.lacks(other.replica.heads());
      if (ranges.length === 0) return;
      const { entries } = other.replica.serve(ranges, 65_536, this.person.account);
      const received = await this.receive(entries);
      if (
        received.stored.length === 0 &&
        received.forks.length === 0 &&
        !isNews(ranges, this.replica.lacks(other.replica.heads()))
      )
        return;
    }
    assert.fail("no end of a sync");
  }

  /** Texts as the room shows them. */
  texts(): readonly string[] {
    return this.shown().map(({ text }) => text ?? "-");
  }

  shown(): readonly StoredEntry[] {
    return this.history
      .lines(this.replica.id, { limit: 200 })
      .filter(({ isVoid }) => !isVoid)
      .toReversed();
  }
}

function isNews(before: readonly unknown[], after: readonly unknown[]): boolean {
  return JSON.stringify(before) !== JSON.stringify(after);
}

function portsOf(person: Person, history: MemoryHistory, at = 0) {
  return { history, clock, account: person.account, device: person.device(at), budget: new PendingBudget() };
}

export function saying(text: string): Draft {
  return { chain: "content", kind: "message", body: { text } };
}

/** A room of which `person` is the owner. */
export async function founded(
  person: Person,
  terms: Partial<GenesisBody> = {},
  options: MemoryHistoryOptions = {},
): Promise<Holder> {
  const history = new MemoryHistory(options);
  const genesis: GenesisBody = {
    ...({ name: "sala", room: "invite", history: "all", capacity: 50 } as unknown as GenesisBody),
    ...{ retentionDays: null, quotaBytes: null, features: [], tracker: tracker.publicKey },
    statement: person.statement,
    binding: null,
    ...terms,
  };
  const replica = value(await createRoomLog(genesis, portsOf(person, history)));
  return new Holder(person, { history, replica });
}

/** A holder of nothing yet. */
export function stranger(person: Person, room: RoomId, at = 0, options: MemoryHistoryOptions = {}): Holder {
  const history = new MemoryHistory(options);
  return new Holder(person, { history, replica: openReplica(room, portsOf(person, history, at)), at });
}

/** `person` is let in by `owner`, has fetched what there is, and has begun. Everything of that is at both. */
export async function admitted(owner: Holder, person: Person, options: MemoryHistoryOptions = {}): Promise<Holder> {
  await owner.write({ chain: "control", ...admitting(person) });
  return begun(owner, person, 0, options);
}

/** Another device of an account that is a member. */
export async function begun(
  owner: Holder,
  person: Person,
  at = 0,
  options: MemoryHistoryOptions = {},
): Promise<Holder> {
  const holder = stranger(person, owner.replica.id, at, options);
  await holder.fetch(owner);
  await holder.write({ chain: "control", ...joining(person) });
  await owner.fetch(holder);
  return holder;
}

/** Until nobody lacks anything. */
export async function converge(...holders: readonly Holder[]): Promise<void> {
  for (let round = 0; round < 20; round++) {
    const before = holders.map(({ replica }) => JSON.stringify(replica.digest())).join(" ");
    for (const one of holders) for (const other of holders) if (one !== other) await one.fetch(other);
    if (before === holders.map(({ replica }) => JSON.stringify(replica.digest())).join(" ")) return;
  }
  assert.fail("no end of converging");
}
