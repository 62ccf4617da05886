// Goal: what users do with kept rooms holds together: whoever is in by the log gets everything once, in order, and sees where it stands.
// Method: three people with real logs, RoomSync and a history in memory, over links on virtual time; a tracker that may lie or be away.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ENTRY_BODY_BYTES_MAX, HISTORY_PAGE_MAX, type Outcome, type RoomId } from "@papo/protocol";
import type { Message } from "../../../src/api.ts";
import { KeptWorld, type Someone } from "./kept-fixture.ts";

type Cast = { world: KeptWorld; alice: Someone; bob: Someone; carol: Someone };

async function cast(): Promise<Cast> {
  const world = new KeptWorld();
  return {
    world,
    alice: await world.person("alice"),
    bob: await world.person("bob"),
    carol: await world.person("carol"),
  };
}

/** An open room of all three, linked. */
async function room(): Promise<Cast & { sala: RoomId }> {
  const people = await cast();
  const sala = await people.world.openRoom("sala", [people.alice, people.bob, people.carol]);
  return { ...people, sala };
}

test("I1, I2: what is said reaches everybody once, in one order, and says where it stands", async () => {
  const { world, alice, bob, carol, sala } = await room();
  assert.deepEqual(alice.members(sala), ["alice owner", "bob member", "carol member"]);
  const said = await alice.say(sala, "oi");
  assert.equal(said.delivery?.kind, "sent");
  await world.run();
  await bob.say(sala, "olá");
  await world.run();
  for (const one of [alice, bob, carol]) {
    assert.deepEqual(one.texts(sala), ["alice: oi", "bob: olá"], one.name);
    assert.deepEqual(one.toldTexts(), ["oi", "olá"], one.name);
  }
  const stands = alice.rooms.reading.messages(sala).find(({ id }) => id === said.id)?.delivery;
  assert.deepEqual(stands, { kind: "sent", received: 2, silent: 0, of: 2 });
  assert.deepEqual(alice.told("delivery").at(-1)?.message.delivery, stands);
});

test("I1: what was said while nobody else was in the room is counted for those who come in and may read it", async () => {
  const { world, alice, bob, carol } = await cast();
  const sala = await world.openRoom("sala", [alice]);
  const said = await alice.say(sala, "primeira");
  assert.deepEqual(said.delivery, { kind: "sent", received: 0, silent: 0, of: 0 });
  const delivery = () => alice.rooms.reading.messages(sala).find(({ id }) => id === said.id)?.delivery;

  world.linkAll([alice, bob, carol]);
  await world.join(bob, "sala");
  await world.run();
  assert.deepEqual(bob.texts(sala), ["alice: primeira"]);
  assert.deepEqual(delivery(), { kind: "sent", received: 1, silent: 0, of: 1 });
  assert.deepEqual(alice.told("delivery").at(-1)?.message.delivery, delivery());
  const explained = alice.rooms.reading.why({ conversation: { kind: "room", id: sala }, id: said.id });
  assert.deepEqual(explained.ok && explained.value.people.map(({ username, has }) => `${username} ${has}`), [
    "bob stored",
  ]);

  // Who has it and leaves still has it.
  await world.get(bob.rooms.leave(sala));
  assert.deepEqual(delivery(), { kind: "sent", received: 1, silent: 0, of: 1 });
  await world.join(carol, "sala");
  await world.run();
  assert.deepEqual(delivery(), { kind: "sent", received: 2, silent: 0, of: 2 });
});

test("what newcomers may not read is not counted for them", async () => {
  const { world, alice, bob } = await cast();
  const { id } = await world.get(alice.rooms.create({ name: "sala", kind: "invite", history: "join" }));
  await alice.say(id, "antes");
  world.linkAll([alice, bob]);
  const link = await world.get(alice.rooms.createInvite(id));
  await world.get(bob.rooms.joinByInvite(link.link));
  await alice.say(id, "depois");
  await world.run();
  assert.deepEqual(bob.texts(id), ["alice: depois"]);
  const standing = alice.rooms.reading.messages(id).filter(({ kept }) => kept?.notice === null);
  assert.deepEqual(
    standing.map(({ delivery }) => delivery?.kind === "sent" && delivery.of),
    [0, 1],
  );
});

test("a room that the tracker refuses is nowhere, and one whose answer was lost is undone when it is back", async () => {
  const { world, alice, bob } = await cast();
  await world.openRoom("sala", [alice]);
  assert.equal(await world.fault(bob.rooms.create({ name: "sala", kind: "open" })), "room_exists");
  assert.deepEqual(bob.history.rooms(), []);

  world.tracker.losesAnswers = true;
  assert.equal(await world.fault(bob.rooms.create({ name: "outra", kind: "open" })), "lost");
  world.tracker.losesAnswers = false;
  assert.deepEqual(bob.history.rooms(), []);
  assert.equal(world.tracker.rooms.size, 2);
  await bob.restart();
  await world.run();
  assert.deepEqual(
    [...world.tracker.rooms.values()].map(({ name }) => name),
    ["sala"],
  );
});

test("a joiner whom nobody could show the room yet waits as long as it takes, restarts included", async () => {
  const { world, alice, bob } = await cast();
  const sala = await world.openRoom("sala", [alice]);
  await alice.say(sala, "antes");
  await world.join(bob, "sala");
  assert.equal(bob.room(sala).log?.standing, "joining");
  assert.equal(await world.fault(bob.rooms.send(sala, "oi")), "peer_offline");
  await bob.restart();
  assert.equal(bob.room(sala).log?.standing, "joining");
  world.link(alice, bob);
  await world.run();
  assert.equal(bob.room(sala).log?.standing, "member");
  assert.deepEqual(bob.texts(sala), ["alice: antes"]);
  await bob.say(sala, "depois");
  await world.run();
  assert.deepEqual(alice.texts(sala), ["alice: antes", "bob: depois"]);
});

test("F3: who leaves without a tracker is out for everybody at once, and the tracker hears of it when it is back", async () => {
  const { world, alice, bob, sala } = await room();
  world.tracker.isAway = true;
  await world.get(bob.rooms.leave(sala));
  assert.deepEqual(alice.members(sala), ["alice owner", "carol member"]);
  assert.equal(bob.room(sala).log?.standing, "left");
  assert.deepEqual(
    bob.told("room-closed").map(({ reason }) => reason),
    ["left"],
  );
  assert.equal(await world.fault(bob.rooms.send(sala, "ainda?")), "not_member");
  assert.ok(world.tracker.rooms.get(sala)?.members.has(bob.name));

  world.tracker.isAway = false;
  bob.online();
  await world.run();
  assert.ok(!world.tracker.rooms.get(sala)?.members.has(bob.name));
  await world.get(bob.rooms.forget(sala));
  assert.deepEqual(bob.history.rooms(), []);
});

test("who left comes back by joining again", async () => {
  const { world, alice, bob, sala } = await room();
  await bob.say(sala, "um");
  await world.get(bob.rooms.leave(sala));
  await alice.say(sala, "dois");
  await world.run();
  await world.join(bob, "sala");
  await world.run();
  assert.equal(bob.room(sala).log?.standing, "member");
  await bob.say(sala, "três");
  await world.run();
  assert.deepEqual(alice.texts(sala), ["bob: um", "alice: dois", "bob: três"]);
  assert.deepEqual(bob.texts(sala), alice.texts(sala));
});

test("T17: a closed room is read-only everywhere, its copies stay, and its name is free", async () => {
  const { world, alice, bob, carol, sala } = await room();
  await alice.say(sala, "até logo");
  await world.run();
  assert.equal(await world.fault(bob.rooms.close(sala)), "not_owner");
  await world.get(alice.rooms.close(sala));
  for (const one of [alice, bob, carol]) {
    assert.equal(one.room(sala).log?.standing, "closed", one.name);
    assert.deepEqual(one.texts(sala), ["alice: até logo"]);
    assert.equal(await world.fault(one.rooms.send(sala, "mais")), "room_closed");
    assert.deepEqual(
      one.told("room-closed").map(({ reason }) => reason),
      ["deleted"],
    );
  }
  assert.equal(world.tracker.rooms.size, 0);
});

test("F17, I8, P27: somebody removed while away is heard no more, learns it, and the tracker's list follows the log", async () => {
  const { world, alice, bob, carol, sala } = await room();
  await bob.say(sala, "antes");
  await world.run();
  world.cutAll(bob);
  bob.isOnline = false;
  assert.equal(await world.fault(bob.rooms.removeMember(sala, carol.name)), "not_allowed");
  await world.get(alice.rooms.removeMember(sala, bob.name));
  await bob.say(sala, "tarde demais");
  assert.deepEqual(alice.members(sala), ["alice owner", "carol member"]);
  assert.ok(world.tracker.asked.includes("alice remove bob"));

  bob.online();
  world.linkAll([alice, bob, carol]);
  await world.run();
  for (const one of [alice, carol]) assert.deepEqual(one.texts(sala), ["bob: antes"], one.name);
  assert.equal(bob.room(sala).log?.standing, "removed");
  assert.deepEqual(
    bob.told("room-closed").map(({ reason }) => reason),
    ["removed"],
  );
  assert.deepEqual(bob.texts(sala), ["bob: antes"], "what counts for nobody is not shown as said");
  const last = bob.events.findLast((event) => event.kind === "message-changed");
  assert.equal(last?.kind === "message-changed" && last.message.kept?.gone, "withdrawn");
});

test("who was kicked may come back by joining again; who was barred may not", async () => {
  const { world, alice, bob, sala } = await room();
  await world.get(alice.rooms.removeMember(sala, bob.name));
  await world.run();
  await world.join(bob, "sala");
  await world.run();
  assert.equal(bob.room(sala).log?.standing, "member");
  await bob.say(sala, "de volta");
  await world.run();
  assert.deepEqual(alice.texts(sala), ["bob: de volta"]);

  await world.get(alice.rooms.removeMember(sala, bob.name, { bar: true }));
  await world.run();
  await assert.rejects(world.join(bob, "sala"), /removed/u);
  await world.run();
  assert.ok(!world.tracker.rooms.get(sala)?.members.has(bob.name));
});

test("I6: whom a tracker invents is no member and gets nothing; whom it withholds is one; both are shown", async () => {
  const { world, alice, bob, sala } = await room();
  const eve = await world.person("eve");
  world.tracker.rooms.get(sala)?.members.add(eve.name);
  world.tracker.rooms.get(sala)?.members.delete(bob.name);
  world.viewChanged(sala);
  world.link(alice, eve);
  await world.run();
  const { log } = alice.room(sala);
  assert.deepEqual([log?.unproven, log?.unlisted], [["eve"], ["bob"]]);
  assert.deepEqual(alice.members(sala), ["alice owner", "bob member", "carol member"]);
  const said = await alice.say(sala, "entre nós");
  await world.run();
  assert.deepEqual(bob.texts(sala), ["alice: entre nós"]);
  assert.equal(alice.rooms.reading.messages(sala).find(({ id }) => id === said.id)?.delivery?.kind, "sent");
  assert.equal(eve.links.get(alice)?.far?.entryCount, 0, "not an entry goes to who is no member");
});

test("F9: a full disk refuses a text, which is shown nowhere, and takes it later", async () => {
  const { world, alice, bob, sala } = await room();
  alice.isDiskFull = true;
  assert.equal(await world.fault(alice.rooms.send(sala, "perdido?")), "storage_failed");
  assert.deepEqual([alice.texts(sala), alice.toldTexts()], [[], []]);
  alice.isDiskFull = false;
  await alice.say(sala, "guardado");
  await world.run();
  assert.deepEqual(bob.texts(sala), ["alice: guardado"]);
});

test("a text that is too long, empty or broken is refused before anything is written", async () => {
  const { world, alice, sala } = await room();
  assert.equal(await world.fault(alice.rooms.send(sala, "x".repeat(ENTRY_BODY_BYTES_MAX))), "frame_too_large");
  assert.equal(await world.fault(alice.rooms.send(sala, "")), "bad_text");
  assert.equal(await world.fault(alice.rooms.send(sala, "\ud800")), "bad_text");
  assert.deepEqual(alice.texts(sala), []);
});

test("I1, F1: what nobody has yet is held and says why, survives the end of the program, and goes out later", async () => {
  const { world, alice, bob, carol, sala } = await room();
  world.cutAll(alice);
  const said = await alice.say(sala, "alguém?");
  assert.deepEqual(said.delivery?.kind === "held" && said.delivery.reason.code, "peer_offline");
  await alice.restart();
  assert.deepEqual(alice.texts(sala), ["alice: alguém?"]);
  assert.equal(alice.rooms.reading.messages(sala).find(({ id }) => id === said.id)?.delivery?.kind, "held");
  const { people } = (() => {
    const why = alice.rooms.reading.why({ conversation: { kind: "room", id: sala }, id: said.id });
    if (!why.ok) throw new Error(why.fault.code);
    return why.value;
  })();
  assert.deepEqual(
    people.map(({ username, has, reason }) => [username, has, reason?.code]),
    [
      ["bob", "waiting", "peer_offline"],
      ["carol", "waiting", "peer_offline"],
    ],
  );
  world.link(alice, bob);
  await world.run(6_000);
  const deliveries = alice.told("delivery").filter(({ message }) => message.id === said.id);
  assert.deepEqual(deliveries.at(-1)?.message.delivery, { kind: "sent", received: 2, silent: 0, of: 2 });
  assert.deepEqual(carol.texts(sala), ["alice: alguém?"], "bob carries it on");
  const stands = alice.rooms.reading.messages(sala).find(({ id }) => id === said.id)?.delivery;
  assert.deepEqual(stands, { kind: "sent", received: 2, silent: 0, of: 2 });
});

test("many texts of one turn share one commit", async () => {
  const { world, alice, bob, sala } = await room();
  const before = alice.commits;
  const sent = Promise.all(Array.from({ length: 100 }, (_, index) => alice.rooms.send(sala, `${index}`)));
  await world.settle();
  const told = await sent;
  assert.ok(told.every(({ ok }) => ok));
  const commits = alice.commits - before;
  assert.ok(commits <= 5, `${commits} commits: the texts, that they were looked at, what the others say they have`);
  await world.run();
  assert.equal(bob.texts(sala).length, 100);
});

test("I4: an edit, a delete and a reaction change the message that was told, by those who may", async () => {
  const { world, alice, bob, carol, sala } = await room();
  const said = await bob.say(sala, "ola");
  await world.run();
  const message = { conversation: { kind: "room", id: sala }, id: said.id } as const;
  assert.equal(await world.fault(carol.rooms.edit(message, "outra coisa")), "not_allowed");
  assert.equal(await world.fault(carol.rooms.deleteMessage(message)), "not_allowed");
  assert.equal((await world.get(bob.rooms.edit(message, "olá"))).content, "olá");
  assert.equal(await world.fault(carol.rooms.react(message, "nao é emoji", true)), "bad_text");
  await world.get(carol.rooms.react(message, "👍", true));
  await world.get(alice.rooms.react(message, "👍", true));
  await world.get(carol.rooms.react(message, "👍", false));
  const seen = carol.rooms.reading.messages(sala).find(({ id }) => id === said.id);
  assert.deepEqual([seen?.content, seen?.kept?.edited], ["olá", true]);
  assert.deepEqual(seen?.kept?.reactions, [{ emoji: "👍", by: ["alice"], own: false }]);

  await world.get(alice.rooms.deleteMessage(message));
  for (const one of [alice, bob, carol]) {
    const gone = one.rooms.reading.messages(sala).find(({ id }) => id === said.id);
    assert.deepEqual([gone?.content, gone?.kept?.gone], ["", "deleted"], one.name);
    assert.equal(one.told("message-changed").at(-1)?.message.kept?.gone, "deleted", one.name);
  }
  assert.deepEqual((await world.get(bob.search("olá"))).length, 0, "nor is it found any more");
});

test("roles: the owner gives them, a moderator acts on members, and a room handed over is the other's at the tracker too", async () => {
  const { world, alice, bob, carol, sala } = await room();
  assert.equal(await world.fault(bob.rooms.setRole(sala, carol.name, "moderator")), "not_owner");
  assert.equal(await world.fault(bob.rooms.setTopic(sala, "nosso")), "not_allowed");
  await world.get(alice.rooms.setRole(sala, bob.name, "moderator"));
  await world.get(bob.rooms.setTopic(sala, "festa"));
  assert.equal(carol.room(sala).log?.topic, "festa");
  assert.equal(await world.fault(bob.rooms.removeMember(sala, alice.name)), "not_allowed");
  await world.get(bob.rooms.removeMember(sala, carol.name));
  assert.deepEqual(alice.members(sala), ["alice owner", "bob moderator"]);
  await world.get(alice.rooms.setRole(sala, bob.name, "owner"));
  assert.equal(bob.room(sala).owner, "bob");
  assert.equal(world.tracker.rooms.get(sala)?.owner, "bob");
  assert.deepEqual(bob.notices(sala).slice(-4), [
    "role bob moderator",
    "topic festa",
    "removed carol",
    "role bob owner",
  ]);
});

test("pages lead back to the beginning and forth again without a line twice or missing", async () => {
  const { world, alice, bob, sala } = await room();
  for (let at = 0; at < 25; at += 1) {
    await (at % 2 === 0 ? alice : bob).say(sala, `${at}`);
    await world.run(250);
  }
  const all = Array.from({ length: 25 }, (_, at) => `${at}`);
  const back: string[][] = [];
  for (let page = bob.rooms.reading.history(sala, { limit: 7 }); page.ok; ) {
    back.unshift(page.value.messages.filter(({ kept }) => kept?.notice === null).map(({ content }) => content));
    if (page.value.before === null) break;
    page = bob.rooms.reading.history(sala, { before: page.value.before, limit: 7 });
  }
  assert.deepEqual(back.flat(), all);
  assert.equal(back.length, 4);

  const first = bob.rooms.reading.messages(sala).find(({ content }) => content === "0");
  const forth: string[] = [];
  for (let cursor = first?.kept?.cursor; cursor !== undefined; ) {
    const page = bob.rooms.reading.history(sala, { after: cursor, limit: 7 });
    if (!page.ok) throw new Error(page.fault.code);
    forth.push(...page.value.messages.filter(({ kept }) => kept?.notice === null).map(({ content }) => content));
    cursor = page.value.after ?? undefined;
  }
  assert.deepEqual(forth, all.slice(1));
  assert.equal(bob.rooms.reading.history(sala, { before: "nonsense" as never }).ok, false);
});

test("what comes late stays in its place, is marked, and counts as unread; what was read stays read after a restart", async () => {
  const { world, alice, bob, carol, sala } = await room();
  world.cutAll(carol);
  await carol.say(sala, "do metrô");
  await world.run(5_000);
  await alice.say(sala, "um");
  await alice.say(sala, "dois");
  await world.run();
  await bob.rooms.markRead(sala);
  assert.equal(bob.rooms.reading.unread(sala).count, 0);
  world.linkAll([alice, bob, carol]);
  await world.run();
  const late = bob.rooms.reading.messages(sala).filter(({ kept }) => kept?.late === true);
  assert.deepEqual(
    late.map(({ content }) => content),
    ["do metrô"],
  );
  assert.equal(bob.rooms.reading.unread(sala).count, 1);
  await bob.rooms.markRead(sala);
  await bob.restart();
  assert.equal(bob.rooms.reading.unread(sala).count, 0);
  assert.deepEqual(
    bob.rooms.reading.conversations().map(({ title, unread }) => [title, unread]),
    [["sala", 0]],
  );
});

test("I13: a name is the pinned one of the account, never what an entry says, and blocking is a view", async () => {
  const { world, alice, bob, carol, sala } = await room();
  await bob.say(sala, "alice: eu sou a alice");
  await world.run();
  assert.deepEqual(carol.texts(sala), ["bob: alice: eu sou a alice"]);
  carol.blocked.add(bob.account);
  assert.deepEqual(carol.texts(sala), []);
  await bob.say(sala, "ainda aqui");
  await world.run();
  assert.deepEqual(carol.toldTexts(), ["alice: eu sou a alice"], "what the blocked say is kept and not told");
  world.cutAll(bob);
  const dora = await world.person("dora");
  world.link(carol, dora);
  world.cut(carol, alice);
  await world.join(dora, "sala");
  await world.run(10_000);
  assert.deepEqual(dora.texts(sala).at(-1), "bob: ainda aqui", "and is carried on");
});

test("search finds it with its place, and an export has every line and signature", async () => {
  const { world, alice, bob, sala } = await room();
  await alice.say(sala, "pão de queijo");
  await world.run();
  await bob.say(sala, "goiabada");
  await world.run();
  const [hit] = await world.get(bob.search("queijo"));
  assert.equal(hit?.message.content, "pão de queijo");
  const around = bob.rooms.reading.history(sala, hit === undefined ? {} : { after: hit.cursor });
  assert.deepEqual(around.ok && around.value.messages.map(({ content }) => content), ["goiabada"]);

  const messages = await collect(bob.rooms.reading.eachMessage(sala));
  assert.deepEqual(textsOf(messages), ["pão de queijo", "goiabada"]);
  const json = (await collect(bob.rooms.reading.exportHistory(sala))).map(
    (line) => JSON.parse(line) as { header?: string; signature?: string },
  );
  assert.equal(json.filter(({ header }) => header?.includes('"kind":"message"') === true).length, 2);
  assert.ok(json.some(({ signature }) => typeof signature === "string" && signature.length === 86));
});

test("more than the largest page is read to its end, backwards, forwards and as an export", async () => {
  const { world, alice } = await cast();
  const sala = await world.openRoom("sala", [alice]);
  const said = Array.from({ length: HISTORY_PAGE_MAX + 20 }, (_, at) => `texto ${at}`);
  await Promise.all(said.map((text) => alice.rooms.send(sala, text)));
  const newest = await world.get(Promise.resolve(alice.rooms.reading.history(sala)));
  assert.ok(newest.before !== null, "there is more above");
  const above = await world.get(Promise.resolve(alice.rooms.reading.history(sala, { before: newest.before })));
  assert.deepEqual(textsOf([...above.messages, ...newest.messages]), said);
  assert.ok(above.after !== null && above.before === null);
  assert.deepEqual(textsOf(await collect(alice.rooms.reading.eachMessage(sala))), said);
});

function textsOf(messages: readonly Message[]): readonly string[] {
  return messages.map(({ content }) => content).filter((content) => content !== "");
}

async function collect<T>(pieces: Outcome<AsyncIterable<T>>): Promise<readonly T[]> {
  if (!pieces.ok) throw new Error(pieces.fault.code);
  const all: T[] = [];
  for await (const piece of pieces.value) all.push(piece);
  return all;
}

test("whoever is in a room with us is told to be no stranger, once for each who comes, and all of them to whoever comes", async () => {
  const { world, alice, bob, carol } = await cast();
  const sala = await world.openRoom("sala", [alice, bob]);
  assert.deepEqual([alice.acquainted, bob.acquainted], [[bob.account], [alice.account]]);
  await world.join(carol, "sala");
  world.link(alice, carol);
  world.link(bob, carol);
  await world.run();
  assert.deepEqual(
    [alice.acquainted, bob.acquainted],
    [
      [bob.account, carol.account],
      [alice.account, carol.account],
    ],
  );
  assert.deepEqual(new Set(carol.acquainted), new Set([alice.account, bob.account]));
  await alice.say(sala, "oi");
  await world.run();
  assert.equal(alice.acquainted.length, 2);
});

test("what was written here is not new here, also after a restart", async () => {
  const { world, alice, bob, sala } = await room();
  const unread = () => [bob.rooms.reading.unread(sala).count, bob.room(sala).log?.unread];
  await bob.rooms.markRead(sala);
  world.cutAll(bob);
  await alice.say(sala, "um");
  // The disk takes the text, and not that the room was looked at.
  bob.diskRefuses = (changes) => changes.every(({ kind }) => kind === "put-room");
  await bob.say(sala, "meu");
  await world.run();
  bob.diskRefuses = () => false;
  world.link(alice, bob);
  await world.run();
  await alice.say(sala, "dois");
  await world.run();
  const before = unread();
  assert.deepEqual(before, [2, 2]);
  await bob.restart();
  assert.deepEqual(unread(), before);
});

test("a reply names what it answers, which has to be here and to be a text", async () => {
  const { world, alice, bob, sala } = await room();
  const asked = await alice.say(sala, "quem vem?");
  await world.run();
  const answered = await bob.rooms.send(sala, "eu", asked.id);
  assert.equal(answered.ok && answered.value.kept?.replyTo, asked.id);
  await world.run();
  const heard = alice.told("message").find(({ message }) => message.content === "eu");
  assert.equal(heard?.message.kept?.replyTo, asked.id);

  assert.equal(await world.fault(bob.rooms.send(sala, "a quem?", "m".repeat(42) as Message["id"])), "message_missing");
  assert.equal(await world.fault(bob.rooms.send(sala, "a quê?", "x" as Message["id"])), "message_missing");
  const notice = bob.rooms.reading.messages(sala).find(({ kept }) => (kept?.notice ?? null) !== null);
  assert.equal(await world.fault(bob.rooms.send(sala, "ao aviso", notice?.id)), "message_missing");
});

test("one message is found by its id as it is now, a notice too, and only in its room", async () => {
  const { world, alice, bob, sala } = await room();
  const said = await alice.say(sala, "oii");
  await world.run();
  const reference = { conversation: { kind: "room", id: sala }, id: said.id } as const;
  const edited = alice.rooms.edit(reference, "oi");
  await world.run();
  assert.ok((await edited).ok);
  const { reading } = bob.rooms;
  const shown = reading.messages(sala).find(({ id }) => id === said.id);
  assert.deepEqual([shown?.content, shown?.kept?.edited], ["oi", true]);
  assert.deepEqual(reading.message(reference), shown);
  for (const one of reading.messages(sala)) assert.equal(reading.message({ ...reference, id: one.id })?.id, one.id);
  assert.equal(reading.message({ ...reference, id: "x" as Message["id"] }), undefined);
  const other = await world.openRoom("outra", [bob]);
  assert.equal(reading.message({ ...reference, conversation: { kind: "room", id: other } }), undefined);
});

test("what ignored people write is told, and does not count as unread", async () => {
  const { world, alice, bob, carol, sala } = await room();
  await bob.rooms.markRead(sala);
  await alice.say(sala, "um");
  // Carol has it by then: of two who write at the same time, either may stand first.
  await world.run();
  const first = await carol.say(sala, "dois");
  await carol.say(sala, "três");
  await world.run();
  assert.equal(bob.rooms.reading.unread(sala).count, 3);
  bob.ignored = [alice.name];
  assert.equal(bob.rooms.reading.unread(sala).count, 2);
  assert.equal(bob.room(sala).log?.unread, 2);
  const from = bob.rooms.reading.history(sala, { limit: 2 });
  assert.ok(from.ok && from.value.messages.some(({ id }) => id === first.id));
  bob.ignored = [alice.name, carol.name];
  assert.deepEqual(bob.rooms.reading.unread(sala), { count: 0, first: null });
  assert.deepEqual(bob.toldTexts(), ["um", "dois", "três"]);
  // Whether it was read is another matter: nobody has looked.
  assert.deepEqual(bob.rooms.readUpTo(sala), null);
});
