// Goal: somebody who is wanted is dialled again and again with growing waits, somebody who is not is left alone, and a link ends all dialling.
// Method: arbitrary sequences of events through the pure steps; no sockets, no clock.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type DeviceKey, SIMULTANEOUS_DIAL_WINDOW_MS, fault } from "@papo/protocol";
import fc from "fast-check";
import { type ContactEvent, type ContactState, stepContact } from "../../src/mesh/contact-state.ts";
import { chooseLink } from "../../src/mesh/link-choice.ts";
import { keysFor } from "../world-fixture.ts";

const RESET_MS = 60_000;
const lost = fault("lost", "test");
const anyEvent: fc.Arbitrary<ContactEvent> = fc.oneof(
  fc.constantFrom<ContactEvent>(
    { kind: "want" },
    { kind: "unwant" },
    { kind: "moved" },
    { kind: "turn" },
    { kind: "retry" },
    { kind: "failed", reason: lost },
  ),
  fc.nat(200_000).map((nowMs) => ({ kind: "linked" as const, nowMs })),
  fc
    .tuple(fc.nat(200_000), fc.boolean())
    .map(([nowMs, wanted]) => ({ kind: "lost" as const, reason: lost, nowMs, wanted })),
);

function replay(events: readonly ContactEvent[]): ContactState {
  return events.reduce<ContactState>((state, event) => stepContact(state, event, RESET_MS).state, { kind: "resting" });
}

test("a failed dial waits, redials and keeps counting; a new address starts over", () => {
  const twice: ContactEvent[] = [
    { kind: "want" },
    { kind: "turn" },
    { kind: "failed", reason: lost },
    { kind: "retry" },
    { kind: "turn" },
    { kind: "failed", reason: lost },
  ];
  assert.deepEqual(replay(twice), { kind: "waiting", failures: 2, reason: lost });
  assert.deepEqual(replay([...twice, { kind: "moved" }]), { kind: "queued", failures: 0 });
});

test("F16: a link from the other side leaves our own dial under way: both ends choose between the two", () => {
  const dialling = replay([{ kind: "want" }, { kind: "turn" }]);
  assert.deepEqual(stepContact(dialling, { kind: "linked", nowMs: 5 }, RESET_MS).effects, []);
});

test("F6: whatever happens, dials, waits and cancellations stay paired, and nobody unwanted is dialled", () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 80 }), (events) => {
      let state: ContactState = { kind: "resting" };
      let timers = 0;
      for (const event of events) {
        const before: ContactState = state;
        const step = stepContact(state, event, RESET_MS);
        state = step.state;
        if (event.kind === "retry" && before.kind === "waiting") timers -= 1;
        timers += step.effects.filter((effect) => effect === "wait").length;
        timers -= step.effects.filter((effect) => effect === "cancel_wait").length;
        assert.equal(timers, state.kind === "waiting" ? 1 : 0);
        if (step.effects.includes("dial")) assert.equal(before.kind, "queued");
        if (event.kind === "unwant") assert.ok(state.kind === "resting" || state.kind === "linked");
        if (before.kind === "resting" && event.kind !== "want" && event.kind !== "linked")
          assert.equal(state.kind, "resting");
      }
    }),
  );
});

test("F16: both ends of two links keep the same one, whoever dialled first and in whatever order they see them", () => {
  const a: DeviceKey = keysFor("gabi").keys.device.publicKey;
  const b: DeviceKey = keysFor("nori").keys.device.publicKey;
  const within = fc.nat(SIMULTANEOUS_DIAL_WINDOW_MS - 1);
  fc.assert(
    fc.property(fc.boolean(), fc.boolean(), within, within, (aDialledOlderAtA, aDialledOlderAtB, gapAtA, gapAtB) => {
      // Each end saw the two links come about in some order, close together.
      const keptAtA = kept(a, b, aDialledOlderAtA, gapAtA);
      const keptAtB = kept(b, a, !aDialledOlderAtB, gapAtB);
      const dialledByA = { a: keptAtA === "own", b: keptAtB === "other" };
      assert.equal(dialledByA.a, dialledByA.b);
    }),
  );
});

function kept(own: DeviceKey, other: DeviceKey, olderIsOurs: boolean, gapMs: number): "own" | "other" {
  const older = { dialledByUs: olderIsOurs, verifiedAtMs: 0, path: "direct" } as const;
  const newer = { dialledByUs: !olderIsOurs, verifiedAtMs: gapMs, path: "direct" } as const;
  const choice = chooseLink(older, newer, own, other) === "older" ? older : newer;
  return choice.dialledByUs ? "own" : "other";
}

test("later, or from the same side, the newer link is the one that was wanted", () => {
  const [a, b] = [keysFor("gabi").keys.device.publicKey, keysFor("nori").keys.device.publicKey];
  const at = (dialledByUs: boolean, verifiedAtMs: number) => ({ dialledByUs, verifiedAtMs, path: "direct" }) as const;
  assert.equal(chooseLink(at(true, 0), at(false, SIMULTANEOUS_DIAL_WINDOW_MS), a, b), "newer");
  assert.equal(chooseLink(at(false, 0), at(true, SIMULTANEOUS_DIAL_WINDOW_MS), a, b), "newer");
  assert.equal(chooseLink(at(true, 0), at(true, 1), a, b), "newer");
});
