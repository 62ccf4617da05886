// Goal: every store sorts names alike, and folds do not depend on how a name was typed.
// Method: properties against the bytes of UTF-8, which is how SQLite compares.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { compareText, foldOf } from "../../src/repositories/name-order.ts";

const text = fc.string({ unit: "binary" });

test("texts are ordered as their UTF-8 bytes are", () => {
  fc.assert(
    fc.property(text, text, (left, right) => {
      assert.equal(Math.sign(compareText(left, right)), Buffer.compare(Buffer.from(left), Buffer.from(right)));
    }),
  );
});

test("a fold is its own fold, whichever case or form it came from", () => {
  fc.assert(
    fc.property(text, (name) => {
      assert.equal(foldOf(foldOf(name)), foldOf(name));
      assert.equal(foldOf(name.normalize("NFD")), foldOf(name.normalize("NFC")));
    }),
  );
  assert.equal(foldOf("SÃO João ﬁm"), "são joão fim");
});
