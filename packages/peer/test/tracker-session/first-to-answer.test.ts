// Goal: F3: of several addresses of one tracker the first that answers counts, silent ones cost a moment, and none is tried twice or left open.
// Method: attempts that the test settles, on a virtual clock; arbitrary outcomes as a property.
import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualClock } from "@papo/link/memory";
import { FAULTS, type FaultCode, type Outcome, TRACKER_NEXT_ADDRESS_AFTER_MS, fail, succeed } from "@papo/protocol";
import fc from "fast-check";
import { firstToAnswer } from "../../src/tracker-session/first-to-answer.ts";

type Settle = (outcome: Outcome<string>) => void;

function race(addresses: readonly string[]) {
  const clock = new VirtualClock();
  const settleAt = new Map<string, Settle>();
  const abortedAt = new Set<string>();
  const letGo: string[] = [];
  const stop = new AbortController();
  const answer = firstToAnswer<string, string>({
    ...{ clock, addresses, signal: stop.signal },
    attempt: (address, signal) => {
      assert.ok(!settleAt.has(address), "tried once");
      signal.addEventListener("abort", () => abortedAt.add(address));
      return new Promise((resolve) => settleAt.set(address, resolve));
    },
    letGo: (value) => letGo.push(value),
  });
  const settle = (address: string, outcome: Outcome<string>): void => settleAt.get(address)?.(outcome);
  return { clock, settleAt, abortedAt, letGo, stop, answer, settle };
}

test("F3: a silent address costs a moment, and is let go when another one answers", async () => {
  const { clock, settleAt, abortedAt, answer, settle, letGo } = race(["a", "b", "c"]);
  assert.deepEqual([...settleAt.keys()], ["a"]);
  await clock.advance(TRACKER_NEXT_ADDRESS_AFTER_MS);
  assert.deepEqual([...settleAt.keys()], ["a", "b"]);
  settle("b", succeed("here"));
  assert.deepEqual(await answer, succeed({ address: "b", value: "here" }));
  assert.deepEqual([...abortedAt], ["a"]);
  settle("a", succeed("late"));
  await clock.advance(10 * TRACKER_NEXT_ADDRESS_AFTER_MS);
  assert.deepEqual(letGo, ["late"]);
  assert.deepEqual([...settleAt.keys()], ["a", "b"]);
});

test("F3: an address that fails makes room for the next one at once; who gives up, gives all of them up", async () => {
  const { clock, settleAt, abortedAt, answer, settle, stop } = race(["a", "b", "c"]);
  settle("a", fail("tracker_unreachable", "refused"));
  await clock.advance(0);
  assert.deepEqual([...settleAt.keys()], ["a", "b"]);
  stop.abort();
  assert.ok(abortedAt.has("b"));
  settle("b", fail("closed", "given up"));
  assert.deepEqual(await answer, fail("closed", "given up"));
  await clock.advance(10 * TRACKER_NEXT_ADDRESS_AFTER_MS);
  assert.deepEqual([...settleAt.keys()], ["a", "b"]);
});

test("F3: whatever the addresses answer, there is one answer: a success if there was one, else a reason that time may mend before any other", async () => {
  const codes: readonly FaultCode[] = ["tracker_unreachable", "tracker_key_changed", "unsupported"];
  const outcome = fc.option(fc.constantFrom(...codes), { nil: undefined });
  await fc.assert(
    fc.asyncProperty(fc.array(outcome, { minLength: 1, maxLength: 6 }), async (outcomes) => {
      const run = race(outcomes.map((_, n) => String(n)));
      for (const [n, code] of outcomes.entries()) {
        await run.clock.advance(TRACKER_NEXT_ADDRESS_AFTER_MS);
        run.settle(String(n), code === undefined ? succeed("here") : fail(code, "no"));
      }
      const answer = await run.answer;
      const firstGood = outcomes.indexOf(undefined);
      if (firstGood >= 0) assert.deepEqual(answer, succeed({ address: String(firstGood), value: "here" }));
      else {
        const best = outcomes.find((code) => code !== undefined && FAULTS[code] === "later") ?? outcomes[0];
        assert.equal(!answer.ok && answer.fault.code, best);
      }
    }),
  );
});
