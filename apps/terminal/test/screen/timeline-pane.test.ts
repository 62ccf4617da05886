// Goal: a timeline is read where one left it, with as much loaded as is needed and no more, and one always sees who speaks.
// Method: timelines made by hand, drawn by the pane; the rows' texts are looked at, and how often more was asked for.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { TabKey, Timeline } from "@papo/view-model";
import { Cells } from "../../src/render/cells.ts";
import { TimelinePane } from "../../src/screen/timeline-pane.ts";
import { said, textOf, timelineOf } from "./values.ts";

const TAB = "tab" as TabKey;
const AREA = { row: 0, column: 0, rows: 4, columns: 40 };

function lines(from: number, to: number, more: Parameters<typeof said>[3] = {}) {
  return Array.from({ length: to - from + 1 }, (_, at) => said(`k${from + at}`, "ana", `line ${from + at}`, more));
}

function shown(pane: TimelinePane, timeline: Timeline): readonly string[] {
  return pane.draw(TAB, timeline, AREA).rows.map((row) => textOf(row, AREA));
}

/** Behind the rule. */
function textsOf(rows: readonly string[]): readonly string[] {
  return rows.map((row) => row.replace(/^.*│ /u, ""));
}

test("going up asks for what is before only when it is needed, and stays where it was meanwhile", () => {
  const pane = new TimelinePane(new Cells());
  let timeline = timelineOf(lines(11, 20), { isAtOldest: false });
  let asked = 0;
  const load = {
    older: () => {
      asked += 1;
      timeline = timelineOf([...lines(1, 10), ...timeline.items]);
      return true;
    },
    newer: () => false,
  };
  shown(pane, timeline);
  pane.scroll(TAB, () => timeline, 3, load);
  assert.deepEqual(textsOf(shown(pane, timeline)), ["line 14", "line 15", "line 16", "line 17"]);
  assert.equal(asked, 0);
  pane.scroll(TAB, () => timeline, 5, load);
  assert.deepEqual(textsOf(shown(pane, timeline)), ["line 9", "line 10", "line 11", "line 12"]);
  assert.equal(asked, 1);
});

test("what is loaded and does not fill the area is asked to be more", () => {
  const pane = new TimelinePane(new Cells());
  assert.equal(pane.draw(TAB, timelineOf(lines(1, 2), { isAtOldest: false }), AREA).wantsOlder, true);
  assert.equal(pane.draw(TAB, timelineOf(lines(1, 2)), AREA).wantsOlder, false);
  assert.equal(pane.draw(TAB, timelineOf(lines(1, 9), { isAtOldest: false }), AREA).wantsOlder, false);
});

test("the first whole message that is seen has its name, though it follows others of the same person", () => {
  const pane = new TimelinePane(new Cells());
  const [first, ...rest] = lines(1, 8, { isGrouped: true });
  const timeline = timelineOf(first === undefined ? rest : [{ ...first, isGrouped: false }, ...rest]);
  assert.deepEqual(shown(pane, timeline), [
    "18:47 ana │ line 5",
    "18:47     │ line 6",
    "18:47     │ line 7",
    "18:47     │ line 8",
  ]);
});

test("names get their columns when they are seen, and keep them", () => {
  const pane = new TimelinePane(new Cells());
  assert.deepEqual(shown(pane, timelineOf([{ kind: "output", key: "o", lines: [{ spans: [{ text: "said" }] }] }])), [
    ...["", "", ""],
    " said",
  ]);
  const long = timelineOf([said("a", "maximiliana", "hi")]);
  assert.equal(shown(pane, long).at(-1), "18:47 maximil… │ hi");
  assert.equal(shown(pane, timelineOf([said("b", "ana", "hi")])).at(-1), "18:47      ana │ hi");
});

test("a jump to a message that is far up shows it in the middle, marked, and does so once", () => {
  const pane = new TimelinePane(new Cells());
  const timeline = timelineOf(lines(1, 50), { focus: { key: "k20", count: 1 } });
  const found = pane.draw(TAB, timeline, AREA);
  assert.equal(textOf(found.rows[1] ?? [], AREA), "18:47 ana │ line 20");
  assert.equal(found.rows[1]?.find(({ columns }) => columns === 1)?.runs[0]?.look?.tone, "match");
  pane.toEnd(TAB);
  assert.equal(shown(pane, timeline).at(-1), "18:47 ana │ line 50");
  const again = timelineOf(timeline.items, { focus: { key: "k20", count: 2 } });
  assert.ok(shown(pane, again).includes("18:47 ana │ line 20"));
});

test("what is shown when the terminal has said how it counts is laid out anew", () => {
  const cells = new Cells();
  const pane = new TimelinePane(cells);
  const timeline = timelineOf([said("a", "ana", "ab".repeat(4))]);
  const before = pane.draw(TAB, timeline, AREA).rows.at(-1);
  pane.measureWith(cells);
  assert.notEqual(pane.draw(TAB, timeline, AREA).rows.at(-1), before);
});
