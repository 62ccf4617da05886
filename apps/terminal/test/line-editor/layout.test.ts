// Goal: the line being typed is drawn in rows that fit, with the cursor on the cell of its character.
// Method: examples with wide characters, and properties over arbitrary lines and sizes.
import assert from "node:assert/strict";
import test from "node:test";
import { safeText } from "@papo/protocol";
import fc from "fast-check";
import { boundaryBefore, graphemes, widthOf } from "../../src/graphemes.ts";
import { layout } from "../../src/line-editor/layout.ts";

test("a wide character that does not fit goes to the next row whole", () => {
  const drawn = layout({ prompt: "> ", text: "ab日本", cursor: 4 }, { columns: 5, rows: 5 });
  assert.deepEqual(drawn.rows, ["> ab", "日本"]);
  assert.deepEqual([drawn.cursorRow, drawn.cursorColumn], [1, 4]);
});

test("a cursor behind a full row stands on the next one", () => {
  const drawn = layout({ prompt: "> ", text: "abc", cursor: 3 }, { columns: 5, rows: 5 });
  assert.deepEqual([drawn.rows, drawn.cursorRow, drawn.cursorColumn], [["> abc", ""], 1, 0]);
});

test("control and bidi characters are drawn as what they are, line breaks as ⏎", () => {
  const { rows } = layout({ prompt: "", text: "a\nb\u202ec\u001b", cursor: 0 }, { columns: 60, rows: 5 });
  assert.deepEqual(rows, ["a⏎b⟨RLO⟩c␛"]);
});

test("what stands for a character that is not shown is broken where it is longer than a row", () => {
  const drawn = layout({ prompt: "> ", text: "\uffa0", cursor: 0 }, { columns: 4, rows: 5 });
  assert.deepEqual(drawn.rows, ["> ⟨U", "+FFA", "0⟩"]);
  assert.deepEqual([drawn.cursorRow, drawn.cursorColumn], [0, 2]);
});

test("any line at any size: rows fit, no more than asked, the cursor among them", () => {
  const line = fc.string({ unit: "grapheme", maxLength: 200 });
  fc.assert(
    fc.property(
      line,
      fc.nat(200),
      fc.integer({ min: 2, max: 40 }),
      fc.integer({ min: 1, max: 6 }),
      (text, at, columns, count) => {
        const cursor = boundaryBefore(text, Math.min(at, text.length));
        const drawn = layout({ prompt: "Você (gabi): ", text, cursor }, { columns, rows: count });
        assert.ok(drawn.rows.length >= 1 && drawn.rows.length <= count);
        // One that is wider than a row cannot be broken.
        const widest = Math.max(...graphemes(safeText(text)).map(widthOf), columns);
        for (const row of drawn.rows) assert.ok(widthOf(row) <= widest, JSON.stringify(row));
        assert.ok(drawn.cursorRow >= 0 && drawn.cursorRow < drawn.rows.length);
        assert.ok(drawn.cursorColumn >= 0 && drawn.cursorColumn <= columns);
      },
    ),
  );
});
