// Goal: two people see one number whoever looks, and another as soon as a key is another; a code is believed only if it says what we see.
// Method: golden vectors (made by a second implementation, from the keys of RFC 8032 §7.1), and properties over arbitrary keys and texts.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { type AccountKey, accountKey } from "@papo/protocol";
import fc from "fast-check";
import * as v from "valibot";
import { checkScanned, safetyGroups, safetyNumber, verificationCode } from "../../src/identity/safety-number.ts";

type Vector = { readonly own: AccountKey; readonly other: AccountKey; readonly number: string; readonly code: string };
const vectors = JSON.parse(
  readFileSync(new URL("../vectors/safety-numbers.json", import.meta.url), "utf8"),
) as readonly Vector[];

const anyKey = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((bytes) => v.parse(accountKey, Buffer.from(bytes).toString("base64url")));

test("the numbers and codes are those of the vectors", () => {
  for (const { own, other, number, code } of vectors) {
    assert.equal(safetyNumber(own, other), number);
    assert.equal(verificationCode(own, other), code);
    assert.equal(checkScanned(other, own, code), "match");
  }
});

test("60 digits in twelve groups, the same from both sides, others for another key", () => {
  fc.assert(
    fc.property(anyKey, anyKey, anyKey, (own, other, third) => {
      const number = safetyNumber(own, other);
      assert.match(number, /^\d{60}$/u);
      assert.equal(safetyGroups(number).length, 12);
      assert.equal(safetyGroups(number).join(""), number);
      assert.equal(safetyNumber(other, own), number);
      assert.equal(safetyNumber(own, third) === number, other === third);
    }),
    { numRuns: 4 },
  );
});

test("a code matches only the very two keys, the other side's first", () => {
  fc.assert(
    fc.property(fc.uniqueArray(anyKey, { minLength: 3, maxLength: 3 }), (keys) => {
      const [own, other, mallory] = keys;
      assert.ok(own !== undefined && other !== undefined && mallory !== undefined);
      assert.equal(checkScanned(own, other, ` ${verificationCode(other, own)}\n`), "match");
      assert.equal(checkScanned(own, other, verificationCode(own, other)), "own_code");
      assert.equal(
        checkScanned(own, other, verificationCode(other, mallory)),
        "mismatch",
        "they see another key of ours",
      );
      assert.equal(
        checkScanned(own, other, verificationCode(mallory, own)),
        "mismatch",
        "we see another key of theirs",
      );
    }),
  );
});

test("what is no code, or one of a later version, is unreadable, and nothing throws", () => {
  const [{ own, other }] = vectors as readonly [Vector];
  const code = verificationCode(other, own);
  const broken = ["", "papo-verify:1:", `${code}:`, code.slice(0, -1), code.replace(":1:", ":2:"), `${code} ${code}`];
  for (const text of broken) assert.equal(checkScanned(own, other, text), "unreadable", text);
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => checkScanned(own, other, text) === "unreadable"));
});
