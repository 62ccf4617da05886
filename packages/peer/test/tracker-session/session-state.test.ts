// Goal: whatever happens, the session dials only when it should, waits with a ceiling that grows and is bounded, and stays away when it was told to.
// Method: arbitrary sequences of events through the pure step; no sockets, no clock.
import assert from "node:assert/strict";
import { test } from "node:test";
import { seededRandom } from "@papo/link/memory";
import { BACKOFF_FIRST_MS, BACKOFF_LAST_MS, FAULTS, FAULT_CODES, fault } from "@papo/protocol";
import fc from "fast-check";
import { backOffCeilingMs, backOffMs } from "../../src/back-off.ts";
import {
  type SessionEffect,
  type SessionEvent,
  type SessionState,
  stepSession,
} from "../../src/tracker-session/session-state.ts";

const RESET_MS = 60_000;
const anyFault = fc.constantFrom(...FAULT_CODES).map((code) => fault(code, "test"));
const anyEvent: fc.Arbitrary<SessionEvent> = fc.oneof(
  fc.constantFrom<SessionEvent>(
    { kind: "start" },
    { kind: "start", first: "without" },
    { kind: "alone" },
    { kind: "retry" },
    { kind: "renew" },
    { kind: "stop" },
  ),
  fc.nat(200_000).map((nowMs) => ({ kind: "opened" as const, nowMs })),
  anyFault.map((reason) => ({ kind: "failed" as const, reason })),
  fc.tuple(anyFault, fc.nat(200_000)).map(([reason, nowMs]) => ({ kind: "lost" as const, reason, nowMs })),
);

function replay(events: readonly SessionEvent[]): {
  readonly state: SessionState;
  readonly effects: readonly SessionEffect[];
} {
  let state: SessionState = { kind: "idle" };
  const effects: SessionEffect[] = [];
  for (const event of events) {
    const step = stepSession(state, event, RESET_MS);
    state = step.state;
    effects.push(...step.effects);
  }
  return { state, effects };
}

test("the first failure is the person's to handle; later ones are retried", () => {
  assert.equal(
    replay([{ kind: "start" }, { kind: "failed", reason: fault("tracker_unreachable", "") }]).state.kind,
    "idle",
  );
  const again = replay([
    { kind: "start" },
    { kind: "opened", nowMs: 0 },
    { kind: "lost", reason: fault("lost", ""), nowMs: 1 },
    { kind: "retry" },
    { kind: "failed", reason: fault("tracker_unreachable", "") },
  ]);
  assert.equal(again.state.kind, "waiting");
});

test("F3: an account that can be used without a tracker waits for one from the start, for as long as time alone can mend it", () => {
  for (const code of FAULT_CODES) {
    const first = replay([
      { kind: "start", first: "without" },
      { kind: "failed", reason: fault(code, "") },
    ]).state;
    assert.equal(first.kind, FAULTS[code] === "later" ? "waiting" : "idle", code);
  }
  const alone = replay([{ kind: "start", first: "without" }, { kind: "alone" }]);
  assert.deepEqual(alone, { state: { kind: "connecting", failures: 0, first: false }, effects: ["dial"] });
  // From here on it is like any later attempt: a handshake that breaks off is no tracker, and a refusal is the user's to know.
  const broken = replay([
    { kind: "start", first: "without" },
    { kind: "alone" },
    { kind: "failed", reason: fault("unsupported", "") },
  ]);
  assert.equal(broken.state.kind, "waiting");
  const refused = replay([
    { kind: "start", first: "without" },
    { kind: "alone" },
    { kind: "failed", reason: fault("identity_required", "") },
  ]);
  assert.equal(refused.state.kind, "refused");
  assert.equal(replay([{ kind: "start" }, { kind: "alone" }]).state.kind, "connecting", "a person is not left alone");
});

test("F14: replaced, a changed tracker key and whatever time cannot mend are final until the user acts", () => {
  for (const code of FAULT_CODES) {
    const { state } = replay([
      { kind: "start" },
      { kind: "opened", nowMs: 0 },
      { kind: "lost", reason: fault(code, ""), nowMs: 1 },
    ]);
    assert.equal(state.kind, FAULTS[code] === "later" ? "waiting" : "refused", code);
  }
});

test("a session that lived long forgets the failures before it", () => {
  const lose = (nowMs: number): SessionEvent[] => [
    { kind: "opened", nowMs: 0 },
    { kind: "lost", reason: fault("lost", ""), nowMs },
    { kind: "retry" },
  ];
  const short = replay([{ kind: "start" }, ...lose(1), ...lose(1), ...lose(1)]).state;
  const long = replay([{ kind: "start" }, ...lose(1), ...lose(1), ...lose(RESET_MS)]).state;
  assert.equal(short.kind === "connecting" && short.failures, 3);
  assert.equal(long.kind === "connecting" && long.failures, 1);
});

test("F20: in another network, or awake again, the next attempt begins at once, and the wait grows from its beginning", () => {
  const lost: SessionEvent[] = [
    { kind: "start" },
    { kind: "opened", nowMs: 0 },
    { kind: "lost", reason: fault("lost", ""), nowMs: 1 },
  ];
  const failed: SessionEvent[] = [{ kind: "retry" }, { kind: "failed", reason: fault("tracker_unreachable", "") }];
  const long = [...lost, ...Array.from({ length: 12 }, () => failed).flat()];
  const afresh = { kind: "connecting", failures: 0, first: false };
  for (const before of [long, [...long, { kind: "retry" as const }]]) {
    const { state, effects } = replay([...before, { kind: "renew" }]);
    assert.deepEqual(state, afresh);
    assert.deepEqual(effects.slice(-2), ["hang_up", "dial"]);
  }
  const after = replay([...long, { kind: "renew" }, ...failed]).state;
  assert.equal(after.kind === "waiting" && after.failures, 1);
});

test("F13: whoever met another tracker at the same address tries again elsewhere, and for no other refusal", () => {
  for (const code of FAULT_CODES.filter((each) => FAULTS[each] !== "later")) {
    const events: SessionEvent[] = [
      { kind: "start" },
      { kind: "opened", nowMs: 0 },
      { kind: "lost", reason: fault("lost", ""), nowMs: 1 },
      { kind: "retry" },
      { kind: "failed", reason: fault(code, "") },
      { kind: "renew" },
    ];
    const isAgain = code === "tracker_key_changed" || code === "unsupported";
    assert.equal(replay(events).state.kind, isAgain ? "connecting" : "refused", code);
  }
  const person: SessionEvent[] = [{ kind: "start" }, { kind: "renew" }];
  assert.deepEqual(replay(person).effects, ["dial"], "whoever waits for the first answer gets that one");
  assert.equal(replay([{ kind: "renew" }]).state.kind, "idle");
});

test("no sequence of events dials twice without something in between, or after stop", () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 60 }), (events) => {
      let state: SessionState = { kind: "idle" };
      for (const event of events) {
        const before: string = state.kind;
        const step = stepSession(state, event, RESET_MS);
        const [first] = step.effects;
        if (first === "dial") assert.ok(before !== "connecting" && before !== "online", before);
        if (step.effects.includes("dial")) assert.ok(before !== "online" && step.state.kind === "connecting");
        if (event.kind === "stop") assert.equal(step.state.kind, "idle");
        if (step.effects.includes("wait")) assert.equal(step.state.kind, "waiting");
        state = step.state;
      }
    }),
  );
});

test("the wait is never above its ceiling, the ceiling doubles up to its last, and a tracker's wish is honoured within it", () => {
  assert.equal(backOffCeilingMs(1), BACKOFF_FIRST_MS);
  assert.equal(backOffCeilingMs(2), 2 * BACKOFF_FIRST_MS);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000 }), fc.integer(), fc.nat(1_000_000), (failures, seed, wish) => {
      const wait = backOffMs(failures, seededRandom(seed), wish);
      assert.ok(wait >= Math.min(wish, BACKOFF_LAST_MS) && wait <= BACKOFF_LAST_MS);
      assert.ok(backOffMs(failures, seededRandom(seed)) <= backOffCeilingMs(failures));
    }),
  );
});
