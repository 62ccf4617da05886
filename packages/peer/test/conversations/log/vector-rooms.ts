import { inviteKeyOfSeed, signInviteProof } from "@papo/link";
import type { RoomId } from "@papo/protocol";
import { type OpenedEntry, signSealed } from "../../../src/conversations/log/opened-entry.ts";
import { Person, Writer, admitting, found, startOver, ticketFor } from "./control-fixture.ts";

export type VectorRoom = { readonly name: string; readonly room: RoomId; readonly entries: readonly OpenedEntry[] };

/** The stories of test/vectors/room-log.json. */
export function vectorRooms(): readonly VectorRoom[] {
  return [openRoom(), inviteRoom(), devices()].map((story) => story);
}

function told(name: string, writers: readonly Writer[]): VectorRoom {
  const [first] = writers;
  if (first === undefined) throw new TypeError("nobody");
  const keys = new Map(writers.map(({ key }) => [key.publicKey, key]));
  const entries = new Map(writers.flatMap(({ seen }) => seen).map((entry) => [entry.id, entry]));
  const signed = [...entries.values()].map((entry) => {
    const key = keys.get(entry.header.author);
    if (key === undefined) throw new TypeError("an author without a key");
    return signSealed(entry, key);
  });
  return { name, room: first.set.id, entries: signed };
}

/** Two join knowing only the room's id; one leaves and comes back; one is barred and tries its ticket again. */
function openRoom(): VectorRoom {
  startOver();
  const owner = found(new Person("olga"), { room: "open", history: "all" });
  const { id } = owner.set;
  const [bob, eve] = [new Person("bob"), new Person("eve")].map((person) => {
    const writer = new Writer(person, id).see(...owner.seen.slice(0, 1));
    writer.join(ticketFor(person, id));
    return writer;
  });
  if (bob === undefined || eve === undefined) throw new TypeError("nobody");
  owner.seeAll(bob, eve);
  owner.write({ kind: "merge", body: {} });
  owner.topic("oi, gente");
  bob.seeAll(owner).leave(bob.cutsOf(bob.person, 4));
  bob.join(ticketFor(bob.person, id), 5);
  owner.remove(eve.person, true, owner.cutsOf(eve.person, 7));
  eve.seeAll(owner).join(ticketFor(eve.person, id), 8);
  return told("open room, return, bar", [owner, bob, eve]);
}

/** Invites, a base, two moderators who remove each other at once, and a room handed over. */
function inviteRoom(): VectorRoom {
  startOver();
  const owner = found(new Person("olga"));
  const { id } = owner.set;
  const key = inviteKeyOfSeed(new Uint8Array(32).fill(9));
  const writers = ["mara", "nina", "bob"].map((name) => {
    const person = new Person(name);
    const proof = signInviteProof(key, id, person.account);
    owner.write(admitting(person, { invite: key.publicKey, proof, base: "" }));
    const writer = new Writer(person, id).seeAll(owner);
    writer.join();
    owner.seeAll(writer);
    return writer;
  });
  const [mara, nina, bob] = writers;
  if (mara === undefined || nina === undefined || bob === undefined) throw new TypeError("nobody");
  owner.role(mara.account, "moderator");
  owner.role(nina.account, "moderator");
  for (const writer of writers) writer.seeAll(owner);
  mara.remove(nina.person, false, mara.cutsOf(nina.person, 3));
  nina.remove(mara.person);
  nina.remove(bob.person, true);
  bob.topic("not mine to say");
  owner.role(bob.account, "owner");
  return told("invite room, moderators at odds, hand-over", [owner, ...writers]);
}

/** A second device revokes the first; the first goes on as if nothing had been. */
function devices(): VectorRoom {
  startOver();
  const owner = found(new Person("olga"));
  const person = new Person("bob");
  owner.admit(person);
  const first = new Writer(person, owner.set.id).seeAll(owner);
  first.join();
  const second = new Writer(person, owner.set.id, person.addDevice()).seeAll(first);
  second.write({ kind: "device", body: { statement: person.statement, cuts: [], content: 1 } });
  person.revoke(0);
  const cuts = second.cutsOf(person, 11).filter(({ device }) => device === first.key.publicKey);
  second.write({ kind: "device", body: { statement: person.statement, cuts: [...cuts], content: 1 } });
  first.leave();
  const thief = new Writer(person, owner.set.id, new Person("eve").device()).seeAll(second);
  thief.write({ kind: "device", body: { statement: person.rival(thief.key), cuts: [], content: 1 } });
  owner.write({ kind: "upgrade", body: { features: ["polls/1"] } });
  return told("devices, a revocation, a stolen root, an upgrade", [owner, first, second, thief]);
}
