// Goal: a few letters find what is meant, the likeliest first.
// Method: names as rooms and people have them; properties over arbitrary texts.
import assert from "node:assert/strict";
import test from "node:test";
import { fuzzyRank, fuzzyScore } from "@papo/view-model";
import fc from "fast-check";

const rank = (typed: string, ...texts: string[]) => fuzzyRank(typed, texts, (text) => text);

test("beginnings, then beginnings of words, then letters in a row, then letters apart", () => {
  assert.deepEqual(rank("te", "quiet", "sala de teste", "teste"), ["teste", "sala de teste"]);
  assert.deepEqual(rank("sdt", "sala de teste", "asdt", "nothing"), ["sala de teste", "asdt"]);
  assert.deepEqual(rank("tea", "t-e-a club", "tea club", "steam"), ["tea club", "t-e-a club", "steam"]);
  assert.deepEqual(rank("ab", "abc", "ab"), ["ab", "abc"], "of two that answer alike the shorter one");
  assert.deepEqual(rank("JOSE", "José", "jo"), ["José"]);
  assert.deepEqual(rank("", "one", "two"), ["one", "two"]);
  assert.deepEqual(rank("x", "one"), []);
});

test("a text answers exactly those letters that stand in it in their order", () => {
  const letters = fc.string({ unit: fc.constantFrom("a", "b", "c", " "), maxLength: 12 });
  fc.assert(
    fc.property(letters, letters, (typed, text) => {
      const wanted = typed.replaceAll(" ", "");
      let next = 0;
      for (const letter of text) if (letter === wanted[next]) next += 1;
      assert.equal(fuzzyScore(typed, text) !== undefined, next === wanted.length);
    }),
  );
});

test("a text answers itself at least as well as any longer one does, and nothing throws", () => {
  const text = fc.string({ unit: "grapheme" });
  fc.assert(
    fc.property(text, text, (one, more) => {
      const whole = fuzzyScore(one, one);
      assert.notEqual(whole, undefined);
      const longer = fuzzyScore(one, `${one}${more}`);
      assert.ok((whole ?? 0) >= (longer ?? 0));
    }),
  );
});
