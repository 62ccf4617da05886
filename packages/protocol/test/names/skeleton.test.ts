// Goal: two names that a reader could take for one another have one skeleton; two that nobody confuses have two.
// Method: tables of both kinds, then that neither case nor a second pass changes a skeleton.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { skeletonOf } from "../../src/names/skeleton.ts";

const ALIKE = [
  ["gabi", "GABI"],
  ["gabi", "gаbі"], // Cyrillic а and і.
  ["GABI", "GАВІ"], // Cyrillic А, В and І: В is like B only as a capital.
  ["hopa", "нора"],
  ["nori", "n0ri"],
  ["alice", "aIice"],
  ["alice", "a1ice"],
  ["luiz", "Iuiz"],
  ["marcos", "rnarcos"],
  ["paypal", "раураl"],
  ["Straße", "STRASSE"],
  ["ΟΔΟΣ", "οδος"],
  ["iara", "ıara"],
  ["İara", "iara"],
  ["joão", "JOÃO"],
  ["joão", "joa\u0303o"],
] as const;

const DIFFERENT = [
  ["gabi", "gabriel"],
  ["jose", "josé"],
  ["ana", "anna"],
  ["nori", "yuki"],
  ["a.b", "a_b"],
  ["user1", "user2"],
  ["ゆき", "ユキ"],
] as const;

test("T13: look-alikes of a taken name have its skeleton", () => {
  for (const [one, other] of ALIKE) assert.equal(skeletonOf(one), skeletonOf(other), `${one} ${other}`);
});

test("names that differ to the eye have different skeletons", () => {
  for (const [one, other] of DIFFERENT) assert.notEqual(skeletonOf(one), skeletonOf(other), `${one} ${other}`);
});

test("a skeleton is stable: neither case nor a second pass changes it", () => {
  const letters = fc.stringMatching(/^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}0-9_.-]{1,12}$/u);
  fc.assert(
    fc.property(letters, (text) => {
      const name = text.normalize("NFKC");
      assert.equal(skeletonOf(name.toUpperCase()), skeletonOf(name));
      assert.equal(skeletonOf(name.toLowerCase()), skeletonOf(name));
      assert.equal(skeletonOf(skeletonOf(name)), skeletonOf(name));
    }),
    { numRuns: 2_000 },
  );
});
