// Goal: whatever is said to an original program arrives whole, in pieces that it can read.
// Method: arbitrary texts through the pure function.
import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeSeedJson } from "@papo/link";
import fc from "fast-check";
import { seedPieces } from "../../src/mesh/seed-pieces.ts";

const anyText = fc.string({ unit: "binary", minLength: 1, maxLength: 400 });

test("pieces put together are the text, none is empty, none too long as an original program writes it", () => {
  fc.assert(
    fc.property(anyText, fc.integer({ min: 12, max: 200 }), (text, bytesMax) => {
      const pieces = seedPieces(text, bytesMax);
      assert.equal(pieces.join(""), text);
      for (const piece of pieces) {
        assert.notEqual(piece, "");
        assert.ok(encodeSeedJson({ text: piece }).length - encodeSeedJson({ text: "" }).length <= bytesMax);
        assert.ok(piece.isWellFormed());
      }
    }),
  );
});

test("a text is cut between words, and a word that is most of a piece is cut itself", () => {
  assert.deepEqual(seedPieces("bom dia a todos", 12), ["bom dia a ", "todos"]);
  assert.deepEqual(seedPieces("olaaaaaaaaaaaa", 12), ["olaaaaaaaaaa", "aa"]);
});
