// Goal: a call ends once, tells each thing once, and never goes on after its end. Method: arbitrary events through the pure step.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { IpLiteral } from "@papo/protocol";
import { type CallEffect, type CallEvent, type CallState, canMeet, stepCall } from "../../src/services/call-state.ts";

const TERMS = { addresses: null, relay: true } as const;
const place = (address: string, port = 50_000) => ({ address: address as IpLiteral, port });
const RINGING: CallState = { kind: "ringing", client: TERMS };

const anyEvent: fc.Arbitrary<CallEvent> = fc.constantFrom<CallEvent>(
  { kind: "accepted", server: TERMS },
  { kind: "declined" },
  { kind: "timed_out" },
  { kind: "left", role: "client" },
  { kind: "left", role: "server" },
  { kind: "stands", role: "client", place: place("203.0.113.7") },
  { kind: "stands", role: "server", place: place("203.0.113.8") },
);

function replay(events: readonly CallEvent[]): { readonly state: CallState; readonly effects: CallEffect[] } {
  const effects: CallEffect[] = [];
  const state = events.reduce((before, event) => {
    const { state: after, effect } = stepCall(before, event);
    if (effect !== undefined) effects.push(effect);
    return after;
  }, RINGING);
  return { state, effects };
}

test("the answer is told once, a refusal ends the call, and over is over", () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 20 }), (events) => {
      const { state, effects } = replay(events);
      const answers = effects.filter(({ kind }) => kind !== "tell_punch");
      assert.ok(answers.length <= 1);
      if (answers[0]?.kind === "refuse") assert.equal(state.kind, "over");
      if (effects.some(({ kind }) => kind === "tell_punch")) assert.equal(effects[0]?.kind, "tell_paths");
      const isOver = events.some(({ kind }) => kind === "timed_out" || kind === "left");
      if (isOver) assert.equal(state.kind, "over");
    }),
  );
});

test("both are told to open when both stand, each time anew", () => {
  const client: CallEvent = { kind: "stands", role: "client", place: place("203.0.113.7") };
  const server: CallEvent = { kind: "stands", role: "server", place: place("203.0.113.8") };
  const { effects } = replay([client, { kind: "accepted", server: TERMS }, client, client, server, server, client]);
  assert.deepEqual(
    effects.map(({ kind }) => kind),
    ["tell_paths", "tell_punch", "tell_punch"],
  );
});

test("only places of one family, and on the tracker's machine both or none, can meet", () => {
  assert.ok(canMeet(place("203.0.113.7"), place("192.168.1.7")));
  assert.ok(canMeet(place("2001:db8::1"), place("2001:db8::2")));
  assert.ok(canMeet(place("127.0.0.1"), place("127.0.0.1")));
  assert.equal(canMeet(place("127.0.0.1"), place("203.0.113.7")), false);
  assert.equal(canMeet(place("2001:db8::1"), place("203.0.113.7")), false);
});
