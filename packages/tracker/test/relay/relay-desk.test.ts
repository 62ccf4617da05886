// Goal: the relay brings together the two sides of a link and nobody else, in bounded numbers, and delays what is over a budget.
// Method: a desk with callers that record what happens to them, in virtual time.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import type { SpliceRules } from "@papo/link";
import { VirtualClock } from "@papo/link/memory";
import {
  RELAY_ACCOUNT_BURST_BYTES,
  RELAY_ACCOUNT_BYTES_PER_SECOND,
  RELAY_CLOCK_SKEW_MS,
  RELAY_IDLE_TIMEOUT_MS,
  RELAY_MEET_TIMEOUT_MS,
  RELAY_TICKETS_REMEMBERED_MAX,
  TICKET_LIFETIME_MS,
} from "@papo/protocol";
import type { LogEvent } from "../../src/log/tracker-log.ts";
import { RELAY_DEFAULTS, type RelayLimits } from "../../src/relay/relay-budgets.ts";
import { RelayDesk } from "../../src/relay/relay-desk.ts";
import type { RelayGauges } from "../../src/relay/relay-metrics.ts";
import { welcomeTicket } from "../../src/relay/ticket-hall.ts";
import { TICKET_SECRET_BYTES, type TicketContent, Tickets } from "../../src/relay/tickets.ts";
import { FakeCaller } from "./fake-caller.ts";

function rig(limits: Partial<RelayLimits> = {}) {
  const clock = new VirtualClock();
  const tickets = new Tickets(randomBytes(TICKET_SECRET_BYTES));
  const counted: string[] = [];
  const events: LogEvent[] = [];
  let gauges: RelayGauges = { pairs: () => Number.NaN, waiting: () => Number.NaN };
  const metrics = {
    passed: (bytes: number) => void counted.push(`passed ${bytes}`),
    ended: (why: string) => void counted.push(`ended ${why}`),
    refused: (why: string) => void counted.push(`refused ${why}`),
    watch: (given: RelayGauges) => {
      gauges = given;
    },
  };
  const log = { event: (event: LogEvent) => void events.push(event) };
  const desk = new RelayDesk({ clock, log, metrics, limits: { ...RELAY_DEFAULTS, ...limits } });
  const desks = { tickets, observations: undefined, desk, metrics };
  const side = (purpose: TicketContent["purpose"], pair: string, payer = "aaaaaaaaaa") =>
    tickets.make({ purpose, pair, payer }, clock.wallMs());
  const come = (ticket: string, remoteAddress?: string): FakeCaller => {
    const caller = new FakeCaller(ticket, remoteAddress === undefined ? {} : { remoteAddress });
    welcomeTicket(desks, caller);
    return caller;
  };
  return { clock, desk, tickets, counted, events, side, come, count: () => [gauges.pairs(), gauges.waiting()] };
}

test("the two sides of one link are brought together, whoever comes first, and their end is counted and logged", async () => {
  const { side, come, tickets, counted, events, count } = rig();
  const pair = tickets.newPair();
  const server = come(side("server", pair));
  assert.deepEqual(count(), [0, 1]);
  const client = come(side("client", pair, "bbbbbbbbbb"));
  assert.equal(server.spliced?.with, client);
  assert.equal(server.spliced.rules.idleTimeoutMs, RELAY_IDLE_TIMEOUT_MS);
  assert.deepEqual(count(), [1, 0]);
  assert.equal(server.spliced.rules.spend("one", 100), 0);
  server.end(100, 20);
  assert.deepEqual(count(), [0, 0]);
  assert.deepEqual(counted, ["passed 100", "ended closed"]);
  assert.deepEqual(events, [{ kind: "relay_ended", why: "closed", bytes: 120 }]);
});

test("T34: who comes alone waits for a while and is hung up on; who comes after that waits for nobody", async () => {
  const { clock, side, come, tickets, counted, count } = rig();
  const pair = tickets.newPair();
  const [late, first] = [side("client", pair), come(side("server", pair))];
  await clock.advance(RELAY_MEET_TIMEOUT_MS - 1);
  assert.equal(first.isClosed, false);
  await clock.advance(1);
  assert.equal(first.isClosed, true);
  assert.deepEqual(counted, ["ended unmet"]);
  const second = come(late);
  assert.deepEqual(count(), [0, 1]);
  await clock.advance(RELAY_MEET_TIMEOUT_MS);
  assert.equal(second.isClosed, true);
});

test("T34: a side that goes while it waits leaves nothing behind", async () => {
  const { side, come, tickets, count, clock } = rig({ pairsPerAccount: 1 });
  const pair = tickets.newPair();
  const first = come(side("server", pair));
  first.destroy();
  // The other side may come before anybody has noticed.
  assert.equal(come(side("client", pair)).isClosed, true);
  await clock.settle();
  assert.deepEqual(count(), [0, 0]);
  assert.equal(come(side("client", tickets.newPair())).isClosed, false);
});

test("T34: a ticket is good once, whether the link stands, waits or is over", async () => {
  const { side, come, tickets, counted, clock } = rig();
  const pair = tickets.newPair();
  const [server, client] = [side("server", pair), side("client", pair)];
  const one = come(server);
  assert.equal(come(server).isClosed, true);
  assert.equal(one.isClosed, false, "who was there first is not disturbed");
  come(client);
  assert.equal(come(client).isClosed, true);
  one.end(0, 0);
  assert.equal(come(server).isClosed, true);
  await clock.advance(TICKET_LIFETIME_MS + RELAY_CLOCK_SKEW_MS + 1_000);
  assert.equal(come(server).isClosed, true);
  assert.deepEqual(
    counted.filter((line) => line.startsWith("refused")),
    ["refused used", "refused used", "refused used", "refused expired"],
  );
});

test("T34: nobody closes a relay to others by using tickets up", async () => {
  const { come, tickets, clock, counted } = rig({ pairsPerAccount: 1 });
  const ticket = (payer: string) => tickets.make({ purpose: "client", pair: tickets.newPair(), payer }, clock.wallMs());
  come(ticket("aaaaaaaaaa"));
  const tooMany = ticket("aaaaaaaaaa");
  assert.equal(come(tooMany).isClosed, true);
  assert.equal(come(tooMany).isClosed, true);
  assert.deepEqual(counted, ["refused full", "refused full"], "what was not let in is not remembered");
  // One place, taken and given up again and again.
  for (let index = 0; index < RELAY_TICKETS_REMEMBERED_MAX; index += 1) {
    come(ticket("bbbbbbbbbb")).destroy();
    await Promise.resolve();
  }
  assert.equal(come(ticket("cccccccccc")).isClosed, false);
});

test("T34: forged tickets, tickets of OBSERVE and tickets from far in the future are hung up on", () => {
  const { side, come, tickets, counted, clock } = rig();
  assert.equal(come(randomBytes(32).toString("base64url")).isClosed, true);
  assert.equal(come(side("observe", tickets.newPair())).isClosed, true);
  const payer = "aaaaaaaaaa";
  const later = clock.wallMs() + RELAY_CLOCK_SKEW_MS + 2_000;
  assert.equal(come(tickets.make({ purpose: "client", pair: tickets.newPair(), payer }, later)).isClosed, true);
  assert.deepEqual(counted, ["refused forged", "refused forged", "refused expired"]);
});

test("T34: so many links in all, so many sides of one account; what ends makes room", () => {
  const { desk, side, come, tickets } = rig({ pairs: 3, pairsPerAccount: 2 });
  const open = (one: string, other: string) => {
    const pair = tickets.newPair();
    const server = come(side("server", pair, one));
    return [server, come(side("client", pair, other))] as const;
  };
  const [first] = open("aaaaaaaaaa", "bbbbbbbbbb");
  open("aaaaaaaaaa", "cccccccccc");
  assert.equal(desk.hasRoomFor(["aaaaaaaaaa", "dddddddddd"]), false);
  assert.equal(desk.hasRoomFor(["dddddddddd", "eeeeeeeeee"]), true);
  assert.equal(come(side("client", tickets.newPair(), "aaaaaaaaaa")).isClosed, true);
  const pair = tickets.newPair();
  come(side("client", pair, "dddddddddd"));
  assert.equal(come(side("server", pair, "aaaaaaaaaa")).isClosed, true, "also as the second");
  assert.equal(desk.hasRoomFor(["eeeeeeeeee"]), false, "three in all, one of them still alone");
  first.end(1, 1);
  assert.equal(desk.hasRoomFor(["aaaaaaaaaa", "dddddddddd"]), true);
});

test("T34: so many sides from one address, whichever their accounts; loopback is not limited, and what ends makes room", async () => {
  const { clock, side, come, tickets } = rig({ connectionsPerAddress: 3 });
  let accounts = 0;
  const nobody = () => `aaaaaaaa${(accounts += 1) % 10}${accounts % 10}`;
  const alone = (address: string) => come(side("client", tickets.newPair(), nobody()), address);
  const pair = tickets.newPair();
  const server = come(side("server", pair, nobody()), "192.0.2.7");
  come(side("client", pair, nobody()), "192.0.2.7");
  const third = alone("192.0.2.7");
  assert.equal(alone("192.0.2.7").isClosed, true);
  assert.equal(alone("192.0.2.8").isClosed, false, "a neighbour is another household");
  for (let index = 0; index < 4; index += 1) assert.equal(alone("127.0.0.1").isClosed, false);
  third.destroy();
  await clock.settle();
  const next = alone("192.0.2.7");
  assert.equal(next.isClosed, false, "who waited and went");
  assert.equal(alone("192.0.2.7").isClosed, true);
  server.end(1, 1);
  for (let index = 0; index < 2; index += 1) assert.equal(alone("192.0.2.7").isClosed, false, "a link that is over");
  assert.equal(alone("192.0.2.7").isClosed, true);
});

test("an account's bytes are one budget over all its links, and what is over is read later, not refused", async () => {
  const { clock, side, come, tickets } = rig();
  const rulesOf = (payer: string): SpliceRules => {
    const pair = tickets.newPair();
    const server = come(side("server", pair, payer));
    come(side("client", pair, "zzzzzzzzzz".replaceAll("z", "0")));
    assert.ok(server.spliced);
    return server.spliced.rules;
  };
  const [one, another, stranger] = [rulesOf("aaaaaaaaaa"), rulesOf("aaaaaaaaaa"), rulesOf("bbbbbbbbbb")];
  assert.equal(one.spend("one", RELAY_ACCOUNT_BURST_BYTES), 0);
  assert.equal(another.spend("one", RELAY_ACCOUNT_BYTES_PER_SECOND), 1_000);
  assert.equal(stranger.spend("one", 65_536), 0, "nobody else waits for it");
  assert.equal(one.spend("other", 65_536), 0, "nor does who talks with it");
  await clock.advance(2_000);
  assert.equal(one.spend("one", RELAY_ACCOUNT_BYTES_PER_SECOND / 2), 0);
});

test("all accounts together have one budget, in which everybody waits for a turn", async () => {
  const { clock, side, come, tickets } = rig({ totalBytesPerSecond: 1_000_000 });
  const waits: number[] = [];
  for (let index = 0; index < 10; index += 1) {
    const pair = tickets.newPair();
    const server = come(side("server", pair, `aaaaaaaa0${index}`));
    come(side("client", pair, `bbbbbbbb0${index}`));
    waits.push(server.spliced?.rules.spend("one", 200_000) ?? Number.NaN);
  }
  assert.deepEqual(waits, [0, 0, 0, 0, 0, 200, 400, 600, 800, 1_000]);
  await clock.advance(1_000);
});

test("when the desk closes, everybody goes, and nobody comes any more", () => {
  const { desk, side, come, tickets, count } = rig();
  const pair = tickets.newPair();
  const [one, other] = [come(side("server", pair)), come(side("client", pair))];
  const alone = come(side("server", tickets.newPair()));
  desk.close();
  for (const caller of [one, other, alone]) assert.equal(caller.isClosed, true);
  assert.deepEqual(count(), [0, 0]);
  assert.equal(come(side("server", tickets.newPair())).isClosed, true);
});
