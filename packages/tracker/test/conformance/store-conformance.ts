import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import { type RoomName, ROOMS_JOINED_MAX, ROOMS_OWNED_MAX } from "@papo/protocol";
import { foldOf } from "../../src/repositories/name-order.ts";
import type { Repositories } from "../../src/repositories/repositories.ts";
import type { RoomCursor, StoredRoom } from "../../src/repositories/room-repository.ts";
import { StoreFailure } from "../../src/repositories/store-failure.ts";
import type { User, UserCursor } from "../../src/repositories/user-repository.ts";
import { emptyFolder, identity, key, login, named, room, start, user } from "./samples.ts";

export type StoreUnderTest = {
  readonly name: string;
  /** Opened again on the same folder, it holds what it held. */
  readonly isDurable: boolean;
  open(directory: string): Promise<Repositories>;
};

/** What every store must do. A new one calls this and is done when it passes. */
export function storeConformance(store: StoreUnderTest): void {
  describe(`store ${store.name}`, () => {
    accounts(store);
    identities(store);
    starts(store);
    rooms(store);
    seats(store);
    memberships(store);
    limits(store);
    listings(store);
    peers(store);
    imports(store);
    lifetime(store);
    if (store.isDurable) durability(store);
  });
}

async function opened(store: StoreUnderTest, t: TestContext): Promise<Repositories> {
  const repositories = await store.open(await emptyFolder(t));
  t.after(() => repositories.close());
  return repositories;
}

function accounts(store: StoreUnderTest): void {
  test("an account is found by its exact name, as it was stored", async (t) => {
    const { users } = await opened(store, t);
    const gabi = user("Gabi", { weak: true, identity: identity("gabi", 3) });
    assert.equal(await users.create(gabi), "created");
    assert.deepEqual(await users.find(named("Gabi")), gabi);
    assert.equal(await users.find(named("gabi")), undefined);
    assert.equal(await users.count(), 1);
  });

  test("T13: a name whose skeleton is taken is refused, and the first account stays as it was", async (t) => {
    const { users } = await opened(store, t);
    await users.create(user("gabi"));
    assert.equal(await users.create(user("GABI", { weak: true })), "taken");
    assert.equal(await users.create(user("gabi", { skeleton: "another", weak: true })), "taken");
    assert.deepEqual(await users.find(named("gabi")), user("gabi"));
    assert.equal(await users.find(named("GABI")), undefined);
  });

  test("of accounts registered at once with one skeleton exactly one is made", async (t) => {
    const { users } = await opened(store, t);
    const names = ["nori", "Nori", "NORI", "nOri", "noRi", "norI"];
    const results = await Promise.all(names.map((name) => users.create(user(name))));
    assert.equal(results.filter((result) => result === "created").length, 1);
    assert.equal(await users.count(), 1);
  });

  test("T8: names that are special in JavaScript are names like any other", async (t) => {
    const { users, rooms } = await opened(store, t);
    const special = ["__proto__", "constructor", "toString", "hasOwnProperty", "a\0b", "a\0c"];
    for (const name of special) {
      assert.equal(await users.find(named(name)), undefined);
      assert.equal(await rooms.find({ name: name as RoomName }), undefined);
      assert.equal(await users.create(user(name)), "created");
      assert.equal(await rooms.create(room(name, name), "papo"), "created");
    }
    for (const name of special) {
      assert.equal((await users.find(named(name)))?.username, name);
      assert.equal((await rooms.find({ name: name as RoomName }))?.owner, name);
    }
    assert.equal("isPolluted" in {}, false);
  });

  test("an upgraded password replaces the report's, and says whether it is weak", async (t) => {
    const { users } = await opened(store, t);
    const imported = user("yuki", { password: { kind: "sha256", hex: "ab".repeat(32) }, weak: false });
    await users.create(imported);
    const password = { kind: "argon2id", phc: "$argon2id$v=19$m=19456,t=2,p=1$AAAA$BBBB" } as const;
    await users.setPassword(named("yuki"), password, { weak: true });
    assert.deepEqual(await users.find(named("yuki")), { ...imported, password, weak: true });
    await users.setPassword(named("nobody"), password, { weak: true });
    assert.equal(await users.find(named("nobody")), undefined);
  });

  test("pages of accounts follow (skeleton, name) in code point order and miss nobody", async (t) => {
    const { users } = await opened(store, t);
    const names = ["b", "a", "\u{1F600}", "\uFFFD", "é", "Z", "ab"];
    for (const name of names) await users.create(user(name));
    const found: User[] = [];
    for (let after: UserCursor | undefined; ; after = found.at(-1)) {
      const page = await users.page(after, 2);
      if (page.length === 0) break;
      found.push(...page);
    }
    assert.deepEqual(
      found.map(({ username }) => username),
      ["a", "ab", "b", "Z", "é", "\uFFFD", "\u{1F600}"],
    );
    assert.deepEqual(await users.page(undefined, 0), []);
  });
}

function identities(store: StoreUnderTest): void {
  test("an identity is set only over the one that the caller saw", async (t) => {
    const { users } = await opened(store, t);
    await users.create(user("gabi"));
    const [first, second, other] = [identity("A", 1), identity("A", 2), identity("B", 1)];
    assert.equal(await users.enter(named("gabi"), first, login(second)), "conflict");
    assert.equal(await users.enter(named("gabi"), null, login(first)), "entered");
    assert.equal(await users.enter(named("gabi"), null, login(other)), "conflict");
    assert.equal(await users.enter(named("gabi"), { ...first, version: 2 }, login(second)), "conflict");
    assert.equal(await users.enter(named("gabi"), other, login(second)), "conflict");
    assert.equal(await users.enter(named("gabi"), first, login(second)), "entered");
    assert.equal(await users.enter(named("nobody"), null, login(first)), "conflict");
    assert.deepEqual(await users.find(named("gabi")), user("gabi", { identity: second }));
  });

  test("of identities set at once over the same one exactly one wins", async (t) => {
    const { users } = await opened(store, t);
    await users.create(user("gabi"));
    const racers = Array.from({ length: 20 }, (_, index) => identity(`root ${index}`, 1));
    const results = await Promise.all(racers.map((racer) => users.enter(named("gabi"), null, login(racer))));
    const winner = racers[results.indexOf("entered")];
    assert.equal(results.filter((result) => result === "entered").length, 1);
    assert.deepEqual((await users.find(named("gabi")))?.identity, winner);
  });
}

function starts(store: StoreUnderTest): void {
  test("F15: a device's start follows its last: a lower epoch, and the same one of another start, are a copy", async (t) => {
    const { users } = await opened(store, t);
    const first = identity("A", 1);
    await users.create(user("gabi", { identity: first, starts: [start("phone", 3)] }));
    const enter = (device: string, epoch: number, of?: string) =>
      users.enter(named("gabi"), first, login(first, ["phone", "laptop"], start(device, epoch, of)));
    const startsNow = async () => (await users.find(named("gabi")))?.starts;

    assert.equal(await enter("phone", 2), "copied");
    assert.equal(await enter("phone", 3, "again"), "copied");
    assert.equal(await enter("phone", 1), "copied");
    assert.deepEqual(await startsNow(), [start("phone", 3)]);
    assert.equal(await enter("phone", 3), "entered");
    assert.equal(await enter("laptop", 1), "entered");
    assert.equal(await enter("phone", 7), "entered");
    assert.equal(await enter("phone", 6), "copied");
    assert.deepEqual(await startsNow(), [start("laptop", 1), start("phone", 7)]);
  });

  test("F15: of two copies that start at once exactly one is let in", async (t) => {
    const { users } = await opened(store, t);
    const first = identity("A", 1);
    await users.create(user("gabi", { identity: first, starts: [start("phone", 3)] }));
    const copies = ["one", "two", "three"].map((of) => login(first, ["phone"], start("phone", 4, of)));
    const results = await Promise.all(copies.map((copy) => users.enter(named("gabi"), first, copy)));
    assert.deepEqual(results.toSorted(), ["copied", "copied", "entered"]);
    assert.deepEqual((await users.find(named("gabi")))?.starts, [copies[results.indexOf("entered")]?.start]);
  });

  test("starts are forgotten with their device, and with the root", async (t) => {
    const { users } = await opened(store, t);
    const [first, second, other] = [identity("A", 1), identity("A", 2), identity("B", 1)];
    await users.create(user("gabi", { identity: first, starts: [start("phone", 3), start("laptop", 5)] }));
    assert.equal(await users.enter(named("gabi"), first, login(second, ["laptop", "tablet"])), "entered");
    assert.deepEqual((await users.find(named("gabi")))?.starts, [start("laptop", 5)]);
    assert.equal(await users.enter(named("gabi"), second, login(other, ["laptop"], start("laptop", 1))), "entered");
    assert.deepEqual((await users.find(named("gabi")))?.starts, [start("laptop", 1)]);
  });

  test("the latch is taken off by a later request only, and the next login with a key puts it on again", async (t) => {
    const { users } = await opened(store, t);
    const first = identity("A", 1);
    await users.create(user("gabi", { identity: first }));
    await users.create(user("nori"));
    assert.equal(await users.unlatch(named("nori"), first.account, 10), "conflict");
    assert.equal(await users.unlatch(named("nobody"), first.account, 10), "conflict");
    assert.equal(await users.unlatch(named("gabi"), identity("B", 1).account, 10), "conflict");
    assert.equal(await users.unlatch(named("gabi"), first.account, 10), "unlatched");
    assert.deepEqual(
      await users.find(named("gabi")),
      user("gabi", { identity: first, unlatched: true, unlatchedMs: 10 }),
    );
    assert.equal(await users.enter(named("gabi"), first, login(first)), "entered");
    assert.equal((await users.find(named("gabi")))?.unlatched, false);
    for (const stale of [9, 10]) assert.equal(await users.unlatch(named("gabi"), first.account, stale), "stale");
    assert.equal(await users.unlatch(named("gabi"), first.account, 11), "unlatched");
  });
}

function rooms(store: StoreUnderTest): void {
  test("a new room has its owner as first member", async (t) => {
    const { rooms } = await opened(store, t);
    const teste = room("TESTE", "gabi", { kind: "plain", capacity: 3 });
    assert.equal(await rooms.create(teste, "seed"), "created");
    assert.deepEqual(await rooms.find({ name: teste.name }), { ...teste, members: 1 });
    assert.deepEqual(await rooms.find({ id: teste.id }), { ...teste, members: 1 });
    assert.deepEqual(await rooms.members(teste.id, undefined, 10), [{ username: "gabi", seat: 0, kind: "seed" }]);
  });

  test("room names are compared exactly, and of rooms made at once with one name exactly one is made", async (t) => {
    const { rooms } = await opened(store, t);
    const attempts = ["gabi", "nori", "yuki"].map((owner) => room("sala", owner, { id: room(owner, owner).id }));
    const results = await Promise.all(attempts.map((attempt) => rooms.create(attempt, "papo")));
    assert.deepEqual(results.toSorted(), ["created", "exists", "exists"]);
    assert.equal(await rooms.create(room("SALA", "nori"), "papo"), "created");
  });

  test("T17: only the owner deletes, twice is said, and the name is free for another room", async (t) => {
    const { rooms } = await opened(store, t);
    const first = room("sala", "gabi");
    await rooms.create(first, "papo");
    await rooms.join(first.id, named("nori"), "papo");
    assert.equal(await rooms.delete(first.id, named("nori")), "not_owner");
    assert.equal(await rooms.delete(first.id, named("gabi")), "deleted");
    assert.equal(await rooms.delete(first.id, named("gabi")), "missing");
    assert.deepEqual(await rooms.roomsOf(named("nori")), []);
    assert.deepEqual(await rooms.members(first.id, undefined, 10), []);
    assert.deepEqual(await rooms.list({ limit: 10 }), []);

    const second = room("sala", "nori", { id: room("a new id", "nori").id });
    assert.equal(await rooms.create(second, "papo"), "created");
    assert.deepEqual(await rooms.join(first.id, named("yuki"), "papo"), { kind: "missing" });
    assert.equal((await rooms.find({ name: second.name }))?.id, second.id);
  });

  test("T17: a join that races the room's end leaves no member without a room", async (t) => {
    const { rooms } = await opened(store, t);
    const sala = room("sala", "gabi");
    await rooms.create(sala, "papo");
    const joins = ["a", "b", "c"].map((name) => rooms.join(sala.id, named(name), "papo"));
    const end = rooms.delete(sala.id, named("gabi"));
    const late = rooms.join(sala.id, named("d"), "papo");
    assert.equal(await end, "deleted");
    for (const result of await Promise.all([...joins, late])) assert.match(result.kind, /^(joined|missing)$/u);
    for (const name of ["a", "b", "c", "d"]) assert.deepEqual(await rooms.roomsOf(named(name)), []);
  });
}

function seats(store: StoreUnderTest): void {
  test("joining again changes nothing but a seed seat into a papo one", async (t) => {
    const { rooms } = await opened(store, t);
    const sala = room("sala", "gabi");
    await rooms.create(sala, "papo");
    const seat = { username: named("nori"), seat: 1, kind: "seed" } as const;
    const inside = { ...sala, members: 2 };
    assert.deepEqual(await rooms.join(sala.id, seat.username, "seed"), { kind: "joined", room: inside, seat });
    assert.deepEqual(await rooms.join(sala.id, seat.username, "seed"), { kind: "already", room: inside, seat });
    const raised = { ...seat, kind: "papo" } as const;
    assert.deepEqual(await rooms.join(sala.id, seat.username, "papo"), { kind: "already", room: inside, seat: raised });
    assert.deepEqual(await rooms.join(sala.id, seat.username, "seed"), { kind: "already", room: inside, seat: raised });
    assert.deepEqual(await rooms.seatOf(sala.id, seat.username), raised);
    assert.deepEqual((await rooms.roomsOf(seat.username))[0]?.seat, raised);
  });

  test("seats count up in the order of joining, whoever left between", async (t) => {
    const { rooms } = await opened(store, t);
    const sala = room("sala", "gabi");
    await rooms.create(sala, "papo");
    for (const name of ["a", "b", "c"]) await rooms.join(sala.id, named(name), "papo");
    assert.equal(await rooms.leave(sala.id, named("c")), "left");
    assert.equal(await rooms.leave(sala.id, named("a")), "left");
    assert.equal(await rooms.leave(sala.id, named("a")), "not_member");
    await rooms.join(sala.id, named("d"), "papo");
    await rooms.join(sala.id, named("a"), "papo");
    const all = await rooms.members(sala.id, undefined, 10);
    assert.deepEqual(
      all.map(({ username, seat }) => [username, seat]),
      [
        ["gabi", 0],
        ["b", 2],
        ["d", 4],
        ["a", 5],
      ],
    );
    assert.deepEqual(await rooms.members(sala.id, 2, 1), all.slice(2, 3));
    const byName = await rooms.membersByName(sala.id, undefined, 10);
    assert.deepEqual(
      byName.map(({ username }) => username),
      ["a", "b", "d", "gabi"],
    );
    assert.deepEqual(await rooms.membersByName(sala.id, named("c"), 1), byName.slice(2, 3));
    assert.equal(await rooms.leave(room("none", "x").id, named("a")), "missing");
    assert.equal(await rooms.seatOf(sala.id, named("c")), undefined);
  });

  test("racing joins never exceed the capacity, and the owner's place is free for the owner alone", async (t) => {
    const { rooms } = await opened(store, t);
    const sala = room("sala", "gabi", { capacity: 10 });
    await rooms.create(sala, "seed");
    assert.equal(await rooms.leave(sala.id, named("gabi")), "left");
    const racers = Array.from({ length: 100 }, (_, index) => rooms.join(sala.id, named(`user ${index}`), "papo"));
    const kinds = (await Promise.all(racers)).map(({ kind }) => kind);
    assert.equal(kinds.filter((kind) => kind === "joined").length, 9);
    assert.equal(kinds.filter((kind) => kind === "full").length, 91);
    assert.equal((await rooms.find({ id: sala.id }))?.members, 9);

    const back = await rooms.join(sala.id, named("gabi"), "papo");
    assert.deepEqual(back, {
      kind: "joined",
      room: { ...sala, members: 10 },
      seat: { username: "gabi", seat: 0, kind: "papo" },
    });
    assert.deepEqual(await rooms.join(sala.id, named("late"), "papo"), { kind: "full" });
    assert.equal((await rooms.members(sala.id, undefined, 1))[0]?.username, "gabi");
  });

  test("T29: joining and leaving without end keeps the count right", async (t) => {
    const { rooms } = await opened(store, t);
    const sala = room("sala", "gabi", { capacity: 3 });
    await rooms.create(sala, "papo");
    const steps = Array.from({ length: 200 }, (_, index) =>
      index % 2 === 0 ? rooms.join(sala.id, named("nori"), "seed") : rooms.leave(sala.id, named("nori")),
    );
    await Promise.all(steps);
    assert.equal((await rooms.find({ id: sala.id }))?.members, 1);
    assert.equal((await rooms.join(sala.id, named("nori"), "seed")).kind, "joined");
  });

  test("a user's rooms stand in the order of joining", async (t) => {
    const { rooms } = await opened(store, t);
    for (const name of ["c", "a", "b"]) {
      await rooms.create(room(name, "gabi"), "papo");
      await rooms.join(room(name, "gabi").id, named("nori"), name === "a" ? "seed" : "papo");
    }
    await rooms.leave(room("c", "gabi").id, named("nori"));
    await rooms.join(room("c", "gabi").id, named("nori"), "papo");
    await rooms.join(room("a", "gabi").id, named("nori"), "papo");
    const joined = await rooms.roomsOf(named("nori"));
    assert.deepEqual(
      joined.map(({ room }) => room.name),
      ["a", "b", "c"],
    );
    assert.deepEqual(
      joined.map(({ seat }) => seat.username),
      ["nori", "nori", "nori"],
    );
  });

  test("I12: after a restart the seed seats of those who did not come back are freed, owners' and papo seats never", async (t) => {
    const { rooms } = await opened(store, t);
    const [first, second] = [room("first", "gabi"), room("second", "gabi")];
    await rooms.create(first, "seed");
    await rooms.create(second, "papo");
    for (const name of ["nori", "yuki"]) await rooms.join(first.id, named(name), "seed");
    await rooms.join(second.id, named("nori"), "papo");
    assert.deepEqual(await rooms.releaseSeedSeats(new Set([named("nori")])), [first.id]);
    const left = await rooms.members(first.id, undefined, 10);
    assert.deepEqual(
      left.map(({ username }) => username),
      ["gabi", "nori"],
    );
    assert.equal((await rooms.find({ id: first.id }))?.members, 2);
    assert.equal((await rooms.find({ id: second.id }))?.members, 2);
    assert.deepEqual(await rooms.releaseSeedSeats(new Set([named("nori")])), []);
    assert.equal((await rooms.join(first.id, named("yuki"), "seed")).kind, "joined");
  });
}

function memberships(store: StoreUnderTest): void {
  const names = (seats: readonly { readonly username: string; readonly seat: number }[]) =>
    seats.map(({ username, seat }) => `${username} ${seat}`);

  test("an id that is in use is taken, whatever the name", async (t) => {
    const { rooms } = await opened(store, t);
    const sala = room("sala", "gabi");
    assert.equal(await rooms.create(sala, "papo"), "created");
    assert.equal(await rooms.create(room("outra", "nori", { id: sala.id }), "papo"), "exists");
    assert.equal((await rooms.find({ id: sala.id }))?.owner, "gabi");
  });

  test("an invite room is missing for who is not in it; members admit, and the owner may always come back", async (t) => {
    const { rooms } = await opened(store, t);
    const sala = room("sala", "gabi", { kind: "invite" });
    await rooms.create(sala, "papo");
    assert.deepEqual(await rooms.join(sala.id, named("nori"), "papo"), { kind: "missing" });
    assert.deepEqual(await rooms.admit(sala.id, named("nori"), named("nori")), { kind: "not_member" });
    assert.deepEqual(await rooms.admit(room("none", "x").id, named("gabi"), named("nori")), { kind: "missing" });
    const seat = { username: named("nori"), seat: 1, kind: "papo" } as const;
    const inside = { ...sala, members: 2 };
    assert.deepEqual(await rooms.admit(sala.id, named("gabi"), named("nori")), { kind: "joined", room: inside, seat });
    assert.deepEqual(await rooms.admit(sala.id, named("gabi"), named("nori")), { kind: "already", room: inside, seat });
    assert.deepEqual(await rooms.join(sala.id, named("nori"), "papo"), { kind: "already", room: inside, seat });

    await rooms.leave(sala.id, named("gabi"));
    assert.deepEqual(await rooms.admit(sala.id, named("gabi"), named("yuki")), { kind: "not_member" });
    assert.equal((await rooms.join(sala.id, named("gabi"), "papo")).kind, "joined");
    await rooms.create(room("aberta", "gabi"), "papo");
    const open = await rooms.admit(room("aberta", "gabi").id, named("gabi"), named("yuki"));
    assert.deepEqual(open, { kind: "not_invite" });
  });

  test("racing admissions never exceed the capacity, nor the rooms that the admitted account may be in", async (t) => {
    const { rooms } = await opened(store, t);
    const sala = room("sala", "gabi", { kind: "invite", capacity: 10 });
    await rooms.create(sala, "papo");
    const racers = Array.from({ length: 60 }, (_, at) => rooms.admit(sala.id, named("gabi"), named(`user ${at}`)));
    const kinds = (await Promise.all(racers)).map(({ kind }) => kind);
    assert.equal(kinds.filter((kind) => kind === "joined").length, 9);
    assert.equal(kinds.filter((kind) => kind === "full").length, 51);
    assert.equal((await rooms.find({ id: sala.id }))?.members, 10);

    const many = Array.from({ length: ROOMS_JOINED_MAX }, (_, at) => room(`r ${at}`, `o ${at}`, { kind: "invite" }));
    for (const each of many) {
      await rooms.create(each, "papo");
      assert.equal((await rooms.admit(each.id, each.owner, named("nori"))).kind, "joined");
    }
    await rooms.create(room("one more", "yuki", { kind: "invite" }), "papo");
    assert.deepEqual(await rooms.admit(room("one more", "yuki").id, named("yuki"), named("nori")), { kind: "limit" });
  });

  test("T17: only the owner takes others out, and never herself", async (t) => {
    const { rooms } = await opened(store, t);
    const sala = room("sala", "gabi");
    await rooms.create(sala, "papo");
    await rooms.join(sala.id, named("nori"), "papo");
    assert.equal(await rooms.remove(sala.id, named("nori"), named("gabi")), "not_owner");
    assert.equal(await rooms.remove(sala.id, named("gabi"), named("gabi")), "owner");
    assert.equal(await rooms.remove(sala.id, named("gabi"), named("yuki")), "not_member");
    assert.equal(await rooms.remove(sala.id, named("gabi"), named("nori")), "removed");
    assert.equal(await rooms.remove(sala.id, named("gabi"), named("nori")), "not_member");
    assert.equal(await rooms.remove(room("none", "x").id, named("gabi"), named("nori")), "missing");
    assert.equal((await rooms.find({ id: sala.id }))?.members, 1);
    assert.deepEqual(await rooms.roomsOf(named("nori")), []);
  });

  test("a room handed over has its new owner in the owner's place, and counts as theirs", async (t) => {
    const { rooms } = await opened(store, t);
    const sala = room("sala", "gabi", { capacity: 3 });
    await rooms.create(sala, "papo");
    for (const name of ["nori", "yuki"]) await rooms.join(sala.id, named(name), "papo");
    assert.equal(await rooms.transfer(sala.id, named("nori"), named("yuki")), "not_owner");
    assert.equal(await rooms.transfer(sala.id, named("gabi"), named("ana")), "not_member");
    assert.equal(await rooms.transfer(room("none", "x").id, named("gabi"), named("nori")), "missing");
    assert.equal(await rooms.transfer(sala.id, named("gabi"), named("gabi")), "transferred");
    assert.deepEqual(names(await rooms.members(sala.id, undefined, 9)), ["gabi 0", "nori 1", "yuki 2"]);

    assert.equal(await rooms.transfer(sala.id, named("gabi"), named("nori")), "transferred");
    assert.equal((await rooms.find({ id: sala.id }))?.owner, "nori");
    assert.deepEqual(names(await rooms.members(sala.id, undefined, 9)), ["nori 0", "yuki 2", "gabi 3"]);
    assert.equal(await rooms.delete(sala.id, named("gabi")), "not_owner");
    assert.deepEqual(await rooms.join(sala.id, named("ana"), "papo"), { kind: "full" });

    // Who gave the room away while not in it has no place kept any more.
    await rooms.leave(sala.id, named("nori"));
    assert.equal(await rooms.transfer(sala.id, named("nori"), named("yuki")), "transferred");
    assert.equal((await rooms.join(sala.id, named("ana"), "papo")).kind, "joined");
    assert.deepEqual(await rooms.join(sala.id, named("nori"), "papo"), { kind: "full" });
    assert.deepEqual(names(await rooms.members(sala.id, undefined, 9)), ["yuki 0", "gabi 3", "ana 4"]);
  });

  test("nobody is made the owner of more rooms than an account may own", async (t) => {
    const { rooms } = await opened(store, t);
    for (let at = 0; at < ROOMS_OWNED_MAX; at += 1) {
      await rooms.create(room(`own ${at}`, "nori"), "papo");
      await rooms.leave(room(`own ${at}`, "nori").id, named("nori"));
    }
    const sala = room("sala", "gabi");
    await rooms.create(sala, "papo");
    await rooms.join(sala.id, named("nori"), "papo");
    assert.equal(await rooms.transfer(sala.id, named("gabi"), named("nori")), "limit");
    await rooms.delete(room("own 0", "nori").id, named("nori"));
    assert.equal(await rooms.transfer(sala.id, named("gabi"), named("nori")), "transferred");
    assert.equal(await rooms.create(room("own 0", "nori"), "papo"), "limit");
    assert.equal(await rooms.create(room("gabi's", "gabi"), "papo"), "created");
  });
}

function limits(store: StoreUnderTest): void {
  test("an account owns and joins so many rooms and no more", async (t) => {
    const { rooms } = await opened(store, t);
    const owned = Array.from({ length: ROOMS_OWNED_MAX }, (_, index) => room(`owned ${index}`, "gabi"));
    const made = await Promise.all(owned.map((each) => rooms.create(each, "papo")));
    assert.deepEqual(new Set(made), new Set(["created"]));
    assert.equal(await rooms.create(room("one more", "gabi"), "papo"), "limit");

    await Promise.all(owned.slice(0, ROOMS_JOINED_MAX).map(({ id }) => rooms.join(id, named("nori"), "papo")));
    assert.equal((await rooms.roomsOf(named("nori"))).length, ROOMS_JOINED_MAX);
    assert.equal(await rooms.create(room("own", "nori"), "papo"), "limit");
    await rooms.create(room("other", "yuki"), "papo");
    assert.deepEqual(await rooms.join(room("other", "yuki").id, named("nori"), "papo"), { kind: "limit" });

    const [first] = owned;
    assert.ok(first);
    await rooms.leave(first.id, named("nori"));
    assert.equal((await rooms.join(room("other", "yuki").id, named("nori"), "papo")).kind, "joined");
    await rooms.delete(first.id, named("gabi"));
    assert.equal(await rooms.create(room("one more", "gabi"), "papo"), "created");
  });
}

function listings(store: StoreUnderTest): void {
  test("10,000 rooms are paged in order, each once, while others come and go", async (t) => {
    const repositories = await opened(store, t);
    const { rooms } = repositories;
    const kinds = ["open", "plain", "invite"] as const;
    const many = Array.from({ length: 10_000 }, (_, index) =>
      room(`sala ${key(`${index}`).slice(0, 12)}`, `owner ${index % 200}`, { kind: kinds[index % 100] ?? "open" }),
    );
    await repositories.absorb({ users: [], peers: [], rooms: many.map((each) => ({ room: each, others: [] })) });

    const all = await paged(rooms, {});
    assert.equal(all.length, many.length);
    assert.equal(new Set(all.map(({ id }) => id)).size, many.length);
    assert.deepEqual(
      all.map(({ fold }) => fold),
      all.map(({ fold }) => fold).toSorted(),
    );
    assert.equal((await paged(rooms, { kinds: ["plain"] })).length, 100);
    assert.equal((await paged(rooms, { kinds: ["plain", "invite", "plain"] })).length, 200);
    assert.deepEqual(await paged(rooms, { kinds: [] }), []);
    const some = await paged(rooms, { query: "sala a" });
    assert.deepEqual(
      some,
      all.filter(({ fold }) => fold.includes("sala a")),
    );

    const [first, second, third] = all;
    assert.ok(first && second && third);
    await rooms.delete(second.id, second.owner);
    assert.deepEqual(await rooms.list({ after: first, limit: 1 }), [third]);
    assert.deepEqual(await rooms.list({ after: second, limit: 1 }), [third]);
  });

  test("rooms whose names fold alike stand side by side by their names, in code point order", async (t) => {
    const { rooms } = await opened(store, t);
    const names = ["é", "sala", "SALA", "Sala", "\u{1F600}", "\uFFFD", "sal", "ﬁm", "fim"];
    for (const name of names) await rooms.create(room(name, "gabi"), "papo");
    const expected = ["fim", "ﬁm", "sal", "SALA", "Sala", "sala", "é", "\uFFFD", "\u{1F600}"];
    assert.deepEqual(
      (await paged(rooms, {}, 2)).map(({ name }) => name),
      expected,
    );
    assert.deepEqual(
      (await paged(rooms, { query: foldOf("SALA") })).map(({ name }) => name),
      ["SALA", "Sala", "sala"],
    );
  });
}

async function paged(
  rooms: Repositories["rooms"],
  filter: { readonly kinds?: readonly StoredRoom["kind"][]; readonly query?: string },
  limit = 100,
): Promise<StoredRoom[]> {
  const found: StoredRoom[] = [];
  for (let after: RoomCursor | undefined; ; after = found.at(-1)) {
    const page = await rooms.list({ ...filter, after, limit });
    if (page.length === 0) return found;
    found.push(...page);
  }
}

function peers(store: StoreUnderTest): void {
  test("I12: where a peer was seen is kept, that it is connected is not", async (t) => {
    const { peers } = await opened(store, t);
    const gabi = {
      username: named("gabi"),
      address: "192.0.2.1",
      port: 5000,
      lastPing: "2030-01-02T03:04:05Z",
      connected: true,
    };
    const nori = { username: named("nori"), address: null, port: null, lastPing: null, connected: false };
    await Promise.all([peers.save({ ...gabi, port: 4999 }), peers.save(gabi), peers.save(nori)]);
    assert.deepEqual(await peers.find(named("gabi")), gabi);
    await peers.disconnectAll();
    assert.deepEqual(await peers.page(undefined, 10), [{ ...gabi, connected: false }, nori]);
    assert.deepEqual(await peers.page(named("gabi"), 10), [nori]);
    assert.equal(await peers.find(named("yuki")), undefined);
  });
}

function imports(store: StoreUnderTest): void {
  test("S4: what is imported changes nobody who is here, and two look-alikes stay two", async (t) => {
    const repositories = await opened(store, t);
    const { users, rooms } = repositories;
    await users.create(user("gabi"));
    await rooms.create(room("sala", "gabi"), "papo");
    const twins = [user("Yuki", { weak: true }), user("yuki", { weak: true })];
    const imported = room("nova", "Yuki", { kind: "plain", capacity: 3 });
    const result = await repositories.absorb({
      users: [user("gabi", { weak: true }), ...twins],
      rooms: [
        { room: imported, others: [named("yuki"), named("gabi")] },
        { room: room("sala", "yuki", { id: room("x", "y").id }), others: [] },
      ],
      peers: [],
    });
    assert.deepEqual(result, { users: { added: 2, kept: ["gabi"] }, rooms: { added: 1, kept: ["sala"] } });
    assert.deepEqual(await users.find(named("gabi")), user("gabi"));
    for (const twin of twins) assert.deepEqual(await users.find(twin.username), twin);
    assert.equal(await users.create(user("YUKI")), "taken");
    assert.equal((await users.page(undefined, 10)).length, 3);
    const members = await rooms.members(imported.id, undefined, 10);
    assert.deepEqual(
      members.map(({ username, seat, kind }) => `${username} ${seat} ${kind}`),
      ["Yuki 0 seed", "yuki 1 seed", "gabi 2 seed"],
    );
    assert.deepEqual(await rooms.join(imported.id, named("nori"), "seed"), { kind: "full" });
    await rooms.leave(imported.id, named("gabi"));
    const joined = await rooms.join(imported.id, named("nori"), "seed");
    assert.equal(joined.kind === "joined" && joined.seat.seat, 3);
  });
}

function lifetime(store: StoreUnderTest): void {
  test("close may be called twice, and afterwards every call fails as a store does", async (t) => {
    const repositories = await opened(store, t);
    await repositories.check();
    const written = repositories.users.create(user("gabi"));
    const [first, second] = [repositories.close(), repositories.close()];
    assert.equal(await written, "created");
    await Promise.all([first, second]);
    await assert.rejects(repositories.check(), StoreFailure);
    await assert.rejects(repositories.users.create(user("nori")), StoreFailure);
    await assert.rejects(repositories.rooms.list({ limit: 1 }), StoreFailure);
  });
}

function durability(store: StoreUnderTest): void {
  test("I12: opened again, the store holds the same accounts, rooms, seats and orders", async (t) => {
    const directory = await emptyFolder(t);
    const before = await store.open(directory);
    await before.users.create(user("gabi", { identity: identity("gabi", 2), weak: true }));
    await before.users.create(user("nori", { password: { kind: "sha256", hex: "0f".repeat(32) } }));
    for (const [index, name] of ["b", "a", "c"].entries()) {
      await before.rooms.create(
        room(name, "gabi", { kind: (["plain", "open", "invite"] as const)[index] ?? "open" }),
        "seed",
      );
      await before.rooms.join(room(name, "gabi").id, named("nori"), "papo");
    }
    await before.rooms.leave(room("b", "gabi").id, named("nori"));
    await before.rooms.leave(room("b", "gabi").id, named("gabi"));
    await before.rooms.join(room("b", "gabi").id, named("nori"), "seed");
    await before.rooms.delete(room("c", "gabi").id, named("gabi"));
    await before.rooms.create(room("d", "gabi", { kind: "invite" }), "papo");
    await before.rooms.admit(room("d", "gabi").id, named("gabi"), named("nori"));
    await before.rooms.transfer(room("d", "gabi").id, named("gabi"), named("nori"));
    const second = identity("gabi", 2);
    await before.users.enter(named("gabi"), second, login(second, ["phone"], start("phone", 4)));
    await before.users.unlatch(named("gabi"), second.account, 1_900_000_000_000);
    await before.peers.save({ username: named("gabi"), address: "::1", port: 5000, lastPing: null, connected: true });
    const seen = await everything(before);
    await before.close();

    const after = await store.open(directory);
    t.after(() => after.close());
    assert.deepEqual(await everything(after), seen);
    assert.equal(await after.users.create(user("GABI")), "taken");
    const next = await after.rooms.join(room("b", "gabi").id, named("yuki"), "papo");
    assert.equal(next.kind === "joined" && next.seat.seat, 3);
  });
}

/** All that a store tells of itself, as one comparable value. */
export async function everything({ users, rooms, peers }: Repositories) {
  const listed = await paged(rooms, {});
  const accounts = await users.page(undefined, 1_000);
  return {
    accounts,
    rooms: listed,
    seats: await Promise.all(listed.map(({ id }) => rooms.members(id, undefined, 1_000))),
    joined: await Promise.all(accounts.map(({ username }) => rooms.roomsOf(username))),
    peers: await peers.page(undefined, 1_000),
  };
}
