// Goal: a burst passes, what is more waits its time, and no clock makes a bucket fuller than its burst.
// Method: moments handed in; arbitrary sequences of them.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { TokenBucket } from "../../src/services/token-bucket.ts";

test("T28: a burst at once, then one after another", () => {
  const bucket = new TokenBucket({ burst: 20, perSecond: 10, nowMs: 0 });
  for (let index = 0; index < 20; index += 1) assert.equal(bucket.spend(1, 0), 0);
  assert.equal(bucket.spend(1, 0), 100);
  assert.equal(bucket.spend(1, 0), 200);
  assert.equal(bucket.spend(1, 1_000), 0);
});

test("what is refused is not taken", () => {
  const bucket = new TokenBucket({ burst: 1, perSecond: 1, nowMs: 0 });
  assert.equal(bucket.tryTake(1, 0), 0);
  assert.equal(bucket.tryTake(1, 0), 1_000);
  assert.equal(bucket.tryTake(1, 400), 600);
  assert.equal(bucket.tryTake(1, 1_000), 0);
});

test("never more than the burst and the rate, whatever the clock does", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 60_000 }), { maxLength: 200 }), (moments) => {
      const bucket = new TokenBucket({ burst: 5, perSecond: 2, nowMs: 0 });
      const taken = moments.filter((nowMs) => bucket.tryTake(1, nowMs) === 0).length;
      const climbedMs = moments.reduce(([sum, last], now): [number, number] => [sum + Math.max(0, now - last), now], [
        0, 0,
      ] as [number, number])[0];
      assert.ok(taken <= 5 + (climbedMs / 1_000) * 2 + 1e-6);
    }),
  );
});
