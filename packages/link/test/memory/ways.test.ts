// Goal: routers, firewalls, relays, simultaneous open and a change of network are in memory what they are outside, so that what is
// tried on them means something.
// Method: a tracker, two homes and a host outside on a virtual clock; who reaches whom, seen as whom, is held against the table.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type Link,
  type ListenOptions,
  type Network,
  type RelayedOptions,
  type SpliceEnd,
  type SpliceRules,
  type TicketCaller,
  createTlsIdentity,
} from "@papo/link";
import { MemoryNetwork, type Nat, VirtualClock, seededRandom } from "@papo/link/memory";
import { FRAME_KIND, type Outcome, PUNCH_FOR_MS, TICKET_BYTES } from "@papo/protocol";
import { LinkRecorder } from "@papo/testing";

const TRACKER = "198.51.100.1";
const OUTSIDE = "198.51.100.7";
const ANA = "192.168.1.10";
const ANAS_HOME = "203.0.113.1";
const BIA = "192.168.2.20";
const BIAS_HOME = "203.0.113.2";
const PORT = 6060;
const MEET_MS = 10_000;

const identities = { ana: createTlsIdentity(), bia: createTlsIdentity(), tracker: createTlsIdentity() };
const common = { alpn: "papo-peer/1", queueBytesMax: 1_048_576 };

class Lab {
  readonly clock = new VirtualClock();
  readonly network = new MemoryNetwork(this.clock, seededRandom(1));
  readonly ana: Network;
  readonly bia: Network;
  /** Links that came in, by the address of the host that listens. */
  readonly arrived = new Map<string, Link[]>();
  readonly callers: TicketCaller[] = [];
  readonly ends: SpliceEnd[] = [];
  spent: string[] = [];
  rules: Partial<SpliceRules> = {};

  constructor(natA?: Nat, natB?: Nat) {
    this.network.nat(ANA, natA);
    this.network.nat(BIA, natB);
    this.ana = this.network.host(ANA);
    this.bia = this.network.host(BIA);
  }

  async open(): Promise<this> {
    await this.listen(TRACKER, { onTicket: (caller) => this.callers.push(caller) });
    await this.listen(ANA);
    await this.listen(BIA);
    return this;
  }

  listen(host: string, options: Partial<ListenOptions> = {}) {
    const links: Link[] = [];
    this.arrived.set(host, links);
    return this.network.host(host).listen({
      ...{ ...common, host, port: PORT, dialects: ["papo"], identity: identities.tracker },
      onLink: (link) => links.push(link),
      ...options,
    });
  }

  async run<T>(promise: Promise<T>): Promise<T> {
    let isDone = false;
    void promise.finally(() => (isDone = true));
    await this.clock.runUntil(() => isDone);
    return promise;
  }

  dial(from: string, host: string, port = PORT) {
    const to = { host, port, dialect: "papo", timeoutMs: 1_000 } as const;
    return this.run(this.network.host(from).dial({ ...common, ...to, identity: identities.ana }));
  }

  async outcomeOf(from: string, host: string, port = PORT): Promise<string> {
    return codeOf(await this.dial(from, host, port));
  }

  rendezvous(network: Network, ticket: number) {
    return this.run(network.rendezvous({ host: TRACKER, port: PORT, ticket: ticketOf(ticket), timeoutMs: 1_000 }));
  }

  relayed(who: "ana" | "bia", options: Partial<RelayedOptions> = {}) {
    const role = who === "ana" ? "client" : "server";
    const how = {
      host: TRACKER,
      port: PORT,
      ticket: ticketOf(who === "ana" ? 1 : 2),
      role,
      timeoutMs: MEET_MS,
    } as const;
    return this[who].relayed({ ...common, ...how, identity: identities[who], ...options });
  }

  splice() {
    const [one, other] = this.callers.splice(0);
    assert.ok(one !== undefined && other !== undefined);
    return one.spliceWith(other, {
      ...{ clock: this.clock, idleTimeoutMs: 120_000 },
      spend: (from, bytes) => {
        this.spent.push(`${from} ${bytes}`);
        return 0;
      },
      ended: (end) => this.ends.push(end),
      ...this.rules,
    });
  }

  /** Both at the relay, joined. */
  async relayedPair(options: { ana?: Partial<RelayedOptions>; bia?: Partial<RelayedOptions> } = {}) {
    const both = [this.relayed("ana", options.ana), this.relayed("bia", options.bia)] as const;
    await this.clock.runUntil(() => this.callers.length === 2);
    const splice = this.splice();
    return { splice, ana: await this.run(both[0]), bia: await this.run(both[1]) };
  }

  /** Both try at once, from the ports that the tracker saw. */
  async punch(): Promise<[Outcome<Link>, Outcome<Link>]> {
    const [a, b] = [expectOk(await this.rendezvous(this.ana, 1)), expectOk(await this.rendezvous(this.bia, 2))];
    const [seenA, seenB] = this.callers.splice(0);
    assert.ok(seenA !== undefined && seenB !== undefined);
    const how = { ...common, forMs: PUNCH_FOR_MS };
    const target = ({ ends }: TicketCaller) => ({ host: ends.remoteAddress, port: ends.remotePort });
    const ana = this.ana.punched({
      ...{ ...how, ...target(seenB), localPort: a.localPort, role: "client", identity: identities.ana },
      expectedKey: identities.bia.key,
    });
    await this.clock.advance(700);
    const bia = this.bia.punched({
      ...{ ...how, ...target(seenA), localPort: b.localPort, role: "server", identity: identities.bia },
      expectedKey: identities.ana.key,
    });
    return [await this.run(ana), await this.run(bia)];
  }
}

const preserving = (outside: string) => ({ kind: "preserving", outside }) as const;
const symmetric = (outside: string): Nat => ({ kind: "symmetric", outside });

test("who is behind a router dials out, is seen as the router, and is reached by nobody outside", async () => {
  const lab = await new Lab(preserving(ANAS_HOME), preserving(BIAS_HOME)).open();
  await lab.listen(OUTSIDE);
  const out = expectOk(await lab.dial(ANA, OUTSIDE));
  assert.equal(out.ends.localAddress, ANA);
  const there = lab.arrived.get(OUTSIDE)?.[0];
  assert.deepEqual([there?.ends.remoteAddress, there?.ends.remotePort], [ANAS_HOME, out.ends.localPort]);
  assert.equal(await lab.outcomeOf(OUTSIDE, ANAS_HOME), "timeout");
  assert.equal(await lab.outcomeOf(OUTSIDE, ANA), "timeout");
  assert.equal(await lab.outcomeOf(BIA, ANAS_HOME), "timeout");
  assert.equal(await lab.outcomeOf(BIA, ANA), "timeout");
  lab.network.nat(ANA, undefined);
  assert.equal(await lab.outcomeOf(OUTSIDE, ANA), "linked");
});

test("two behind one router reach each other by their own addresses, and not by the router's", async () => {
  const lab = await new Lab(preserving(ANAS_HOME), symmetric(ANAS_HOME)).open();
  assert.equal(await lab.outcomeOf(ANA, BIA), "linked");
  assert.equal(lab.arrived.get(BIA)?.[0]?.ends.remoteAddress, ANA);
  assert.equal(await lab.outcomeOf(ANA, ANAS_HOME), "timeout");
});

test("a firewall keeps the address and lets nothing in; one that refuses says so; a mapped port leads inside", async () => {
  const lab = await new Lab({ kind: "firewall" }, { kind: "preserving", outside: BIAS_HOME, refuses: true }).open();
  assert.equal(await lab.outcomeOf(TRACKER, ANA), "timeout");
  assert.equal(await lab.outcomeOf(ANA, TRACKER), "linked");
  assert.equal(lab.arrived.get(TRACKER)?.[0]?.ends.remoteAddress, ANA);
  assert.equal(await lab.outcomeOf(TRACKER, BIAS_HOME), "unreachable");
  lab.network.mapPort({ address: BIAS_HOME, port: 7_000 }, { address: BIA, port: PORT });
  assert.equal(await lab.outcomeOf(ANA, BIAS_HOME, 7_000), "linked");
  lab.network.mapPort({ address: BIAS_HOME, port: 7_000 }, undefined);
  assert.equal(await lab.outcomeOf(ANA, BIAS_HOME, 7_000), "unreachable");
});

test("a rendezvous shows where one is, lives until either side ends it, and tells the other", async () => {
  const lab = await new Lab(preserving(ANAS_HOME), symmetric(BIAS_HOME)).open();
  const ana = expectOk(await lab.rendezvous(lab.ana, 1));
  const bia = expectOk(await lab.rendezvous(lab.bia, 2));
  const [seenA, seenB] = lab.callers;
  assert.ok(seenA !== undefined && seenB !== undefined);
  assert.deepEqual(seenA.ticket, ticketOf(1));
  assert.deepEqual([seenA.ends.remoteAddress, seenA.ends.remotePort], [ANAS_HOME, ana.localPort]);
  assert.equal(seenB.ends.remoteAddress, BIAS_HOME);
  assert.notEqual(seenB.ends.remotePort, bia.localPort);
  assert.deepEqual([ana.localAddress, ana.remoteAddress], [ANA, TRACKER]);

  const told: string[] = [];
  seenA.onClosed(() => told.push("ana"));
  ana.close();
  seenB.destroy();
  await Promise.all([ana.closed, bia.closed]);
  await lab.clock.settle();
  assert.deepEqual(told, ["ana"]);
  assert.deepEqual([seenA.isClosed, seenB.isClosed], [true, true]);
  const nowhere = await lab.run(lab.ana.rendezvous({ host: BIA, port: 1, ticket: ticketOf(1), timeoutMs: 500 }));
  assert.equal(codeOf(nowhere), "timeout");
});

const cases: readonly (readonly [string, Nat | undefined, Nat | undefined, string])[] = [
  ["nothing between them", undefined, undefined, "linked"],
  ["two routers that keep ports", preserving(ANAS_HOME), preserving(BIAS_HOME), "linked"],
  ["a router and a firewall", preserving(ANAS_HOME), { kind: "firewall" }, "linked"],
  ["one that changes ports", preserving(ANAS_HOME), symmetric(BIAS_HOME), "timeout"],
  ["two that change ports", symmetric(ANAS_HOME), symmetric(BIAS_HOME), "timeout"],
  ["one that answers with refusals", { ...preserving(ANAS_HOME), refuses: true }, preserving(BIAS_HOME), "timeout"],
];
for (const [name, natA, natB, expected] of cases) {
  test(`simultaneous open through ${name}: ${expected}`, async () => {
    const lab = await new Lab(natA, natB).open();
    const [ana, bia] = await lab.punch();
    assert.deepEqual([codeOf(ana), codeOf(bia)], [expected, expected]);
    if (!ana.ok || !bia.ok) return;
    assert.deepEqual(
      [ana.value.security?.remoteKey, bia.value.security?.remoteKey],
      [identities.bia.key, identities.ana.key],
    );
    const heard = LinkRecorder.on(bia.value);
    ana.value.sendJson({ through: "both" });
    await lab.clock.advance(10);
    assert.deepEqual(heard.texts, ['{"through":"both"}']);
  });
}

test("a relay joins two that nobody reaches, counts what goes through, and ends when they do", async () => {
  const lab = await new Lab(symmetric(ANAS_HOME), symmetric(BIAS_HOME)).open();
  const { ana, bia } = await lab.relayedPair({
    ana: { expectedKey: identities.bia.key },
    bia: { expectedKey: identities.ana.key },
  });
  const [ours, theirs] = [expectOk(ana), expectOk(bia)];
  assert.equal(ours.ends.remoteAddress, TRACKER);
  const [heardA, heardB] = [LinkRecorder.on(ours), LinkRecorder.on(theirs)];
  ours.sendJson({ n: 1 });
  theirs.sendFrame(FRAME_KIND.bytes, new Uint8Array(100));
  await lab.clock.advance(10);
  assert.deepEqual([heardB.texts, heardA.messages[0]?.payload.length], [['{"n":1}'], 100]);
  assert.deepEqual(lab.spent, ["one 12", "other 105"]);
  await lab.run(ours.close({ code: "closed", detail: "done" }));
  await lab.clock.advance(10);
  assert.equal((await heardB.ended()).code, "lost");
  assert.deepEqual(lab.ends, [{ why: "closed", bytes: { one: 12, other: 105 } }]);
  assert.equal(lab.network.openLinks, 0);
});

test("a relay's price in time holds one direction back; idle and shut end both", async () => {
  const lab = await new Lab().open();
  lab.rules = { spend: (from) => (from === "one" ? 1_000 : 0), idleTimeoutMs: 60_000 };
  const first = await lab.relayedPair();
  const [ours, theirs] = [expectOk(first.ana), expectOk(first.bia)];
  const [heardA, heardB] = [LinkRecorder.on(ours), LinkRecorder.on(theirs)];
  for (let n = 0; n < 3; n++) ours.sendJson({ n });
  theirs.sendJson({});
  await lab.clock.advance(10);
  assert.deepEqual([heardB.texts.length, heardA.texts.length], [1, 1]);
  await lab.clock.advance(2_000);
  assert.equal(heardB.texts.length, 3);
  await lab.clock.advance(70_000);
  assert.deepEqual([(await heardA.ended()).code, (await heardB.ended()).code], ["lost", "lost"]);
  assert.deepEqual(
    lab.ends.map(({ why }) => why),
    ["idle"],
  );

  const second = await lab.relayedPair();
  const heard = LinkRecorder.on(expectOk(second.ana));
  second.splice.close();
  second.splice.close();
  await lab.clock.advance(1);
  assert.equal((await heard.ended()).code, "lost");
  assert.deepEqual(
    lab.ends.map(({ why }) => why),
    ["idle", "shut"],
  );
});

test("a relayed link that fails is a value on both sides, and its splice is over", async () => {
  const lab = await new Lab().open();
  const strange = createTlsIdentity().key;
  const wrongAtClient = await lab.relayedPair({ ana: { expectedKey: strange } });
  assert.deepEqual([codeOf(wrongAtClient.ana), codeOf(wrongAtClient.bia)], ["identity_changed", "unsupported"]);
  const wrongAtServer = await lab.relayedPair({ bia: { expectedKey: strange } });
  assert.deepEqual([codeOf(wrongAtServer.ana), codeOf(wrongAtServer.bia)], ["unsupported", "identity_changed"]);
  const sameRole = await lab.relayedPair({ ana: { role: "server" } });
  assert.equal(codeOf(sameRole.ana), "unsupported");
  assert.deepEqual(
    lab.ends.map(({ why }) => why),
    ["closed", "closed", "closed"],
  );
  assert.equal(lab.network.openLinks, 0);

  const alone = await lab.run(lab.relayed("ana"));
  assert.equal(codeOf(alone), "timeout");
  assert.equal(lab.callers.splice(0)[0]?.isClosed, true);
  const dropped = lab.relayed("ana");
  await lab.clock.runUntil(() => lab.callers.length === 1);
  lab.callers.splice(0)[0]?.destroy();
  assert.equal(codeOf(await lab.run(dropped)), "unreachable");
  assert.equal(codeOf(await lab.run(lab.relayed("ana", { host: BIA }))), "unreachable");
});

test("who moves to another network leaves half-dead links behind, and goes on from there", async () => {
  const lab = await new Lab().open();
  const before = expectOk(await lab.dial(ANA, TRACKER));
  const there = lab.arrived.get(TRACKER)?.[0];
  assert.ok(there !== undefined);
  const [heardHere, heardThere] = [LinkRecorder.on(before), LinkRecorder.on(there)];
  const NEW = "192.168.77.3";
  lab.network.changeAddress(ANA, NEW);
  before.sendJson({ n: 1 });
  there.sendJson({ n: 1 });
  lab.network.heal();
  lab.network.cut(ANA, TRACKER);
  await lab.clock.advance(60_000);
  assert.deepEqual(
    [heardHere.texts, heardThere.texts, heardHere.reason, heardThere.reason],
    [[], [], undefined, undefined],
  );

  const again = expectOk(
    await lab.run(
      lab.ana.dial({
        ...common,
        host: TRACKER,
        port: PORT,
        dialect: "papo",
        timeoutMs: 1_000,
        identity: identities.ana,
      }),
    ),
  );
  assert.equal(again.ends.localAddress, NEW);
  assert.equal(await lab.outcomeOf(BIA, NEW), "linked");
  assert.equal(await lab.outcomeOf(BIA, ANA), "unreachable");
});

test("a host with two families of address is reached at both, by those who have them", async () => {
  const lab = await new Lab(preserving(ANAS_HOME)).open();
  const [ANA_V6, TRACKER_V6] = ["2001:db8:a::1", "2001:db8:1::1"];
  lab.network.alsoAt(TRACKER, TRACKER_V6);
  assert.equal(await lab.outcomeOf(ANA, TRACKER_V6), "unreachable");
  const place = { host: TRACKER, port: PORT, ticket: ticketOf(1), timeoutMs: 500, family: 6 } as const;
  assert.equal(codeOf(await lab.run(lab.ana.rendezvous(place))), "unreachable");
  lab.network.alsoAt(ANA, ANA_V6);
  const seen = expectOk(await lab.run(lab.ana.rendezvous(place)));
  assert.deepEqual([seen.localAddress, seen.remoteAddress], [ANA_V6, TRACKER_V6]);
  assert.equal(lab.callers.at(-1)?.ends.remoteAddress, ANA_V6);
  assert.equal(await lab.outcomeOf(ANA, TRACKER), "linked");
});

function ticketOf(number: number): Uint8Array {
  return new Uint8Array(TICKET_BYTES).fill(number);
}

function codeOf(outcome: Outcome<unknown>): string {
  return outcome.ok ? "linked" : outcome.fault.code;
}

function expectOk<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) assert.fail(`${outcome.fault.code}: ${outcome.fault.detail}`);
  return outcome.value;
}
