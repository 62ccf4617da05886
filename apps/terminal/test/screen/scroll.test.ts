// Goal: a reader who has gone up is never moved by what others say, load or fold; one at the end follows it.
// Method: random lists of items of random heights and random changes around the view, against the pure functions.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  AT_END,
  centredOn,
  held,
  type Measured,
  newsBelow,
  rowsAbove,
  type Scroll,
  scrolledToStart,
  scrolledUp,
  viewAt,
} from "../../src/screen/scroll.ts";

type Item = { readonly key: string; readonly rows: number };

function measured(items: readonly Item[], isAtNewest = true): Measured {
  return {
    count: items.length,
    isAtNewest,
    keyOf: (index) => items[index]?.key ?? "",
    rowsOf: (index) => items[index]?.rows ?? 1,
    isNews: () => true,
  };
}

/** Each row of the area by its name: `a/0` is the first row of `a`. */
function shown(items: readonly Item[], height: number, scroll: Scroll): readonly string[] {
  const { first, skip, blank } = viewAt(measured(items), height, scroll);
  const rows = items
    .slice(first)
    .flatMap(({ key, rows: count }) => Array.from({ length: count }, (_, at) => `${key}/${at}`));
  return [...Array.from({ length: blank }, () => ""), ...rows.slice(skip, skip + height - blank)];
}

function numbered(prefix: string, heights: readonly number[]): readonly Item[] {
  return heights.map((rows, at) => ({ key: `${prefix}${at}`, rows }));
}

const heights = fc.array(fc.integer({ min: 1, max: 7 }), { maxLength: 30 });
const height = fc.integer({ min: 1, max: 12 });

test("the area is always full while there is enough to fill it", () => {
  fc.assert(
    fc.property(
      heights,
      height,
      fc.integer({ min: -80, max: 80 }),
      fc.integer({ min: -80, max: 80 }),
      (all, rows, up, again) => {
        const items = numbered("a", all);
        const list = measured(items);
        const scroll = scrolledUp(list, rows, scrolledUp(list, rows, AT_END, up), again);
        const total = all.reduce((sum, one) => sum + one, 0);
        const seen = shown(items, rows, scroll);
        assert.equal(seen.length, rows);
        assert.equal(seen.filter((row) => row !== "").length, Math.min(rows, total));
      },
    ),
  );
});

test("new text below and older text above never move a view that is scrolled", () => {
  fc.assert(
    fc.property(heights, heights, heights, height, fc.integer({ min: 1, max: 60 }), (older, all, newer, rows, up) => {
      const items = numbered("a", all);
      const scroll = scrolledUp(measured(items), rows, AT_END, up);
      fc.pre(scroll.kind === "held");
      const before = shown(items, rows, scroll);
      const after = shown([...numbered("o", older), ...items, ...numbered("n", newer)], rows, scroll);
      assert.deepEqual(after, before);
    }),
  );
});

test("what was looked at stays when items of the view go, as a mark of what was unread does", () => {
  const items = numbered("a", [1, 2, 1, 1, 3, 1, 1, 1, 1]);
  const scroll = scrolledUp(measured(items), 4, AT_END, 3);
  const before = shown(items, 4, scroll);
  assert.equal(before.length, 4);
  const gone = items.filter(({ key }) => !before[1]?.startsWith(`${key}/`));
  const after = shown(gone, 4, scroll);
  assert.equal(after.at(-1), before.at(-1), "the rows below stand where they stood");
});

test("a view at the end follows it, and one that is scrolled down to the end follows it again", () => {
  const items = numbered("a", [1, 1, 1, 1, 1]);
  const up = scrolledUp(measured(items), 2, AT_END, 2);
  assert.deepEqual(shown(items, 2, up), ["a1/0", "a2/0"]);
  const down = scrolledUp(measured(items), 2, up, -5);
  assert.deepEqual(down, AT_END);
  assert.deepEqual(shown([...items, { key: "n", rows: 1 }], 2, down), ["a4/0", "n/0"]);
});

test("a stretch that does not reach the newest is held even at its end", () => {
  const items = numbered("a", [1, 1, 1, 1, 1]);
  const scroll = scrolledUp(measured(items, false), 2, scrolledUp(measured(items, false), 2, AT_END, 2), -5);
  assert.equal(scroll.kind, "held");
  assert.deepEqual(shown([...items, ...numbered("n", [1, 1])], 2, scroll), ["a3/0", "a4/0"]);
});

test("R14: a resize keeps what was looked at on the screen", () => {
  fc.assert(
    fc.property(
      heights,
      height,
      height,
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ min: 1, max: 4 }),
      (all, rows, then, up, factor) => {
        const items = numbered("a", all);
        const list = measured(items);
        const scroll = scrolledUp(list, rows, AT_END, up);
        fc.pre(scroll.kind === "held");
        const top = scroll.kind === "held" ? scroll.anchors[0]?.key : undefined;
        const narrower = items.map((item) => ({ ...item, rows: item.rows * factor }));
        const seen = shown(narrower, Math.max(then, rows), scroll);
        assert.ok(seen.some((row) => row.startsWith(`${top}/`)));
      },
    ),
  );
});

test("a jump puts the item in the middle, and leaves it at the end where the newest fits as well", () => {
  const items = numbered("a", [1, 1, 1, 1, 1, 1, 1, 1, 1]);
  assert.deepEqual(shown(items, 5, centredOn(measured(items), 5, "a3")), ["a1/0", "a2/0", "a3/0", "a4/0", "a5/0"]);
  assert.deepEqual(centredOn(measured(items), 5, "a7"), AT_END);
  assert.deepEqual(centredOn(measured(items), 5, "gone"), AT_END);
});

test("what is new below is counted from where the reader went up", () => {
  const items = numbered("a", [1, 1, 1, 1]);
  const scroll = scrolledUp(measured(items), 2, AT_END, 1);
  assert.equal(newsBelow(measured(items), scroll), 0);
  const more = [...items, ...numbered("n", [1, 2, 1])];
  assert.equal(newsBelow(measured(more), scroll), 3);
  const further = scrolledUp(measured(more), 2, scroll, 1);
  assert.equal(newsBelow(measured(more), further), 3, "and going further up forgets none of it");
});

test("what is above is counted no further than was asked", () => {
  const items = numbered("a", [2, 2, 2, 2]);
  const list = measured(items);
  const view = viewAt(list, 3, AT_END);
  assert.equal(rowsAbove(list, view, 100), 5);
  assert.equal(rowsAbove(list, view, 4), 4);
  assert.equal(rowsAbove(list, viewAt(list, 3, scrolledToStart(list, 3, AT_END)), 4), 0);
  assert.deepEqual(held(measured([]), 3, viewAt(measured([]), 3, AT_END), ""), AT_END);
});
