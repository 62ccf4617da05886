// Goal: an invite lets in whom it is for, as often and as long as its maker said, and nobody by anything else.
// Method: inviter and joiners with real logs and histories in memory, links on virtual time; links used late, twice, elsewhere, by others.
import assert from "node:assert/strict";
import { test } from "node:test";
import { inviteKeyOfSeed, signInviteProof } from "@papo/link";
import { type RoomId, formatInviteLink, parseInviteLink } from "@papo/protocol";
import { KeptWorld, type Someone, expectOk } from "./kept-fixture.ts";

const DAY_MS = 86_400_000;

type Cast = { world: KeptWorld; alice: Someone; bob: Someone; carol: Someone; clube: RoomId };

async function clubeOf(history?: "all" | "join"): Promise<Cast> {
  const world = new KeptWorld();
  const alice = await world.person("alice");
  const bob = await world.person("bob");
  const carol = await world.person("carol");
  const { id } = await world.get(alice.rooms.create({ name: "clube", kind: "invite", history }));
  return { world, alice, bob, carol, clube: id };
}

async function linkFor({ world, alice, clube }: Cast, terms?: { uses?: number; days?: number }): Promise<string> {
  return (await world.get(alice.rooms.createInvite(clube, terms))).link;
}

test("an invite brings its holder in, who reads from there on; the tracker and the others hear of it", async () => {
  const people = await clubeOf();
  const { world, alice, bob, carol, clube } = people;
  await alice.say(clube, "só entre nós");
  const link = await linkFor(people, { uses: 2 });
  assert.deepEqual(
    alice.rooms.invites(clube).map(({ usesLeft, roomName }) => [usesLeft, roomName]),
    [[2, "clube"]],
  );

  await world.get(bob.rooms.joinByInvite(link));
  await world.run();
  assert.equal(bob.room(clube).log?.standing, "member");
  assert.deepEqual(bob.members(clube), ["alice owner", "bob member"]);
  assert.ok(world.tracker.rooms.get(clube)?.members.has(bob.name));
  await alice.say(clube, "bem-vindo");
  await world.run();
  await bob.say(clube, "obrigado");
  await world.run();
  assert.deepEqual(bob.texts(clube), ["alice: bem-vindo", "bob: obrigado"]);
  assert.ok(
    bob.rooms.reading.messages(clube).every(({ kept }) => kept?.afterGap === false),
    "what was before is not missing",
  );

  await world.get(carol.rooms.joinByInvite(link));
  await world.run();
  assert.deepEqual(alice.members(clube), ["alice owner", "bob member", "carol member"]);
  assert.deepEqual(alice.rooms.invites(clube), [], "spent");
  world.link(bob, carol);
  await world.run();
  await carol.say(clube, "oi");
  await world.run();
  assert.deepEqual(bob.texts(clube).at(-1), "carol: oi");
});

test("a place at the tracker is taken by whom it is for, and by nobody in their stead", async () => {
  const people = await clubeOf();
  const { world, alice, bob, clube } = people;
  await world.get(bob.rooms.joinByInvite(await linkFor(people)));
  await world.run();
  const asked = world.tracker.asked.filter((what) => /admit|join/u.test(what));
  assert.deepEqual(asked.slice(0, 2), ["alice admit bob", "bob join clube"]);
  assert.ok(asked.length <= 3, "one attempt may come before the tracker was told");

  // Put out, and let in again in the same session: the tracker hears of both.
  await world.get(alice.rooms.removeMember(clube, bob.name));
  await world.run();
  assert.ok(!world.tracker.rooms.get(clube)?.members.has(bob.name));
  await world.get(bob.rooms.joinByInvite(await linkFor(people)));
  await world.run();
  assert.equal(bob.room(clube).log?.standing, "member");
  assert.ok(world.tracker.rooms.get(clube)?.members.has(bob.name));
});

test("F3: who was let in while the tracker was away takes the place there once somebody has told it, however long that takes", async () => {
  const people = await clubeOf();
  const { world, alice, bob, clube } = people;
  const link = await linkFor(people);
  world.link(alice, bob);
  world.tracker.isAway = true;
  await world.get(bob.rooms.joinByInvite(link));
  assert.equal(bob.room(clube).log?.standing, "member");
  world.tracker.isAway = false;
  bob.online();
  await world.run(120_000);
  assert.ok(!world.tracker.rooms.get(clube)?.members.has(bob.name), "nobody has told it");
  const tries = world.tracker.asked.filter((what) => what === "bob join clube").length;
  assert.ok(tries > 3 && tries < 12, `asked ${tries} times, ever more seldom`);
  alice.online();
  await world.run(300_000);
  assert.ok(world.tracker.rooms.get(clube)?.members.has(bob.name));
});

test("F2: a tracker that has lost its rooms has them again when the owner is back, and members find the way by themselves", async () => {
  const people = await clubeOf();
  const { world, alice, bob, carol, clube } = people;
  await world.get(bob.rooms.joinByInvite(await linkFor(people)));
  const { id: sala } = await world.get(alice.rooms.create({ name: "sala", kind: "open" }));
  await world.join(bob, "sala");
  await world.run();
  world.tracker.rooms.clear();
  // By now somebody else's room has the name: nobody walks into it.
  const squatted = await world.get(carol.rooms.create({ name: "clube", kind: "open" }));
  bob.online();
  await world.run(30_000);
  assert.deepEqual([...(world.tracker.rooms.get(squatted.id)?.members ?? [])], ["carol"]);
  await world.get(carol.rooms.close(squatted.id));
  alice.online();
  await world.run(600_000);
  for (const id of [clube, sala])
    assert.deepEqual([...(world.tracker.rooms.get(id)?.members ?? [])], ["alice", "bob"], id);
});

test("a room whose history is for all shows everything to whoever comes in", async () => {
  const people = await clubeOf("all");
  const { world, alice, bob, clube } = people;
  await alice.say(clube, "desde o começo");
  await world.get(bob.rooms.joinByInvite(await linkFor(people)));
  await world.run();
  assert.deepEqual(bob.texts(clube), ["alice: desde o começo"]);
});

test("while the inviter is away the joiner is told so, and is let in later, restarts included", async () => {
  const people = await clubeOf();
  const { world, alice, bob, clube } = people;
  const link = await linkFor(people);
  alice.isOnline = false;
  assert.equal(await world.fault(bob.rooms.joinByInvite(link), 12_000), "peer_offline");
  assert.equal(bob.room(clube).log?.standing, "joining");
  await bob.restart();
  alice.online();
  await world.run(20_000);
  assert.equal(bob.room(clube).log?.standing, "member");
  assert.deepEqual(alice.members(clube), ["alice owner", "bob member"]);
});

test("P30: an invite that is expired, spent or revoked lets nobody in, and its maker is told", async () => {
  const people = await clubeOf();
  const { world, alice, bob, carol, clube } = people;
  const short = await linkFor(people, { days: 1 });
  await world.clock.advance(DAY_MS + 1);
  assert.equal(await world.fault(bob.rooms.joinByInvite(short), 9_000), "invite_invalid");
  assert.equal(bob.rooms.room(clube), undefined, "nothing is left of it");
  const refused = alice.told("invite-refused");
  assert.deepEqual(
    refused.map(({ username, reason }) => [username, reason.code]),
    [["bob", "invite_invalid"]],
  );

  const once = await linkFor(people);
  await world.get(bob.rooms.joinByInvite(once));
  assert.equal(await world.fault(carol.rooms.joinByInvite(once), 9_000), "invite_invalid");
  const revoked = await linkFor(people);
  await world.get(alice.rooms.revokeInvite(clube, revoked));
  assert.equal(await world.fault(carol.rooms.joinByInvite(revoked), 9_000), "invite_invalid");
  assert.deepEqual(alice.members(clube), ["alice owner", "bob member"]);
});

test("P30: a proof is of no use to another account, in another room, or on another link", async () => {
  const people = await clubeOf();
  const { world, alice, bob, carol, clube } = people;
  const other = (await world.get(alice.rooms.create({ name: "outro", kind: "invite" }))).id;
  const invite = expectOk(parseInviteLink(await linkFor(people)));
  const key = inviteKeyOfSeed(invite.seed);
  world.linkAll([alice, bob, carol]);
  const stolen = signInviteProof(key, clube, bob.account);
  const use = { cmd: "USE_INVITE", invite: key.publicKey, binding: null } as const;
  carol.sayInvite(alice, { ...use, room: clube, proof: stolen });
  bob.sayInvite(alice, { ...use, room: other, proof: stolen });
  bob.sayInvite(alice, { ...use, room: other, proof: signInviteProof(key, other, bob.account) });
  await world.run();
  assert.deepEqual(alice.members(clube), ["alice owner"]);
  assert.deepEqual(alice.members(other), ["alice owner"]);
  assert.equal(alice.told("invite-refused").length, 2, "one for each account and room");
  // Nor does an answer that nobody asked for, or another's, change anything.
  carol.sayInvite(bob, { cmd: "INVITE_ANSWER", room: clube, refused: null });
  await world.run();
  assert.deepEqual(bob.rooms.rooms(), []);
});

test("P30: of two who come at once for the last place one is let in, and whoever was put out does not come back on it", async () => {
  const people = await clubeOf();
  const { world, alice, bob, carol, clube } = people;
  const link = await linkFor(people);
  const both = [bob.rooms.joinByInvite(link), carol.rooms.joinByInvite(link)];
  await world.run(9_000);
  const outcomes = await Promise.all(both);
  assert.equal(outcomes.filter(({ ok }) => ok).length, 1);
  assert.equal(alice.room(clube).memberCount, 2);

  const inside = outcomes[0]?.ok === true ? bob : carol;
  await world.get(alice.rooms.removeMember(clube, inside.name));
  await world.run();
  assert.equal(await world.fault(inside.rooms.joinByInvite(link), 9_000), "removed");
  assert.equal(alice.room(clube).memberCount, 1);
});

for (const kind of ["invite", "open"] as const) {
  test(`whoever was barred from an ${kind} room comes back by a link made for them, and nobody else does`, async () => {
    const { world, alice, bob, carol, room } = await barredFrom(kind);
    assert.deepEqual(alice.rooms.barred(room), ["bob"]);
    const { link, only, usesLeft } = await world.get(alice.rooms.pardon(room, bob.name));
    assert.deepEqual([only, usesLeft], ["bob", 1]);
    assert.equal((await world.get(alice.rooms.pardon(room, bob.name))).link, link, "one is enough");
    assert.deepEqual(
      alice.rooms.invites(room).map((invite) => invite.only),
      ["bob"],
    );
    assert.equal(await world.fault(carol.rooms.joinByInvite(link), 9_000), "invite_invalid");

    assert.equal((await world.get(bob.rooms.joinByInvite(link))).log?.standing, "member");
    await world.run();
    assert.deepEqual(alice.members(room), ["alice owner", "bob member"]);
    assert.deepEqual(alice.rooms.barred(room), []);
    assert.ok(world.tracker.rooms.get(room)?.members.has(bob.name));
    await bob.say(room, "voltei");
    await world.run();
    assert.deepEqual(alice.texts(room).at(-1), "bob: voltei");
    // Put out once more, the same link is of no use.
    await world.get(alice.rooms.removeMember(room, bob.name, { bar: true }));
    await world.run();
    assert.equal(await world.fault(bob.rooms.joinByInvite(link), 9_000), "removed");
    assert.deepEqual(alice.rooms.barred(room), ["bob"]);
  });
}

async function barredFrom(kind: "invite" | "open"): Promise<Omit<Cast, "clube"> & { room: RoomId }> {
  const people = await clubeOf();
  const { world, alice, bob } = people;
  const { id } = kind === "open" ? await world.get(alice.rooms.create({ name: "sala", kind })) : { id: people.clube };
  world.linkAll([alice, bob]);
  if (kind === "open") await world.join(bob, "sala");
  else await world.get(bob.rooms.joinByInvite(await linkFor(people)));
  await world.run();
  await world.get(alice.rooms.removeMember(id, bob.name, { bar: true }));
  await world.run();
  assert.equal(bob.room(id).log?.standing, "removed");
  return { ...people, room: id };
}

test("who is not barred is not pardoned, a moderator does not pardon whom the owner barred, and another invite does not bring them back", async () => {
  const people = await barredFrom("invite");
  const { world, alice, bob, carol, room } = people;
  const link = await linkFor({ ...people, clube: room }, { uses: 2 });
  assert.equal(await world.fault(bob.rooms.joinByInvite(link), 9_000), "removed");
  await world.get(carol.rooms.joinByInvite(link));
  await world.run();
  assert.equal(await world.fault(alice.rooms.pardon(room, carol.name)), "peer_missing");
  assert.equal(await world.fault(carol.rooms.pardon(room, bob.name)), "not_allowed", "no moderator");
  await world.get(alice.rooms.setRole(room, carol.name, "moderator"));
  await world.run();
  assert.equal(await world.fault(carol.rooms.pardon(room, bob.name)), "not_allowed", "a lower rank");
  assert.deepEqual(carol.rooms.barred(room), ["bob"]);
});

test("a pardon is used after a restart of both, and can be taken back", async () => {
  const { world, alice, bob, room } = await barredFrom("invite");
  const first = await world.get(alice.rooms.pardon(room, bob.name));
  await world.get(alice.rooms.revokeInvite(room, first.link));
  assert.equal(await world.fault(bob.rooms.joinByInvite(first.link), 9_000), "invite_invalid");
  const { link } = await world.get(alice.rooms.pardon(room, bob.name));
  await alice.restart();
  alice.isOnline = false;
  assert.equal(await world.fault(bob.rooms.joinByInvite(link), 12_000), "peer_offline");
  await bob.restart();
  assert.equal(bob.room(room).log?.standing, "removed", "until they let it in");
  alice.online();
  await world.run(20_000);
  assert.equal(bob.room(room).log?.standing, "member");
});

test("F1, F9: who used an invite is on disk before anybody is let in; a full disk lets nobody in and loses no place", async () => {
  const people = await clubeOf();
  const { world, alice, bob, carol, clube } = people;
  const link = await linkFor(people);
  alice.isDiskFull = true;
  assert.equal(await world.fault(bob.rooms.joinByInvite(link), 12_000), "peer_offline");
  assert.equal(alice.room(clube).memberCount, 1);
  alice.isDiskFull = false;
  await world.run(20_000);
  assert.equal(bob.room(clube).log?.standing, "member", "it was asked again");
  await alice.restart();
  assert.equal(await world.fault(carol.rooms.joinByInvite(link), 9_000), "invite_invalid");
});

test("members invite nobody, open rooms need none, and a link to another tracker is not followed", async () => {
  const people = await clubeOf();
  const { world, alice, bob, clube } = people;
  await world.get(bob.rooms.joinByInvite(await linkFor(people)));
  await world.run();
  assert.equal(await world.fault(bob.rooms.createInvite(clube)), "not_allowed");
  const open = (await world.get(alice.rooms.create({ name: "praça", kind: "open" }))).id;
  assert.equal(await world.fault(alice.rooms.createInvite(open)), "room_kind_refused");
  assert.equal(await world.fault(alice.rooms.createInvite(clube, { uses: 0 })), "limit_reached");
  const read = expectOk(parseInviteLink(await linkFor(people)));
  const elsewhere = formatInviteLink({ ...read, tracker: { ...read.tracker, key: world.strangeTracker } });
  assert.equal(await world.fault(bob.rooms.joinByInvite(elsewhere)), "wrong_recipient");
  assert.equal(await world.fault(alice.rooms.joinByInvite(formatInviteLink(read))), "invite_invalid");
});
