// Goal: what has not changed is made once; what has, anew.
// Method: a maker that counts how often it is asked.
import assert from "node:assert/strict";
import test from "node:test";
import { remembering } from "../../src/screen/remembering.ts";

test("the same parts give the same value; another part, another value", () => {
  let made = 0;
  const sum = remembering(({ one, other }: { readonly one: number; readonly other: readonly number[] }) => {
    made += 1;
    return { sum: other.reduce((all, number) => all + number, one) };
  });
  const other = [2, 3];
  const first = sum({ one: 1, other });
  assert.equal(sum({ one: 1, other }), first);
  assert.equal(made, 1);
  assert.deepEqual(sum({ one: 2, other }), { sum: 7 });
  assert.deepEqual(sum({ one: 2, other: [4] }), { sum: 6 });
  assert.deepEqual(sum({ one: 1, other }), first);
  assert.equal(made, 4);
});
