import type { RoomId } from "@papo/protocol";
import { encodeHistoryBase } from "../../src/conversations/log/history-base.ts";
import { Person, admitting, joining, startOver, ticketFor } from "../conversations/log/control-fixture.ts";
import { type Holder, admitted, begun, converge, founded, stranger } from "../conversations/log/replica-fixture.ts";
import { makeCryptoRepeatable } from "./repeatable-crypto.ts";
import type { Cast } from "./world.ts";

// The people of every schedule, and a room in which some of them are already, made once for each kind of room.

export type Terms = { readonly kind: "open" | "invite"; readonly history: "all" | "join" };
export type Beginning = { readonly room: RoomId; readonly cast: Cast };

makeCryptoRepeatable();
startOver();
const alice = new Person("alice");
const bob = new Person("bob");
bob.addDevice();
const carol = new Person("carol");
const dave = new Person("dave");
const mallory = new Person("mallory");

const beginnings = new Map<string, Promise<Beginning>>();

/** Alice owns the room, bob moderates it, carol and mallory are members; dave and bob's second device have not entered. */
export function beginningOf(terms: Terms): Promise<Beginning> {
  const name = `${terms.kind} ${terms.history}`;
  const known = beginnings.get(name) ?? begin(terms);
  beginnings.set(name, known);
  return known;
}

async function begin({ kind, history }: Terms): Promise<Beginning> {
  const owner = await founded(alice, { room: kind, history });
  const enter = (person: Person): Promise<Holder> => {
    if (kind === "open") return entered(owner, person);
    return history === "join" && person === mallory ? admittedLate(owner, person) : admitted(owner, person);
  };
  await owner.say("before anybody came");
  const holders = [owner, await enter(bob), await enter(carol), await enter(mallory)] as const;
  await owner.write({ chain: "control", kind: "role", body: { account: bob.account, role: "moderator" } });
  for (const holder of holders) await holder.say(`${holder.person.name} is here`);
  await converge(...holders);
  const [, ofBob, ofCarol, ofMallory] = holders;
  const cast: Cast = [
    { name: "alice", person: alice, at: 0, isHonest: true, disk: owner.history.commits },
    { name: "bob", person: bob, at: 0, isHonest: true, disk: ofBob.history.commits },
    { name: "carol", person: carol, at: 0, isHonest: true, disk: ofCarol.history.commits },
    { name: "dave", person: dave, at: 0, isHonest: true, disk: [] },
    { name: "bob's other", person: bob, at: 1, isHonest: true, disk: [] },
    { name: "mallory", person: mallory, at: 0, isHonest: false, disk: ofMallory.history.commits },
  ];
  return { room: owner.replica.id, cast };
}

/** Whose history begins here: what was said before is not for it to read. */
async function admittedLate(owner: Holder, person: Person): Promise<Holder> {
  const base = encodeHistoryBase(new Map([[owner.device, 1]])) ?? null;
  await owner.write({ chain: "control", ...admitting(person, { base }) });
  return begun(owner, person);
}

async function entered(owner: Holder, person: Person): Promise<Holder> {
  const holder = stranger(person, owner.replica.id);
  const ticket = ticketFor(person, owner.replica.id);
  const written = await holder.write({ chain: "control", ...joining(person, { ticket }) });
  await owner.receive(written.map(({ header, signature, body }) => ({ header, signature, body })));
  await holder.fetch(owner);
  return holder;
}
