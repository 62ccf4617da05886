// Goal: nobody does anything before login, a session ends when it must, and closed means closed.
// Method: replay arbitrary events through the pure step.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { MISTAKES_MAX, fault } from "@papo/protocol";
import { type SessionEvent, type SessionState, objection, step } from "../src/session-state.ts";

const GREETING: SessionState = { kind: "greeting", refusals: 0, mistakes: 0 };
const reason = fault("invalid_credentials", "test");

const anyEvent: fc.Arbitrary<SessionEvent> = fc.constantFrom<SessionEvent>(
  { kind: "greeted" },
  { kind: "admitted" },
  { kind: "refused", fault: reason },
  { kind: "mistaken", fault: reason },
  { kind: "understood" },
  { kind: "close", reason },
);

function replay(events: readonly SessionEvent[], refusalsMax = 3): SessionState {
  return events.reduce((state, event) => step(state, event, refusalsMax), GREETING);
}

test("T15: whatever happened before, only who was admitted may do what members do", () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 30 }), (events) => {
      const state = replay(events);
      const mayAct = objection(state, "member") === undefined;
      assert.ok(!mayAct || events.some(({ kind }) => kind === "admitted"));
    }),
  );
});

test("closed is closed, with the first reason", () => {
  fc.assert(
    fc.property(fc.array(anyEvent), fc.array(anyEvent), (before, after) => {
      const closed = replay([...before, { kind: "close", reason }]);
      const later = after.reduce((state, event) => step(state, event, 3), closed);
      assert.deepEqual(later, closed);
    }),
  );
});

test("a seed session is closed by its first refusal, a Papo session by its third", () => {
  const refused: SessionEvent = { kind: "refused", fault: reason };
  assert.equal(replay([refused], 1).kind, "closed");
  assert.equal(replay([{ kind: "greeted" }, refused, refused]).kind, "anonymous");
  assert.equal(replay([{ kind: "greeted" }, refused, refused, refused]).kind, "closed");
});

test("mistakes close only when they come in a row", () => {
  const mistakes: SessionEvent[] = Array.from({ length: MISTAKES_MAX - 1 }, () => ({
    kind: "mistaken",
    fault: reason,
  }));
  const admitted: SessionEvent = { kind: "admitted" };
  assert.equal(replay([admitted, ...mistakes, { kind: "understood" }, ...mistakes]).kind, "member");
  assert.equal(replay([admitted, ...mistakes, ...mistakes]).kind, "closed");
});

test("what each state may ask", () => {
  const member: SessionState = { kind: "member", mistakes: 0 };
  const anonymous: SessionState = { kind: "anonymous", refusals: 0, mistakes: 0 };
  assert.equal(objection(GREETING, "stranger"), undefined);
  assert.equal(objection(GREETING, "newcomer")?.code, "login_required");
  assert.equal(objection(anonymous, "newcomer"), undefined);
  assert.equal(objection(anonymous, "stranger")?.code, "invalid_message");
  assert.equal(objection(member, "newcomer")?.code, "already_logged_in");
  assert.equal(objection(member, "member"), undefined);
});
