// Goal: a set of control entries says the same to everybody who has it, and gives nobody more than they were given: docs/protocol/room-log.md §4.
// Method: small stories of people who write by what they have seen, some of them pretending; then the set is evaluated.
import assert from "node:assert/strict";
import { test } from "node:test";
import { inviteKeyOfSeed, signInviteProof } from "@papo/link";
import { MEMBER_CONTROL_ENTRIES_MAX, type RoomId } from "@papo/protocol";
import { evaluateControl } from "../../../src/conversations/log/control-set.ts";
import { decodeHistoryBase, encodeHistoryBase } from "../../../src/conversations/log/history-base.ts";
import { Person, Writer, admitting, countedDevice, found, joining, ticketFor } from "./control-fixture.ts";

/** An invite room with its owner, and others admitted and writing, everybody having seen everything. */
function inviteRoom(...people: readonly Person[]): { readonly owner: Writer; readonly others: readonly Writer[] } {
  const owner = found(new Person("olga"));
  const others = people.map((person) => {
    owner.admit(person);
    const writer = new Writer(person, owner.set.id).seeAll(owner);
    writer.join();
    owner.seeAll(writer);
    return writer;
  });
  for (const writer of others) writer.seeAll(owner);
  return { owner, others };
}

function openRoom(): Writer {
  return found(new Person("olga"), { room: "open", history: "all" });
}

function join(person: Person, room: Writer): Writer {
  const writer = new Writer(person, room.set.id).seeAll(room);
  writer.join(ticketFor(person, room.set.id));
  return writer;
}

const everything = (...writers: readonly Writer[]): Parameters<typeof evaluateControl>[1] => [
  ...new Map(writers.flatMap(({ seen }) => seen).map((entry) => [entry.id, entry])).values(),
];

test("a founder is owner and alone", () => {
  const { state } = openRoom();
  assert.equal(state.memberByAccount.size, 1);
  const [member] = state.memberByAccount.values();
  assert.equal(member?.role, "owner");
  assert.equal(member?.devices.length, 1);
  assert.deepEqual(state.spans(member?.devices[0] ?? assert.fail(), "content"), [[1, Infinity]]);
});

test("P14: an account without the tracker's ticket does not get into an open room", () => {
  const room = openRoom();
  const bob = new Person("bob");
  const writer = new Writer(bob, room.set.id).seeAll(room);
  const other = { ...ticketFor(bob, room.set.id) };
  const elsewhere = ticketFor(bob, room.state.heads[0] === undefined ? room.set.id : (bob.account as string as RoomId));
  const eve = ticketFor(new Person("eve"), room.set.id);
  for (const ticket of [null, elsewhere, eve, { ...other, text: other.text.replace("bob", "rob") }]) {
    assert.equal(room.set.add(writer.draft(joining(bob, { ticket }), { after: undefined })), "refused");
  }
  assert.equal(room.set.add(writer.draft(joining(bob, { ticket: other }), { after: undefined })), "added");
  assert.ok(room.state.memberByAccount.has(bob.account));
});

test("a join that knows nothing but the room's id counts", () => {
  const room = openRoom();
  join(new Person("ana"), room);
  const bob = new Person("bob");
  const writer = new Writer(bob, room.set.id).see(...room.seen.slice(0, 1));
  room.see(writer.join(ticketFor(bob, room.set.id)));
  assert.ok(room.state.memberByAccount.has(bob.account));
});

test("nobody gets into an invite room by a ticket, or by a member with no right to admit", () => {
  const { owner, others } = inviteRoom(new Person("bob"));
  const [bob] = others;
  assert.ok(bob !== undefined);
  const eve = new Person("eve");
  const writer = new Writer(eve, owner.set.id).seeAll(owner);
  assert.equal(owner.set.add(writer.draft(joining(eve, { ticket: ticketFor(eve, owner.set.id) }))), "refused");
  const admit = bob.admit(eve);
  owner.see(admit);
  assert.ok(owner.state.voidIds.has(admit.id));
  assert.equal(owner.state.memberByAccount.has(eve.account), false);
  const late = new Writer(eve, owner.set.id).seeAll(owner);
  assert.equal(owner.set.add(late.draft(joining(eve))), "refused");
});

test("I11, P11: who never had a rank writes so many control entries and no more", () => {
  const room = openRoom();
  const bob = join(new Person("bob"), room);
  const acts = Array.from({ length: MEMBER_CONTROL_ENTRIES_MAX }, (_, at) =>
    bob.draft({ kind: "topic", body: { text: `${at}` } }),
  );
  const verdicts = acts.map((act) => bob.set.add(act));
  assert.deepEqual([verdicts.at(0), verdicts.at(-2), verdicts.at(-1)], ["added", "added", "refused"]);
});

test("P30: an admission on an invite needs the invite's proof for this room and this account", () => {
  const { owner } = inviteRoom();
  const key = inviteKeyOfSeed(new Uint8Array(32).fill(7));
  const [bob, carla] = [new Person("bob"), new Person("carla")];
  const invite = key.publicKey;
  const proof = signInviteProof(key, owner.set.id, bob.account);
  const elsewhere = signInviteProof(key, bob.account as string as RoomId, carla.account);
  owner.write(admitting(carla, { invite, proof }));
  owner.write(admitting(carla, { invite, proof: elsewhere }));
  owner.write(admitting(carla, { invite, proof: null }));
  assert.equal(owner.state.memberByAccount.has(carla.account), false);
  owner.write(admitting(bob, { invite, proof }));
  assert.ok(owner.state.memberByAccount.has(bob.account));
});

test("P30: two admissions on one invite both stand and are told", () => {
  const mod = new Person("mara");
  const { owner, others } = inviteRoom(mod);
  const [mara] = others;
  assert.ok(mara !== undefined);
  mara.see(owner.role(mod.account, "moderator"));
  const key = inviteKeyOfSeed(new Uint8Array(32).fill(7));
  const people = [new Person("bob"), new Person("carla")];
  const admits = people.map((person) =>
    admitting(person, {
      invite: key.publicKey,
      proof: signInviteProof(key, owner.set.id, person.account),
    }),
  );
  owner.write(admits[0] ?? assert.fail());
  mara.write(admits[1] ?? assert.fail());
  const state = evaluateControl(owner.set.id, everything(owner, mara));
  for (const { account } of people) assert.ok(state.memberByAccount.has(account));
  assert.equal(state.admittedByInvite.get(key.publicKey)?.length, 2);
});

test("P27: nobody leaves, or does anything, for another", () => {
  const { owner, others } = inviteRoom(new Person("bob"), new Person("carla"));
  const [bob, carla] = others;
  assert.ok(bob !== undefined && carla !== undefined);
  const acts = [
    bob.remove(carla.person),
    bob.role(bob.account, "moderator"),
    bob.role(bob.account, "owner"),
    bob.topic("mine"),
    bob.write({ kind: "close", body: {} }),
    bob.write({ kind: "upgrade", body: { features: ["new/1"] } }),
    bob.admit(new Person("eve")),
    bob.leave(bob.cutsOf(carla.person)),
  ];
  owner.seeAll(bob);
  for (const act of acts.slice(0, -1)) assert.ok(owner.state.voidIds.has(act.id), act.header.kind);
  assert.ok(owner.state.memberByAccount.has(carla.account));
  assert.deepEqual(owner.state.spans(carla.key.publicKey, "content"), [[1, Infinity]]);
  assert.equal(owner.state.formerByAccount.get(bob.account)?.kind, "left");
  assert.equal(owner.state.closed, false);
  assert.equal(owner.state.readOnly, false);
});

test("I8, F17: what a removed account writes beyond the cut is not accepted, and its acts count for nothing", () => {
  const mod = new Person("mara");
  const { owner, others } = inviteRoom(mod, new Person("bob"));
  const [mara, bob] = others;
  assert.ok(mara !== undefined && bob !== undefined);
  owner.role(mod.account, "moderator");
  for (const writer of others) writer.seeAll(owner);
  owner.seeAll(bob);
  const late = mara.admit(new Person("eve"));
  owner.remove(mod, false, owner.cutsOf(mod, 7));
  owner.see(late);
  assert.equal(owner.state.formerByAccount.get(mod.account)?.kind, "removed");
  assert.ok(owner.state.voidIds.has(late.id));
  assert.equal(owner.state.memberByAccount.size, 2);
  assert.deepEqual(owner.state.spans(mara.key.publicKey, "content"), [[1, 7]]);
  assert.deepEqual(owner.state.spans(mara.key.publicKey, "control"), [[1, Infinity]]);
  // It pretends not to know, on and on.
  owner.see(mara.topic("still here"), mara.remove(bob.person));
  assert.equal(owner.state.topic, "");
  assert.ok(owner.state.memberByAccount.has(bob.account));
});

test("of two valid cuts the furthest wins", () => {
  const { owner, others } = inviteRoom(new Person("mara"), new Person("bob"));
  const [mara, bob] = others;
  assert.ok(mara !== undefined && bob !== undefined);
  mara.see(owner.role(mara.account, "moderator"));
  owner.remove(bob.person, false, owner.cutsOf(bob.person, 3));
  mara.remove(bob.person, false, mara.cutsOf(bob.person, 5));
  const state = evaluateControl(owner.set.id, everything(owner, mara));
  assert.deepEqual(state.spans(bob.key.publicKey, "content"), [[1, 5]]);
});

test("who left with a cut far ahead is cut nearer by whoever removes it", () => {
  const { owner, others } = inviteRoom(new Person("bob"));
  const [bob] = others;
  assert.ok(bob !== undefined);
  bob.leave(bob.cutsOf(bob.person, 1_000));
  owner.seeAll(bob);
  assert.deepEqual(owner.state.spans(bob.key.publicKey, "content"), [[1, 1_000]]);
  owner.remove(bob.person, false, owner.cutsOf(bob.person, 6));
  assert.deepEqual(owner.state.spans(bob.key.publicKey, "content"), [[1, 6]]);
});

test("a state that was looked at forgets nothing when somebody comes back, or says anew which devices it has", () => {
  const room = openRoom();
  const bob = join(new Person("bob"), room);
  room.seeAll(bob);
  bob.leave();
  assert.equal(room.seeAll(bob).state.formerByAccount.size, 1);
  bob.join(ticketFor(bob.person, room.set.id), 2);
  assert.equal(room.seeAll(bob).state.formerByAccount.size, 0);
  bob.person.addDevice();
  bob.join(ticketFor(bob.person, room.set.id), 2);
  assert.deepEqual(room.seeAll(bob).state.memberByAccount.get(bob.account)?.statement, bob.person.statement);
});

test("a state that was looked at does not go back to an older statement, and takes a revocation by the known one", () => {
  const room = openRoom();
  const bob = join(new Person("bob"), room);
  const old = bob.person.statement;
  const laptop = secondDevice(bob);
  bob.person.revoke(0);
  const { statement } = bob.person;
  const said = { binding: null, ticket: null, content: 1 };
  laptop.write({ kind: "join", body: { statement, ...said } });
  assert.deepEqual(room.seeAll(laptop).state.memberByAccount.get(bob.account)?.statement, statement);
  const cuts = laptop.cutsOf(bob.person, 3).filter(({ device }) => device === bob.key.publicKey);
  laptop.write({ kind: "device", body: { statement, cuts: [...cuts], content: 1 } });
  assert.deepEqual(room.seeAll(laptop).state.spans(bob.key.publicKey, "content"), [[1, 3]]);
  room.write(admitting(bob.person, { statement: old }));
  assert.deepEqual(room.state.memberByAccount.get(bob.account)?.statement, statement);
});

test("who was removed comes back by a new admission, and what it wrote meanwhile stays a hole", () => {
  const { owner, others } = inviteRoom(new Person("bob"));
  const [bob] = others;
  assert.ok(bob !== undefined);
  owner.remove(bob.person, true, owner.cutsOf(bob.person, 4));
  owner.admit(bob.person);
  bob.seeAll(owner);
  bob.join(null, 9);
  owner.seeAll(bob);
  assert.ok(owner.state.memberByAccount.has(bob.account));
  assert.deepEqual(owner.state.spans(bob.key.publicKey, "content"), [
    [1, 4],
    [9, Infinity],
  ]);
  owner.remove(bob.person, false, owner.cutsOf(bob.person, 12));
  assert.deepEqual(owner.state.spans(bob.key.publicKey, "content"), [
    [1, 4],
    [9, 12],
  ]);
});

test("tickets bring back who left, and not who was barred until somebody admits it", () => {
  const room = openRoom();
  const bob = join(new Person("bob"), room);
  room.seeAll(bob);
  bob.leave(bob.cutsOf(bob.person, 2));
  room.seeAll(bob);
  assert.equal(room.state.memberByAccount.has(bob.account), false);
  bob.join(ticketFor(bob.person, room.set.id), 3);
  room.seeAll(bob);
  assert.ok(room.state.memberByAccount.has(bob.account));
  room.remove(bob.person, true);
  bob.seeAll(room);
  bob.join(ticketFor(bob.person, room.set.id), 4);
  room.seeAll(bob);
  assert.deepEqual(room.state.formerByAccount.get(bob.account)?.barred, true);
  room.admit(bob.person);
  assert.ok(room.state.memberByAccount.has(bob.account));
});

test("a join that does not know of its author's removal counts for nothing", () => {
  const room = openRoom();
  const bob = join(new Person("bob"), room);
  room.seeAll(bob);
  room.remove(bob.person);
  bob.join(ticketFor(bob.person, room.set.id), 2);
  room.seeAll(bob);
  assert.equal(room.state.memberByAccount.has(bob.account), false);
});

test("moderators act on those below them, in the order of their appointment", () => {
  const { owner, others } = inviteRoom(new Person("mara"), new Person("nina"), new Person("bob"));
  const [mara, nina, bob] = others;
  assert.ok(mara !== undefined && nina !== undefined && bob !== undefined);
  owner.role(mara.account, "moderator");
  owner.role(nina.account, "moderator");
  for (const writer of others) writer.seeAll(owner);
  assert.deepEqual(
    [owner, mara, nina, bob].map(({ account }) => owner.state.memberByAccount.get(account)?.rank),
    [0, 1, 2, Infinity],
  );
  const up = nina.remove(mara.person);
  const top = nina.remove(owner.person);
  owner.see(up, top);
  assert.ok(owner.state.voidIds.has(up.id) && owner.state.voidIds.has(top.id));
  owner.see(nina.remove(bob.person));
  assert.equal(owner.state.memberByAccount.has(bob.account), false);
  const heads = owner.state.heads;
  assert.ok(owner.state.outranks(heads, mara.account, nina.account));
  assert.ok(owner.state.outranks(heads, owner.account, mara.account));
  assert.equal(owner.state.outranks(heads, nina.account, mara.account), false);
  assert.equal(owner.state.outranks(heads, bob.account, bob.account), false);
});

test("of two moderators who remove each other at once, the one appointed first stays", () => {
  const { owner, others } = inviteRoom(new Person("mara"), new Person("nina"), new Person("bob"));
  const [mara, nina, bob] = others;
  assert.ok(mara !== undefined && nina !== undefined && bob !== undefined);
  owner.role(mara.account, "moderator");
  owner.role(nina.account, "moderator");
  for (const writer of others) writer.seeAll(owner);
  mara.remove(nina.person);
  nina.admit(new Person("eve"));
  nina.remove(bob.person);
  const void3 = nina.remove(mara.person);
  const state = evaluateControl(owner.set.id, everything(owner, mara, nina));
  assert.ok(state.memberByAccount.has(mara.account));
  assert.equal(state.memberByAccount.has(nina.account), false);
  assert.ok(state.memberByAccount.has(bob.account), "removed by somebody who was removed at the same time");
  assert.ok(state.voidIds.has(void3.id));
});

test("the owner cannot be removed, not even while the room is handed over", () => {
  const { owner, others } = inviteRoom(new Person("mara"), new Person("bob"));
  const [mara, bob] = others;
  assert.ok(mara !== undefined && bob !== undefined);
  mara.see(owner.role(mara.account, "moderator"));
  bob.seeAll(owner);
  mara.remove(owner.person);
  mara.remove(bob.person);
  owner.role(bob.account, "owner");
  const state = evaluateControl(owner.set.id, everything(owner, mara));
  assert.equal(state.memberByAccount.get(bob.account)?.role, "owner");
  assert.equal(state.memberByAccount.get(owner.account)?.role, "member");
  const entry = bob.seeAll(owner).leave();
  assert.ok(bob.state.voidIds.has(entry.id), "an owner does not leave");
});

test("nobody is removed who was raised above the remover at the same time", () => {
  const { owner, others } = inviteRoom(new Person("mara"), new Person("nina"), new Person("bob"));
  const [mara, nina, bob] = others;
  assert.ok(mara !== undefined && nina !== undefined && bob !== undefined);
  const second = secondDevice(owner);
  second.role(nina.account, "moderator");
  owner.topic("one entry deeper");
  owner.role(mara.account, "moderator");
  mara.seeAll(owner);
  const against = [mara.remove(nina.person), mara.remove(bob.person)];
  second.seeAll(owner).role(bob.account, "owner");
  const state = evaluateControl(owner.set.id, everything(owner, second, mara));
  assert.equal(state.memberByAccount.get(nina.account)?.rank, 1);
  assert.equal(state.memberByAccount.get(bob.account)?.role, "owner");
  for (const { id } of against) assert.ok(state.voidIds.has(id));
});

test("a rank is lost with the membership", () => {
  const { owner, others } = inviteRoom(new Person("mara"));
  const [mara] = others;
  assert.ok(mara !== undefined);
  mara.see(owner.role(mara.account, "moderator"));
  mara.leave();
  owner.seeAll(mara).admit(mara.person);
  mara.seeAll(owner).join();
  const admit = mara.admit(new Person("eve"));
  owner.seeAll(mara);
  assert.equal(owner.state.memberByAccount.get(mara.account)?.role, "member");
  assert.ok(owner.state.voidIds.has(admit.id));
});

test("who is barred by a higher rank is not let in again by a lower one", () => {
  const { owner, others } = inviteRoom(new Person("mara"), new Person("bob"));
  const [mara, bob] = others;
  assert.ok(mara !== undefined && bob !== undefined);
  owner.role(mara.account, "moderator");
  owner.remove(bob.person, true);
  const pardon = mara.seeAll(owner).admit(bob.person);
  owner.see(pardon);
  assert.ok(owner.state.voidIds.has(pardon.id));
  assert.equal(owner.state.formerByAccount.get(bob.account)?.barred, true);
  owner.admit(bob.person);
  assert.ok(owner.state.memberByAccount.has(bob.account));
});

test("who has left does nothing more, not even leave again", () => {
  const { owner, others } = inviteRoom(new Person("bob"));
  const [bob] = others;
  assert.ok(bob !== undefined);
  bob.leave();
  const again = bob.leave();
  owner.seeAll(bob);
  assert.ok(owner.state.voidIds.has(again.id));
});

test("P12: an entry that does not follow its chain is refused", () => {
  const { owner, others } = inviteRoom(new Person("bob"));
  const [bob] = others;
  assert.ok(bob?.last !== undefined);
  const merge = { kind: "merge", body: {} } as const;
  const skipped = { ...bob.last, header: { ...bob.last.header, seq: 5 } };
  assert.equal(owner.set.add(bob.draft(merge, { after: skipped })), "refused");
  const stranger = owner.seen[0] ?? assert.fail();
  assert.equal(owner.set.add(bob.draft(merge, { after: stranger })), "refused");
});

test("a removal keeps nothing that its author had not seen, however far its cut reaches", () => {
  const { owner, others } = inviteRoom(new Person("mara"), new Person("nina"));
  const [mara, nina] = others;
  assert.ok(mara !== undefined && nina !== undefined);
  owner.role(mara.account, "moderator");
  owner.role(nina.account, "moderator");
  for (const writer of others) writer.seeAll(owner);
  const beside = nina.admit(new Person("eve"));
  const far = mara
    .cutsOf(nina.person)
    .map((cut) => ({ ...cut, control: [99, beside.id] as [number, typeof beside.id] }));
  mara.remove(nina.person, false, far);
  assert.ok(evaluateControl(owner.set.id, everything(owner, mara, nina)).voidIds.has(beside.id));
});

test("an owner who gives the room away and gets it back has not the powers of two", () => {
  const { owner, others } = inviteRoom(new Person("bob"), new Person("carla"));
  const [bob, carla] = others;
  assert.ok(bob !== undefined && carla !== undefined);
  const second = secondDevice(owner);
  owner.role(bob.account, "owner");
  bob.seeAll(owner).role(owner.account, "owner");
  for (let depth = 0; depth < 4; depth += 1) second.topic(`${depth}`);
  const stale = second.role(carla.account, "owner");
  const state = evaluateControl(owner.set.id, everything(owner, second, bob));
  assert.equal(state.memberByAccount.get(owner.account)?.role, "owner");
  assert.ok(state.voidIds.has(stale.id));
});

/** Another device of that writer's account, which has begun. */
function secondDevice(writer: Writer): Writer {
  const { person, set } = writer;
  const second = new Writer(person, set.id, person.addDevice()).seeAll(writer);
  second.write({ kind: "device", body: { statement: person.statement, cuts: [], content: 1 } });
  writer.seeAll(second);
  return second;
}

test("a former owner is a member, whatever other devices of it pretend", () => {
  const { owner, others } = inviteRoom(new Person("bob"));
  const [bob] = others;
  assert.ok(bob !== undefined);
  const second = secondDevice(owner);
  owner.role(bob.account, "owner");
  second.remove(bob.person);
  second.write({ kind: "close", body: {} });
  const state = evaluateControl(owner.set.id, everything(owner, second));
  assert.equal(state.memberByAccount.get(bob.account)?.role, "owner");
  assert.equal(state.closed, false);
});

test("two hand-overs at once: one counts, and the same one for everybody", () => {
  const { owner, others } = inviteRoom(new Person("bob"), new Person("carla"));
  const [bob, carla] = others;
  assert.ok(bob !== undefined && carla !== undefined);
  const second = secondDevice(owner);
  const rivals = [owner.role(bob.account, "owner"), second.role(carla.account, "owner")];
  const all = everything(owner, second);
  const state = evaluateControl(owner.set.id, all);
  const owners = [...state.memberByAccount.values()].filter(({ role }) => role === "owner");
  assert.equal(owners.length, 1);
  assert.equal(rivals.filter(({ id }) => state.voidIds.has(id)).length, 1);
  assert.deepEqual(evaluateControl(owner.set.id, all.toReversed()).memberByAccount, state.memberByAccount);
});

test("a revoked device counts up to its cut, and a thief with it cannot undo that", () => {
  const { owner, others } = inviteRoom(new Person("bob"));
  const [bob] = others;
  assert.ok(bob !== undefined);
  const laptop = new Writer(bob.person, owner.set.id, bob.person.addDevice()).seeAll(owner);
  laptop.write({ kind: "device", body: { statement: bob.person.statement, cuts: [], content: 1 } });
  owner.seeAll(laptop);
  assert.equal(owner.state.memberByAccount.get(bob.account)?.devices.length, 2);
  bob.person.revoke(0);
  const cuts = laptop.cutsOf(bob.person, 6).filter(({ device }) => device === bob.key.publicKey);
  laptop.write({ kind: "device", body: { statement: bob.person.statement, cuts: [...cuts], content: 1 } });
  const theft = bob.leave();
  owner.seeAll(laptop).see(theft);
  assert.deepEqual(owner.state.memberByAccount.get(bob.account)?.devices, [laptop.key.publicKey]);
  assert.deepEqual(owner.state.spans(bob.key.publicKey, "content"), [[1, 6]]);
  assert.ok(owner.state.voidIds.has(theft.id));
  assert.ok(owner.state.memberByAccount.has(bob.account));
});

test("a device cuts no other that the account's statement does not revoke", () => {
  const { owner, others } = inviteRoom(new Person("bob"));
  const [bob] = others;
  assert.ok(bob !== undefined);
  const laptop = secondDevice(bob);
  owner.seeAll(bob);
  const cuts = laptop.cutsOf(bob.person, 2).filter(({ device }) => device === bob.key.publicKey);
  laptop.write({ kind: "device", body: { statement: bob.person.statement, cuts: [...cuts], content: 1 } });
  owner.seeAll(laptop);
  assert.deepEqual(owner.state.spans(bob.key.publicKey, "content"), [[1, Infinity]]);
});

test("of two revocations the one by the newer statement is judged first: a revoked device revokes nobody", () => {
  const { owner, others } = inviteRoom(new Person("bob"));
  const [bob] = others;
  assert.ok(bob !== undefined);
  const [laptop, tablet] = [secondDevice(bob), secondDevice(bob)];
  for (const writer of [laptop, tablet]) writer.seeAll(bob);
  const before = tablet.cutsOf(bob.person, 5).filter(({ device }) => device === bob.key.publicKey);
  bob.person.revoke(1);
  const against = bob.cutsOf(bob.person, 3).filter(({ device }) => device === laptop.key.publicKey);
  bob.write({ kind: "device", body: { statement: bob.person.statement, cuts: [...against], content: 1 } });
  bob.person.revoke(0);
  tablet.seeAll(bob);
  tablet.write({ kind: "device", body: { statement: bob.person.statement, cuts: [...before], content: 1 } });
  owner.seeAll(tablet);
  assert.deepEqual(owner.state.spans(bob.key.publicKey, "content"), [[1, 5]]);
  assert.deepEqual(owner.state.spans(laptop.key.publicKey, "content"), [[1, Infinity]]);
  assert.deepEqual(owner.state.memberByAccount.get(bob.account)?.devices, [tablet.key.publicKey]);
});

test("nobody is handed a room who has never written in it", () => {
  const { owner } = inviteRoom();
  const act = owner.role(new Person("eve").account, "owner");
  assert.ok(owner.state.voidIds.has(act.id));
  assert.equal(owner.state.memberByAccount.get(owner.account)?.role, "owner");
});

test("two statements of one version are shown as theft, and the later one brings no device in", () => {
  const { owner, others } = inviteRoom(new Person("bob"));
  const [bob] = others;
  assert.ok(bob !== undefined);
  const thief = new Writer(bob.person, owner.set.id, countedDevice()).seeAll(owner);
  const rival = bob.person.rival(thief.key);
  thief.write({ kind: "device", body: { statement: rival, cuts: [], content: 1 } });
  owner.seeAll(thief);
  assert.deepEqual([...owner.state.stolen], [bob.account]);
  assert.deepEqual(owner.state.spans(thief.key.publicKey, "content"), []);
  assert.deepEqual(owner.state.memberByAccount.get(bob.account)?.devices, [bob.key.publicKey]);
});

test("close is the owner's, and nothing counts that knows of it", () => {
  const { owner, others } = inviteRoom(new Person("bob"));
  const [bob] = others;
  assert.ok(bob !== undefined);
  const beside = bob.leave();
  owner.write({ kind: "close", body: {} });
  const after = owner.topic("late");
  owner.see(beside);
  assert.ok(owner.state.closed);
  assert.equal(owner.state.topic, "");
  assert.ok(owner.state.voidIds.has(after.id));
  assert.equal(owner.state.memberByAccount.has(bob.account), false, "what did not know of it counts");
});

test("an upgrade to what this Papo does not know makes the room read-only here", () => {
  const { owner } = inviteRoom();
  owner.write({ kind: "upgrade", body: { features: ["room-log/1"] } });
  assert.equal(owner.state.readOnly, false);
  owner.write({ kind: "upgrade", body: { features: ["polls/1"] } });
  assert.equal(owner.state.readOnly, true);
  assert.deepEqual(owner.state.features, ["polls/1", "room-log/1"]);
});

test("members by an entry's heads do not change with what came later", () => {
  const { owner, others } = inviteRoom(new Person("bob"));
  const [bob] = others;
  assert.ok(bob !== undefined);
  const heads = owner.state.heads;
  owner.admit(new Person("carla"));
  owner.leave();
  assert.deepEqual(owner.state.membersAt(heads), new Set([owner.account, bob.account]));
  assert.equal(owner.state.membersAt(owner.state.heads).size, 3);
  assert.equal(owner.state.membersAt([]).size, 0);
});

test("a history base reads back as it was written", () => {
  const [a, b] = [countedDevice().publicKey, countedDevice().publicKey];
  const text = encodeHistoryBase(
    new Map([
      [a, 5],
      [b, 2 ** 40 + 3],
    ]),
  );
  assert.equal(decodeHistoryBase(text ?? assert.fail()).size, 2);
  const { owner } = inviteRoom();
  const carla = new Person("carla");
  const base = encodeHistoryBase(new Map([[owner.key.publicKey, 41]])) ?? assert.fail();
  owner.write(admitting(carla, { base }));
  assert.deepEqual(owner.state.memberByAccount.get(carla.account)?.base, new Map([[owner.key.publicKey, 41]]));
});
