// Goal: docs/protocol/tracker.md §7 is what happens: two devices are brought together by what both gave for it, and by nothing else.
// Method: small Papo clients on a network in memory, in virtual time; plain connections with tickets arrive from where the test says.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import {
  CALLS_OF_ONE_ACCOUNT_MAX,
  CALLS_OF_STRANGERS_PENDING_MAX,
  CALLS_PENDING_MAX,
  CALL_TIMEOUT_MS,
  type IpLiteral,
  OBSERVATIONS_PER_SESSION_MAX,
  TICKET_LIFETIME_MS,
} from "@papo/protocol";
import { TICKET_SECRET_BYTES, Tickets } from "../../src/relay/tickets.ts";
import type { TrackerOptions } from "../../src/tracker-options.ts";
import { PapoClient, Root, newDevice, registered } from "../papo-client.ts";
import { TrackerRig } from "../tracker-rig.ts";

async function two(options: Partial<TrackerOptions> = {}) {
  const rig = await TrackerRig.start(options);
  return { rig, gabi: await registered(rig, "gabi"), nori: await registered(rig, "nori") };
}

/** Looked at field by field. */
type Heard = ReturnType<typeof JSON.parse>;

function connect(by: PapoClient, to: PapoClient, fields: object = {}): Promise<Heard> {
  return by.ask({ cmd: "CONNECT", username: to.name, device: to.device, addresses: null, relay: true, ...fields });
}

function answer(by: PapoClient, call: string, fields: object = {}): Promise<Heard> {
  return by.ask({ cmd: "ANSWER", call, accept: true, addresses: null, relay: true, ...fields });
}

/** A connection of OBSERVE from there; the ticket, once the client has been told. */
async function observed(client: PapoClient, rig: TrackerRig, remotePort: number, remoteAddress = client.address) {
  const { ticket } = await client.ask({ cmd: "OBSERVE" });
  const caller = rig.comeWith(ticket, { remoteAddress, remotePort });
  assert.deepEqual(await client.hear("OBSERVED"), {
    status: "OBSERVED",
    ticket,
    address: remoteAddress,
    port: remotePort,
  });
  return { ticket: ticket as string, caller };
}

test("the callee is told who calls and what they gave; both hear what the other one gave, in their roles, with a ticket each", async () => {
  const { gabi, nori } = await two();
  const [mine, theirs] = [gabi.record(), nori.record()];
  const { call } = await connect(gabi, nori, { addresses: mine });
  assert.deepEqual(await nori.hear("CALL"), {
    ...{ status: "CALL", call, username: "gabi", account: gabi.profile.root.keys.publicKey, device: gabi.device },
    ...{ tls: gabi.profile.device.tls.key, addresses: mine },
  });
  assert.equal((await answer(nori, call, { addresses: theirs })).status, "OK");
  const [client, server] = [await gabi.hear("PATHS"), await nori.hear("PATHS")];
  assert.deepEqual([client.role, client.refused, client.addresses], ["client", null, theirs]);
  assert.deepEqual([server.role, server.refused, server.addresses], ["server", null, mine]);
  assert.deepEqual([client.relay.place, server.relay.place], [null, null]);
  assert.notEqual(client.relay.ticket, server.relay.ticket);
});

test("what nobody gave nobody is told: no record, and a relay only if both would take it", async () => {
  const { gabi, nori } = await two();
  for (const client of [gabi, nori]) await client.ask({ cmd: "ADDRESSES", addresses: client.record() });
  const { call } = await connect(gabi, nori);
  assert.equal((await nori.hear("CALL")).addresses, null);
  await answer(nori, call, { relay: false });
  for (const client of [gabi, nori]) {
    const paths = await client.hear("PATHS");
    assert.deepEqual([paths.addresses, paths.relay, paths.refused], [null, null, null]);
  }
});

test("who is not accepted hears what anybody hears for whom there is no way, and the callee hears nothing more", async () => {
  const { rig, gabi, nori } = await two();
  const { call } = await connect(gabi, nori, { addresses: gabi.record() });
  await answer(nori, call, { accept: false, addresses: nori.record() });
  const paths = await gabi.hear("PATHS");
  assert.deepEqual(paths, {
    status: "PATHS",
    call,
    role: "client",
    refused: "unreachable",
    addresses: null,
    relay: null,
  });
  assert.equal((await answer(nori, call)).code, "timeout");
  await rig.clock.advance(CALL_TIMEOUT_MS * 2);
  assert.deepEqual(nori.heard("PATHS"), []);
});

test("a call that nobody answers ends in time, and an answer after that is too late", async () => {
  const { rig, gabi, nori } = await two();
  const { call } = await connect(gabi, nori);
  await rig.clock.advance(CALL_TIMEOUT_MS - 100);
  assert.deepEqual(gabi.heard("PATHS"), []);
  await rig.clock.advance(200);
  assert.equal((await gabi.hear("PATHS")).refused, "timeout");
  assert.equal((await answer(nori, call)).code, "timeout");
});

test("two who call each other at once share one call, and each hears of it once", async () => {
  const { rig, gabi, nori } = await two();
  const [first, second] = [gabi.send(asking(gabi, nori)), nori.send(asking(nori, gabi))];
  const { call } = await gabi.answerTo(first);
  const beforePaths = await nori.answerTo(second);
  assert.equal(beforePaths.call, call);
  const [mine, theirs] = [await gabi.hear("PATHS"), await nori.hear("PATHS")];
  assert.deepEqual([mine.call, mine.role, theirs.call, theirs.role], [call, "client", call, "server"]);
  assert.ok(mine.relay !== null && theirs.relay !== null);
  assert.equal((await answer(nori, call)).code, "timeout", "its CONNECT was its answer");
  await rig.clock.advance(1_000);
  assert.deepEqual([...gabi.heard("PATHS"), ...nori.heard("PATHS"), ...gabi.heard("CALL")], []);

  function asking(by: PapoClient, to: PapoClient): object {
    return { cmd: "CONNECT", username: to.name, device: to.device, addresses: by.record(), relay: true };
  }
});

test("a second CONNECT while it rings is the same call; after PATHS it is another one", async () => {
  const { gabi, nori } = await two();
  const { call } = await connect(gabi, nori);
  assert.equal((await connect(gabi, nori)).call, call);
  await nori.hear("CALL");
  await answer(nori, call);
  const next = await connect(gabi, nori);
  assert.notEqual(next.call, call);
  assert.equal((await nori.hear("CALL")).call, next.call);
});

test("T34: oneself, nobody, somebody offline, an original program and another's device are typed errors", async () => {
  const { rig, gabi, nori } = await two();
  assert.equal((await connect(gabi, gabi)).code, "wrong_recipient");
  assert.equal((await connect(gabi, nori, { username: "nobody" })).code, "peer_missing");
  assert.equal((await connect(gabi, nori, { username: "gabi" })).code, "peer_offline");
  assert.equal((await connect(gabi, nori, { device: "A".repeat(43) })).code, "peer_offline");
  await (await rig.seed()).register("yuki", 5_001);
  assert.equal((await connect(gabi, nori, { username: "yuki" })).code, "peer_offline");
  await nori.ask({ cmd: "LOGOUT" });
  assert.equal((await connect(gabi, nori)).code, "peer_offline");
  assert.equal(gabi.closedBy, undefined);
});

test("T34: nobody answers, or takes part in, a call that is not theirs", async () => {
  const { rig, gabi, nori } = await two();
  const yuki = await registered(rig, "yuki");
  const { call } = await connect(gabi, nori);
  for (const client of [yuki, gabi]) assert.equal((await answer(client, call)).code, "timeout");
  await answer(nori, call);
  const { ticket } = await observed(yuki, rig, 50_001);
  assert.equal((await yuki.ask({ cmd: "PUNCH", call, ticket })).code, "timeout");
  assert.equal((await gabi.ask({ cmd: "PUNCH", call, ticket })).code, "invalid_message", "another's ticket");
  assert.equal((await answer(nori, "A".repeat(22))).code, "timeout");
});

test("T34: calls under way are bounded for who calls and for who is called, each by itself, and their end makes room", async () => {
  const { rig, gabi } = await two();
  const others: PapoClient[] = [];
  for (let index = 0; index < CALLS_PENDING_MAX + 1; index += 1) others.push(await registered(rig, `peer${index}x`));
  await gabi.ask({ cmd: "CREATE_ROOM", room: "sala", kind: "open", capacity: 64 });
  for (const other of others) await other.ask({ cmd: "JOIN_ROOM", room: "sala" });
  const calls: Heard[] = [];
  for (const other of others) {
    calls.push(await connect(other, gabi));
    await rig.clock.advance(1);
  }
  assert.equal(calls.at(-1).code, "slow_down");
  assert.equal(calls.at(-2).status, "OK");
  const [first, last] = [others[0], others.at(-1)];
  assert.ok(first !== undefined && last !== undefined);
  assert.equal((await connect(gabi, last)).status, "OK", "who is called by many can still call");
  await rig.clock.advance(CALL_TIMEOUT_MS);
  assert.equal((await connect(last, gabi)).status, "OK");
});

test("T34: strangers together, or one account with many devices, leave room for others to call", async () => {
  const { rig, gabi, nori } = await two();
  await gabi.ask({ cmd: "CREATE_ROOM", room: "sala", kind: "open" });
  await nori.ask({ cmd: "JOIN_ROOM", room: "sala" });

  const root = new Root();
  const devices = Array.from({ length: CALLS_OF_ONE_ACCOUNT_MAX + 1 }, newDevice);
  const statement = root.state(...devices.map(({ listed }) => listed));
  const codes: Heard[] = [];
  for (const [index, device] of devices.entries()) {
    const client = await PapoClient.dial(rig, {
      name: "mallory",
      address: rig.newHost(),
      profile: { root, device, statement },
    });
    assert.equal((await (index === 0 ? client.register() : client.enter())).status, "OK");
    codes.push((await connect(client, gabi)).code);
  }
  assert.deepEqual(codes, [...Array<undefined>(CALLS_OF_ONE_ACCOUNT_MAX), "slow_down"]);

  const left = CALLS_OF_STRANGERS_PENDING_MAX - CALLS_OF_ONE_ACCOUNT_MAX;
  for (let index = 0; index < left; index += 1)
    assert.equal((await connect(await registered(rig, `stranger${index}`), gabi)).status, "OK");
  assert.equal((await connect(await registered(rig, "late"), gabi)).code, "slow_down");
  assert.equal((await connect(nori, gabi)).status, "OK");
});

test("T34: who lists another's device as one of their own ends no calls of that device", async () => {
  const { rig, gabi, nori } = await two();
  const root = new Root();
  const own = newDevice();
  const claimed = { ...own, listed: { ...own.listed, device: gabi.device } };
  const profile = { root, device: claimed, statement: root.state(claimed.listed) };
  const mallory = await PapoClient.dial(rig, { name: "mallory", address: rig.newHost(), profile });
  assert.equal((await mallory.register()).status, "OK");

  const { call } = await connect(gabi, nori);
  assert.equal((await connect(mallory, nori)).status, "OK");
  assert.equal((await answer(nori, call)).status, "OK");
  assert.equal((await gabi.hear("PATHS")).refused, null);
});

test("a session that ends takes its calls along: the caller of one learns it, and nothing is left of either", async () => {
  const { rig, gabi, nori } = await two();
  const yuki = await registered(rig, "yuki");
  await connect(gabi, nori);
  const toYuki = await connect(nori, yuki);
  await nori.ask({ cmd: "LOGOUT" });
  assert.equal((await gabi.hear("PATHS")).refused, "peer_offline");
  assert.equal((await answer(yuki, toYuki.call)).code, "timeout");
  await rig.clock.advance(CALL_TIMEOUT_MS * 2);
  assert.deepEqual(gabi.heard("PATHS"), []);
});

test("OBSERVE tells where a connection comes from, also before login; one ticket is one connection", async () => {
  const rig = await TrackerRig.start();
  const gabi = await rig.papo("gabi");
  assert.equal((await gabi.ask({ cmd: "OBSERVE" })).code, "login_required", "HELLO first");
  await gabi.hello();
  const { ticket, caller } = await observed(gabi, rig, 50_001, "2001:db8::7");
  assert.equal(rig.comeWith(ticket).isClosed, true);
  assert.equal(caller.isClosed, false);
  assert.equal(rig.comeWith(randomBytes(32).toString("base64url")).isClosed, true);
  // From now on the tracker has seen this device there.
  assert.equal((await gabi.register({ addresses: gabi.record([["2001:db8::7", 7_001]]) })).status, "OK");
});

test("T34: an OBSERVE connection ends with its client, its session or its time, and a ticket that nobody used in its time", async () => {
  const { rig, gabi, nori } = await two();
  const [{ caller: first }, { caller: second }] = [
    await observed(gabi, rig, 50_001),
    await observed(nori, rig, 50_002),
  ];
  const { ticket: unused } = await gabi.ask({ cmd: "OBSERVE" });
  await gabi.ask({ cmd: "LOGOUT" });
  assert.equal(first.isClosed, true);
  assert.equal(second.isClosed, false);
  assert.equal(rig.comeWith(unused).isClosed, true);
  const { ticket: late } = await nori.ask({ cmd: "OBSERVE" });
  await rig.clock.advance(TICKET_LIFETIME_MS + 1_000);
  assert.equal(second.isClosed, true);
  assert.equal(rig.comeWith(late).isClosed, true);
});

test("T34: observations of one session are bounded, and their end makes room", async () => {
  const { rig, gabi } = await two();
  const asked: Heard[] = [];
  for (let index = 0; index <= OBSERVATIONS_PER_SESSION_MAX; index += 1) asked.push(await gabi.ask({ cmd: "OBSERVE" }));
  assert.equal(asked.at(-1).code, "slow_down");
  assert.equal(asked.filter(({ status }) => status === "OK").length, OBSERVATIONS_PER_SESSION_MAX);
  rig.comeWith(asked[0].ticket).destroy();
  await gabi.hear("OBSERVED");
  assert.equal((await gabi.ask({ cmd: "OBSERVE" })).status, "OK");
});

test("when connections of both stand, both are told at once where the other's comes from, in their roles", async () => {
  const { rig, gabi, nori } = await two();
  const { call } = await connect(gabi, nori);
  const [mine, theirs] = [await observed(gabi, rig, 50_001), await observed(nori, rig, 50_002)];
  assert.equal((await gabi.ask({ cmd: "PUNCH", call, ticket: mine.ticket })).code, "timeout", "not before the answer");
  await answer(nori, call);
  assert.equal((await gabi.ask({ cmd: "PUNCH", call, ticket: mine.ticket })).status, "OK");
  await rig.clock.advance(1_000);
  assert.deepEqual(gabi.heard("PUNCH"), []);
  assert.equal((await nori.ask({ cmd: "PUNCH", call, ticket: theirs.ticket })).status, "OK");
  const place = (address: string, port: number) => ({ address, port, delayMs: 0 });
  assert.deepEqual(await gabi.hear("PUNCH"), { status: "PUNCH", call, role: "client", ...place(nori.address, 50_002) });
  assert.deepEqual(await nori.hear("PUNCH"), { status: "PUNCH", call, role: "server", ...place(gabi.address, 50_001) });
});

test("T23: nobody is told to open where only one family or one machine is, at a low port, or where nothing stands any more", async () => {
  const { rig, gabi, nori } = await two();
  const { call } = await connect(gabi, nori);
  await answer(nori, call);
  const punch = (client: PapoClient, ticket: string) => client.ask({ cmd: "PUNCH", call, ticket });
  assert.equal((await punch(gabi, (await observed(gabi, rig, 25)).ticket)).code, "unreachable");
  const gone = await observed(gabi, rig, 50_003);
  gone.caller.destroy();
  await rig.clock.settle();
  assert.equal((await punch(gabi, gone.ticket)).code, "invalid_message");
  const { ticket: never } = await gabi.ask({ cmd: "OBSERVE" });
  assert.equal((await punch(gabi, never)).code, "invalid_message");
  assert.equal((await punch(gabi, (await observed(gabi, rig, 50_001)).ticket)).status, "OK");
  assert.equal((await punch(nori, (await observed(nori, rig, 50_002, "2001:db8::7")).ticket)).code, "unreachable");
  assert.equal((await punch(nori, (await observed(nori, rig, 50_002, "127.0.0.1")).ticket)).code, "unreachable");
  await rig.clock.advance(CALL_TIMEOUT_MS);
  assert.equal((await punch(nori, (await observed(nori, rig, 50_004)).ticket)).code, "timeout");
  assert.deepEqual([...gabi.heard("PUNCH"), ...nori.heard("PUNCH")], []);
});

test("HELLO says where links are relayed, and tickets are made for that place", async () => {
  const secret = randomBytes(TICKET_SECRET_BYTES);
  const place = { host: "198.51.100.4" as IpLiteral, port: 6_062 };
  const { rig, gabi, nori } = await two({ relay: { at: "elsewhere", place, secret } });
  assert.deepEqual((await (await rig.papo("x")).hello()).relay, { place });
  const { call } = await connect(gabi, nori);
  await answer(nori, call);
  const [client, server] = [(await gabi.hear("PATHS")).relay, (await nori.hear("PATHS")).relay];
  assert.deepEqual([client.place, server.place], [place, place]);
  const shared = new Tickets(secret);
  const [one, other] = [client, server].map(({ ticket }) => shared.read(Buffer.from(ticket, "base64url")));
  assert.deepEqual([one?.purpose, other?.purpose, one?.pair], ["client", "server", other?.pair]);
  assert.equal(one?.payer, shared.payerOf(gabi.profile.root.keys.publicKey));
  assert.equal(rig.comeWith(client.ticket).isClosed, true, "this tracker itself relays nothing");

  const none = await two({ relay: { at: "nowhere" } });
  assert.equal((await (await none.rig.papo("x")).hello()).relay, null);
  const without = await connect(none.gabi, none.nori);
  await answer(none.nori, without.call);
  assert.equal((await none.gabi.hear("PATHS")).relay, null);
});

test("T34: a tracker that relays enough already gives no tickets; with no other way it says why", async () => {
  const { rig, gabi, nori } = await two({ relay: { at: "here", limits: { pairsPerAccount: 1 } } });
  assert.deepEqual((await (await rig.papo("x")).hello()).relay, { place: null });
  const first = await connect(gabi, nori);
  await answer(nori, first.call);
  const { ticket } = (await gabi.hear("PATHS")).relay;
  const { ticket: theirs } = (await nori.hear("PATHS")).relay;
  rig.comeWith(ticket);
  assert.ok(rig.comeWith(theirs).isClosed === false);

  const yuki = await registered(rig, "yuki");
  const hopeless = await connect(gabi, yuki);
  await answer(yuki, hopeless.call);
  for (const client of [gabi, yuki]) assert.equal((await client.hear("PATHS")).refused, "limit_reached");
  const direct = await connect(gabi, yuki);
  const record = yuki.record();
  await answer(yuki, direct.call, { addresses: record });
  const paths = await gabi.hear("PATHS");
  assert.deepEqual([paths.refused, paths.relay, paths.addresses], [null, null, record]);
});

test("who did not log in can neither call nor tell addresses", async () => {
  const { rig, gabi } = await two();
  const stranger = await rig.papo("ana");
  await stranger.hello();
  assert.equal((await connect(stranger, gabi)).code, "login_required");
  assert.equal((await stranger.ask({ cmd: "ADDRESSES", addresses: stranger.record() })).code, "login_required");
  assert.equal(gabi.heard("CALL").length, 0);
});
