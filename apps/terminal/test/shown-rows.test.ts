// Goal: a line becomes rows that fit, keep every visible character, and never start where a line of its own would.
// Method: properties over arbitrary text, and examples of what stays in one piece.
import assert from "node:assert/strict";
import test from "node:test";
import { safeText } from "@papo/protocol";
import fc from "fast-check";
import { widthOf } from "../src/graphemes.ts";
import { rowsOf } from "../src/shown-rows.ts";

const plain = (columns: number | null) => ({ colours: false, columns });
const inkOf = (text: string) => text.replaceAll(/\s/gu, "");

test("rows fit, further ones are indented, and no visible character is lost", () => {
  const text = fc.string({ unit: "grapheme", maxLength: 300 }).map((found) => safeText(found));
  fc.assert(
    fc.property(text, fc.integer({ min: 24, max: 90 }), (found, columns) => {
      const rows = rowsOf({ spans: [{ text: "<nori>" }, { text: found }] }, plain(columns));
      for (const row of rows) assert.ok(widthOf(row) <= columns, row);
      for (const row of rows.slice(1)) assert.match(row, /^ {4}/u);
      assert.equal(inkOf(rows.join("")), inkOf(`<nori> ${found}`));
    }),
  );
});

test("a web address stays in one piece, a disguised one does not", () => {
  const address = `https://example.org/${"a".repeat(80)}?x=1`;
  assert.deepEqual(rowsOf({ spans: [{ text: `<nori> ${address}` }] }, plain(40)), ["<nori>", `    ${address}`]);
  const disguised = `https://${"a".repeat(60)}[12:00]\u2800<bob>`;
  for (const row of rowsOf({ spans: [{ text: disguised }] }, plain(40))) assert.ok(widthOf(row) <= 40);
});

test("a pipe gets whole lines, and the further lines of a text marked", () => {
  const line = { spans: [{ text: "x".repeat(500) }], more: ["b", ""] };
  assert.deepEqual(rowsOf(line, plain(null)), ["x".repeat(500), "    │ b", "    │ "]);
});
