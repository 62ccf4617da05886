// Goal: a list is searched and chosen from by keys and by clicks, on any screen.
// Method: panels drawn without a terminal, at sizes from 120x40 down to one cell; keys as a terminal tells them.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ListPanel } from "@papo/view-model";
import { DrawnPanel, SIZES } from "./drawn.ts";

class TypedList implements ListPanel {
  readonly kind = "list";
  readonly title = "Rooms";
  readonly remark = null;
  readonly dismiss = undefined;
  readonly done: string[] = [];
  readonly choices = [{ key: "n", label: "New room", run: () => void this.done.push("new") }];
  readonly rows = Array.from({ length: 50 }, (_, at) => ({
    key: String(at),
    spans: [{ text: `room ${at}` }],
    detail: [{ text: `${at}/50` }],
  }));
  placeholder: string | undefined = "type to search";
  filter = "";
  selected = 0;
  setFilter(text: string): void {
    this.filter = text;
  }
  select(at: number): void {
    this.selected = Math.max(0, Math.min(at, this.rows.length - 1));
  }
  choose(): void {
    this.done.push(String(this.selected));
  }
}

test("what is typed filters a list; its keys take Alt then", () => {
  const list = new TypedList();
  const drawn = new DrawnPanel(list);
  assert.match(drawn.text(), /type to search[\s\S]*Alt-N New room/u);
  drawn.type("nori");
  assert.deepEqual([list.filter, list.done], ["nori", []]);
  drawn.press("backspace", "alt-n", "down", "down", "enter");
  assert.deepEqual([list.filter, list.done], ["nor", ["new", "2"]]);
  list.placeholder = undefined;
  drawn.type("n");
  assert.deepEqual(list.done, ["new", "2", "new"]);
});

test("the selected row is on every screen, and a click selects before it chooses", () => {
  const list = new TypedList();
  const drawn = new DrawnPanel(list);
  drawn.press("up");
  assert.equal(list.selected, 49);
  for (const area of SIZES.filter(({ columns }) => columns > 1)) assert.match(drawn.text(area), /> room 49/u);
  const row = drawn.rows().findIndex((text) => text.includes("room 47"));
  const click = { kind: "mouse", button: "left", row, column: 5 } as const;
  drawn.take(click);
  assert.deepEqual([list.selected, list.done], [47, []]);
  drawn.rows();
  drawn.take({ ...click, row: drawn.rows().findIndex((text) => text.includes("room 47")) });
  assert.deepEqual(list.done, ["47"]);
});
