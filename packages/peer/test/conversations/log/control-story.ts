import assert from "node:assert/strict";
import fc from "fast-check";
import type { ControlBody, EntryId, RoomId } from "@papo/protocol";
import type { OpenedEntry } from "../../../src/conversations/log/opened-entry.ts";
import type { RoomState } from "../../../src/conversations/log/room-state.ts";
import { Person, Writer, admitting, found, joining, startOver, ticketFor } from "./control-fixture.ts";

// Stories of a room in which anybody may do anything at any time, honestly or not. The same choices tell the same story, to the byte.

export type Choice = {
  readonly who: number;
  readonly what: number;
  readonly whom: number;
  readonly number: number;
  /** How it is written: honestly, under the genesis alone, under old heads, or beside what its device wrote before. */
  readonly how: number;
  /** From whom it learns everything first. */
  readonly from: number;
};

const small = fc.nat(1_000);

export const story = fc.record({
  isOpen: fc.boolean(),
  choices: fc.array(fc.record({ who: small, what: small, whom: small, number: small, how: small, from: small }), {
    maxLength: 40,
  }),
});

export type Told = {
  readonly room: RoomId;
  readonly entries: readonly OpenedEntry[];
  readonly writers: readonly Writer[];
};

type Act = (writer: Writer, whom: Person, number: number) => ControlBody;

/** Repeated acts are likelier. */
const ACTS: readonly Act[] = [
  (_, whom) => admitting(whom),
  (_, whom) => admitting(whom),
  (writer, whom, number) => removing(writer, whom, number),
  (writer, whom, number) => removing(writer, whom, number),
  (_, whom) => ({ kind: "role", body: { account: whom.account, role: "moderator" } }),
  (_, whom) => ({ kind: "role", body: { account: whom.account, role: "moderator" } }),
  (_, whom) => ({ kind: "role", body: { account: whom.account, role: "member" } }),
  (_, whom) => ({ kind: "role", body: { account: whom.account, role: "owner" } }),
  (writer, _, number) => ({ kind: "leave", body: { cuts: [...writer.cutsOf(writer.person, number % 9)] } }),
  ({ person }, _, number) => joining(person, { content: 1 + (number % 9) }),
  (writer, _, number) =>
    joining(writer.person, { ticket: ticketFor(writer.person, writer.set.id), content: 1 + (number % 9) }),
  (writer, _, number) => ({
    kind: "device",
    body: { statement: writer.person.statement, cuts: [...writer.cutsOf(writer.person, number % 9)], content: 1 },
  }),
  (writer) => ({ kind: "device", body: { statement: writer.person.rival(writer.key), cuts: [], content: 1 } }),
  (_, whom, number) => ({ kind: "topic", body: { text: `${whom.name} ${number}` } }),
  () => ({ kind: "merge", body: {} }),
  (_, __, number) => (number % 5 === 0 ? { kind: "close", body: {} } : { kind: "merge", body: {} }),
  () => ({ kind: "upgrade", body: { features: ["odd/1"] } }),
];

function removing(writer: Writer, whom: Person, number: number): ControlBody {
  return {
    kind: "remove",
    body: { account: whom.account, bar: number % 3 === 0, cuts: [...writer.cutsOf(whom, number % 9)] },
  };
}

export function tell({ isOpen, choices }: { readonly isOpen: boolean; readonly choices: readonly Choice[] }): Told {
  startOver();
  const people = ["olga", "mara", "nina", "bob", "eve"].map((name) => new Person(name));
  const [olga] = people;
  if (olga === undefined) throw new TypeError("nobody");
  const owner = found(olga, { room: isOpen ? "open" : "invite" });
  const writers = [owner, ...people.slice(1).map((person) => new Writer(person, owner.set.id))];
  for (const person of people.slice(0, 3)) writers.push(new Writer(person, owner.set.id, person.addDevice()));
  for (const writer of writers) writer.see(...owner.seen.slice(0, 1));
  for (const choice of choices) act(writers, people, choice);
  const entries = new Map(writers.flatMap(({ seen }) => seen).map((entry) => [entry.id, entry]));
  return { room: owner.set.id, entries: [...entries.values()], writers };
}

function act(writers: readonly Writer[], people: readonly Person[], choice: Choice): void {
  const writer = writers[choice.who % writers.length];
  const from = writers[choice.from % writers.length];
  const whom = people[choice.whom % people.length];
  const make = ACTS[choice.what % ACTS.length];
  if (writer === undefined || from === undefined || whom === undefined || make === undefined) return;
  if (choice.from % 2 === 0) writer.seeAll(from);
  if (choice.number % 17 === 0 && writer.person.listed.length > 1) writer.person.revoke(choice.number % 2);
  // States are also made one from another: who looks at them on the way must see the same in the end.
  if (choice.number % 2 === 0) assert.ok(writer.state.heads.length > 0);
  writer.offer(make(writer, whom, choice.number), pretence(writer, choice));
}

function pretence(
  writer: Writer,
  { how, number }: Choice,
): { readonly auth?: readonly EntryId[]; readonly after?: OpenedEntry | undefined } {
  const own = writer.seen.filter(({ header }) => header.author === writer.key.publicKey);
  const auth = [writer.set.id as string as EntryId];
  if (how % 6 === 0) return { auth };
  if (how % 6 === 1)
    return { auth: [writer.seen[number % Math.max(1, writer.seen.length)]?.id ?? auth[0] ?? ("" as EntryId)] };
  if (how % 12 === 2 && own.length > 1) return { after: own[number % own.length] };
  return {};
}

/** Everything that a state says, as text: maps and sets in the order of their keys. */
export function describe(state: RoomState, entries: readonly OpenedEntry[]): string {
  const devices = [...new Set(entries.map(({ header }) => header.author))].sort();
  const sorted = <T>(items: Iterable<T>): readonly T[] => [...items].toSorted((a, b) => (a < b ? -1 : 1));
  return JSON.stringify(
    {
      members: sorted(state.memberByAccount.keys()).map((account) => state.memberByAccount.get(account)),
      former: sorted(state.formerByAccount.keys()).map((account) => [account, state.formerByAccount.get(account)]),
      flags: [state.topic, state.closed, state.readOnly, state.features, state.heads],
      sets: [sorted(state.forked), sorted(state.stolen), sorted(state.voidIds)],
      spans: devices.map((device) => [
        state.accountOf(device),
        state.spans(device, "content"),
        state.spans(device, "control"),
      ]),
      at: entries.toSorted((a, b) => (a.id < b.id ? -1 : 1)).map(({ id }) => sorted(state.membersAt([id]))),
    },
    (_, value: unknown) => (value === Infinity ? "∞" : value instanceof Map ? [...value] : value),
  );
}
