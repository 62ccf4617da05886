// Goal: each thing asked of a tracker about calls gets one answer, in whatever order its words come; and words that nobody waits for do nothing (P22).
// Method: a line that answers when the test says so, on a virtual clock.
import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualClock } from "@papo/link/memory";
import {
  CALLS_PENDING_MAX,
  CALL_TIMEOUT_MS,
  type CallId,
  type IpLiteral,
  type Outcome,
  type Paths,
  type Punch,
  type RelayTicket,
  fail,
  succeed,
} from "@papo/protocol";
import { Calls } from "../../../src/mesh/paths/calls.ts";
import type { AskLine, CallRequest, TrackerLine } from "../../../src/tracker-session/tracker-line.ts";
import { keysFor, named } from "../../world-fixture.ts";

const CALL = "c".repeat(22) as CallId;
const OTHER = "d".repeat(22) as CallId;
const TICKET = "t".repeat(43) as RelayTicket;
const NEVER = new AbortController().signal;

const REQUEST: CallRequest = {
  username: named("nori"),
  device: keysFor("nori").keys.device.publicKey,
  addresses: null,
  relay: true,
};

function pathsOf(call: CallId): Paths {
  return { status: "PATHS", call, role: "client", refused: null, addresses: null, relay: null };
}

function punchOf(call: CallId): Punch {
  const where = { address: "198.51.100.7" as IpLiteral, port: 50_000, delayMs: 0 };
  return { status: "PUNCH", call, role: "client", ...where };
}

function calling(line: Partial<Pick<TrackerLine, "connect" | "answer" | "punch">>) {
  const clock = new VirtualClock();
  const withLine: AskLine = (ask) => ask(line as TrackerLine);
  return { clock, calls: new Calls({ clock, withLine }) };
}

/** What it came to, as soon as that is known. */
function watch(asked: Promise<Outcome<unknown>>): { code: string | undefined } {
  const seen: { code: string | undefined } = { code: undefined };
  void asked.then((outcome) => (seen.code = outcome.ok ? "ok" : outcome.fault.code));
  return seen;
}

test("the ways may come before the answer that names the call, and are not lost", async () => {
  const answered = Promise.withResolvers<Outcome<CallId>>();
  const { clock, calls } = calling({ connect: () => answered.promise });
  const seen = watch(calls.connect(REQUEST, NEVER));
  calls.heard(pathsOf(CALL));
  answered.resolve(succeed(CALL));
  await clock.settle();
  assert.equal(seen.code, "ok");
});

test("P22: ways and places for calls that we never made are passed over, and counted", async () => {
  const { clock, calls } = calling({ connect: async () => succeed(CALL) });
  calls.heard(pathsOf(OTHER));
  calls.heard(punchOf(OTHER));
  const seen = watch(calls.connect(REQUEST, NEVER));
  await clock.settle();
  for (let n = 0; n < 1_000; n += 1) calls.heard(pathsOf(OTHER));
  calls.heard(punchOf(CALL));
  await clock.settle();
  assert.equal(seen.code, undefined);
  assert.equal(calls.passedOver, 1_003);
  calls.heard(pathsOf(CALL));
  calls.heard(pathsOf(CALL));
  await clock.settle();
  assert.equal(seen.code, "ok");
  assert.equal(calls.passedOver, 1_004);
});

test("a call of which nothing comes is over after its time, and one that is refused at once", async () => {
  const { clock, calls } = calling({ connect: async () => succeed(CALL) });
  const seen = watch(calls.connect(REQUEST, NEVER));
  await clock.advance(CALL_TIMEOUT_MS - 1);
  assert.equal(seen.code, undefined);
  await clock.advance(1);
  assert.equal(seen.code, "timeout");

  const refused = calling({ connect: async () => fail("peer_offline", "test") });
  const at = watch(refused.calls.connect(REQUEST, NEVER));
  await refused.clock.settle();
  assert.equal(at.code, "peer_offline");
});

test("F3: with the session go the calls, at once", async () => {
  const line = { connect: async () => succeed(CALL), punch: async () => succeed(null) };
  const { clock, calls } = calling(line);
  const waiting = [
    watch(calls.connect(REQUEST, NEVER)),
    watch(calls.punch(OTHER, TICKET, NEVER)),
    watch(calls.seen(TICKET, NEVER)),
  ];
  await clock.settle();
  calls.offline();
  await clock.settle();
  for (const seen of waiting) assert.equal(seen.code, "tracker_unreachable");
  assert.equal(clock.timers, 0);
});

test("given up, nothing waits any more", async () => {
  const { clock, calls } = calling({ answer: async () => succeed(null) });
  const giveUp = new AbortController();
  const answer = { call: CALL, accept: true, addresses: null, relay: true };
  const seen = watch(calls.answer(answer, giveUp.signal));
  await clock.settle();
  giveUp.abort();
  await clock.settle();
  assert.deepEqual([seen.code, clock.timers], ["closed", 0]);
});

test("P22: no more calls wait than a session may have", async () => {
  let asked = 0;
  const { clock, calls } = calling({
    connect: async () => succeed(`${String((asked += 1)).padStart(22, "0")}` as CallId),
  });
  const seen = Array.from({ length: CALLS_PENDING_MAX + 5 }, () => watch(calls.connect(REQUEST, NEVER)));
  await clock.settle();
  assert.equal(asked, CALLS_PENDING_MAX);
  assert.deepEqual(
    seen.map(({ code }) => code).filter((code) => code === "busy"),
    Array.from({ length: 5 }, () => "busy"),
  );
});
