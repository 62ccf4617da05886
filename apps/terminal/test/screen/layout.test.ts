// Goal: whatever the size of the terminal and whatever is folded, every part of the screen has its own cells.
// Method: random sizes and wishes against the pure layout; a few sizes whose layout is written down.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Area } from "../../src/render/area.ts";
import { type Fold, type Layout, layoutOf, type Wanted } from "../../src/screen/layout.ts";

const PLAIN: Wanted = {
  folds: { tabs: "auto", members: "auto" },
  tabsColumns: 14,
  membersColumns: 13,
  hasTopic: true,
  hasBanner: false,
  inputRows: 1,
};

const fold = fc.constantFrom<Fold>("auto", "shown", "hidden");
const wishes = fc.record({
  folds: fc.record({ tabs: fold, members: fold }),
  tabsColumns: fc.nat(100),
  membersColumns: fc.option(fc.nat(100)),
  hasTopic: fc.boolean(),
  hasBanner: fc.boolean(),
  inputRows: fc.integer({ min: 0, max: 200 }),
});

function areasOf(layout: Layout): readonly Area[] {
  const { rules, ...parts } = layout;
  return [...Object.values(parts).filter((area) => area !== null), ...rules];
}

test("R14: the parts never overlap, fill no cell outside the screen, and there is always a line to type in", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 200 }), wishes, (rows, columns, wanted) => {
      const layout = layoutOf({ rows, columns }, wanted);
      const taken = new Set<number>();
      for (const area of areasOf(layout)) {
        assert.ok(area.rows >= 1 && area.columns >= 1, "no part is empty");
        assert.ok(area.row >= 0 && area.column >= 0);
        assert.ok(area.row + area.rows <= rows && area.column + area.columns <= columns);
        for (let row = area.row; row < area.row + area.rows; row += 1) {
          for (let column = area.column; column < area.column + area.columns; column += 1) {
            assert.ok(!taken.has(row * 1_000 + column), "one cell, one part");
            taken.add(row * 1_000 + column);
          }
        }
      }
      assert.equal(taken.size, rows * columns, "and no cell belongs to none");
    }),
  );
});

test("a wide terminal shows both lists, a narrow one folds the members first, then the tabs", () => {
  const shown = (columns: number, wanted: Wanted = PLAIN) => {
    const { tabs, members, timeline } = layoutOf({ rows: 24, columns }, wanted);
    return [tabs?.columns ?? 0, timeline?.columns ?? 0, members?.columns ?? 0];
  };
  assert.deepEqual(shown(80), [14, 51, 13]);
  assert.deepEqual(shown(79), [14, 64, 0]);
  assert.deepEqual(shown(59), [0, 59, 0]);
  const both: Wanted = { ...PLAIN, folds: { tabs: "shown", members: "shown" } };
  assert.deepEqual(shown(59, both), [14, 30, 13], "a key brings them back");
  assert.deepEqual(shown(40, both), [14, 25, 0], "as long as enough is left to read in");
  assert.deepEqual(shown(120, { ...PLAIN, folds: { tabs: "hidden", members: "hidden" } }), [0, 120, 0]);
});

test("R14: on a tiny screen there is the end of the conversation and the line being typed", () => {
  assert.deepEqual(layoutOf({ rows: 1, columns: 1 }, PLAIN).timeline, null);
  const tiny = layoutOf({ rows: 5, columns: 80 }, { ...PLAIN, hasBanner: true });
  assert.deepEqual(tiny.timeline, { row: 0, column: 0, rows: 4, columns: 80 });
  assert.equal(tiny.status, null);
});

test("the line being typed grows up to a limit, and leaves the conversation room", () => {
  assert.equal(layoutOf({ rows: 24, columns: 80 }, { ...PLAIN, inputRows: 30 }).input.rows, 12);
  const low = layoutOf({ rows: 6, columns: 80 }, { ...PLAIN, inputRows: 30, hasBanner: true });
  assert.equal(low.input.rows, 2);
  assert.equal(low.timeline?.rows, 1);
});
