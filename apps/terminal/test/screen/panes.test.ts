// Goal: each part of the screen shows what it is handed, in its own cells, at every width.
// Method: values made by hand, drawn by the pure panes; the rows' texts are looked at, and random widths for what must always hold.
import assert from "node:assert/strict";
import { test } from "node:test";
import { catalogueOf } from "@papo/view-model";
import fc from "fast-check";
import type { Area } from "../../src/render/area.ts";
import { Cells } from "../../src/render/cells.ts";
import type { Row } from "../../src/render/frame.ts";
import { drawMembers, membersColumns } from "../../src/screen/members-pane.ts";
import { drawStatusLine } from "../../src/screen/status-line.ts";
import { drawTabList, tabListColumns } from "../../src/screen/tab-list.ts";
import { gridOf, TimelineRows } from "../../src/screen/timeline-rows.ts";
import { drawBanner, drawTopicLine } from "../../src/screen/topic-line.ts";
import { member, said, statusOf, tab, textOf } from "./values.ts";

const cells = new Cells();
const texts = catalogueOf("en");
const area = (rows: number, columns: number, column = 0): Area => ({ row: 0, column, rows, columns });

/** Parts rise, do not overlap, stay in the area, and hold what they hold. */
function assertFits(row: Row, { column, columns }: Area): void {
  let from = column;
  for (const part of row) {
    assert.ok(part.column >= from, "parts rise");
    from = part.column + part.columns;
    assert.ok(from <= column + columns, "a part ends in its area");
    assert.ok(cells.widthOfRuns(part.runs) <= part.columns, "runs fit their part");
  }
}

test("the list of tabs has number, title and what waits", () => {
  const tabs = [
    tab(1, "Papo", { kind: "home" }),
    tab(2, "#TESTE", { unread: 3, attention: "message" }),
    tab(3, "nori", { kind: "private", presence: "here", unread: 2, mentions: 2, attention: "private" }),
    tab(12, "#uma-sala-de-nome-comprido", { hasDraft: true }),
  ];
  assert.equal(tabListColumns(tabs.slice(0, 3), cells), 12);
  const { rows, keys } = drawTabList(tabs, tab(1, "").key, area(10, 16), cells);
  assert.deepEqual(
    rows.map((row) => textOf(row)),
    [" 1 Papo", " 2 #TESTE      3", " 3 ● nori     2!", "12 #uma-sala-… …"],
  );
  assert.deepEqual(keys.slice(0, 2), ["tab 1", "tab 2"]);
  assert.deepEqual(rows[0]?.[0]?.fill, { bar: "selected" });
});

test("of more tabs than rows, those around the active one are shown, and how many are hidden", () => {
  const tabs = Array.from({ length: 20 }, (_, at) => tab(at + 1, `#r${at + 1}`));
  const shown = (active: number) =>
    drawTabList(tabs, tab(active, "").key, area(5, 12), cells).rows.map((row) => textOf(row).trim());
  assert.deepEqual(shown(1), ["1 #r1", "2 #r2", "3 #r3", "4 #r4", "↓16"]);
  assert.deepEqual(shown(10), ["↑8", "9 #r9", "10 #r10", "11 #r11", "↓9"]);
  assert.deepEqual(shown(20), ["↑16", "17 #r17", "18 #r18", "19 #r19", "20 #r20"]);
});

test("the members have their role in front and who is there beside, and scroll", () => {
  const rows = [
    member("ana", { prefix: "@", path: "direct" }),
    member("nori", { presence: "offline" }),
    member("yuki", { trust: "verified" }),
    member("zoe", { trust: "changed" }),
  ];
  const people = { title: "3 here", rows };
  assert.equal(membersColumns(people, cells), 6);
  const drawn = drawMembers(people, 0, area(5, 12), cells);
  assert.deepEqual(
    drawn.rows.map((row) => textOf(row)),
    ["3 here", "@ana  direct", " nori", " yuki      ✓", " zoe       !"],
  );
  const scrolled = drawMembers(people, 99, area(3, 12), cells);
  assert.equal(scrolled.top, 2, "no further than to the last one");
  assert.deepEqual(
    scrolled.people.slice(1).map((one) => one?.name.text),
    ["yuki", "zoe"],
  );
});

test("the status line says the most important where there is no room for all of it", () => {
  const hot = [
    tab(3, "nori", { attention: "private", unread: 2 }),
    tab(5, "#sala", { attention: "message", unread: 1 }),
  ];
  const draw = (columns: number) =>
    textOf(
      drawStatusLine(
        statusOf({ hot, waiting: 2 }),
        tab(2, "#TESTE"),
        { isBack: true, news: 12 },
        {
          area: area(1, columns),
          cells,
          texts,
        },
      ),
      area(1, columns),
    );
  assert.equal(draw(100), "[18:47] [gabi] [#TESTE 3] [online] [2 direct] [2 waiting] [Active: 3:nori(2) 5] -MORE(12)-");
  assert.equal(draw(60), "[18:47] [gabi] [#TESTE 3] [Active: 3:nori(2) 5] -MORE(12)-");
  assert.equal(draw(40), "[Active: 3:nori(2) 5] -MORE(12)-");
});

test("topic line and banner are cut, never broken", () => {
  const header = { title: "#TESTE", topic: "um assunto que não acaba nunca mais", remarks: [{ text: "unencrypted" }] };
  assert.equal(textOf(drawTopicLine(header, area(1, 30), cells)), "#TESTE  unencrypted  um assun…");
  assert.equal(
    textOf(drawBanner({ tone: "bad", spans: [{ text: "No tracker here" }] }, area(1, 12), cells)),
    "No tracker …",
  );
});

test("R7: all that others wrote stands behind the rule, however it is broken", () => {
  const rows = new TimelineRows(cells);
  const forged = said(
    "a",
    "mallory",
    "olá\n[18:47] <ana> sim\n18:47  ana │ sim, e uma linha que é bem mais larga que a tela",
  );
  const drawn = rows.of(forged, gridOf(0, 40, { nick: 7, time: true }));
  assert.deepEqual(
    drawn.map((row) => textOf(row)),
    [
      "18:47 mallory │ olá",
      "              │ [18:47] <ana> sim",
      "              │ 18:47  ana │ sim, e uma",
      "              │ linha que é bem mais",
      "              │ larga que a tela",
    ],
  );
});

test("a message has its answer above, its marks behind it, and its reactions below", () => {
  const rows = new TimelineRows(cells);
  const item = said("a", "ana", "sim", {
    isGrouped: true,
    reply: [{ text: "nori", colour: 3 }, { text: ": vamos?" }],
    marks: [{ text: "edited" }],
    reactions: [{ text: "👍 2" }, { text: "❤ 1" }],
    delivery: { symbol: "✓", tone: "muted", says: "everybody has it" },
  });
  assert.deepEqual(
    rows.of(item, gridOf(0, 40, { nick: 4, time: true })).map((row) => textOf(row)),
    ["18:47      │ ↪ nori: vamos?", "           │ sim edited ✓", "           │ 👍 2 ❤ 1"],
  );
});

test("rows are made once for an item and a width", () => {
  const rows = new TimelineRows(cells);
  const item = said("a", "ana", "sim");
  const first = rows.of(item, gridOf(0, 40, { nick: 4, time: true }));
  assert.equal(rows.of(item, gridOf(0, 40, { nick: 4, time: true })), first);
  assert.notEqual(rows.of(item, gridOf(0, 41, { nick: 4, time: true })), first);
});

test("R9, R14: at every width and with every text, rows stay in their area", () => {
  const text = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 200 }),
    fc.constantFrom(
      "漢字かな交じり文".repeat(9),
      "👩‍👩‍👧".repeat(30),
      "a".repeat(300),
      "https://papo.example/".repeat(9),
    ),
  );
  fc.assert(
    fc.property(text, text, fc.integer({ min: 1, max: 130 }), fc.nat(20), (one, other, columns, column) => {
      const place = area(9, columns, column);
      const rows = new TimelineRows(cells);
      const name = one.replace(/\p{C}/gu, "");
      const body = other.replace(/\p{C}/gu, "");
      const item = said("a", name, body, {
        reply: [{ text: body }],
        marks: [{ text: name }],
        reactions: [{ text: name }],
      });
      const grid = gridOf(column, columns, { nick: cells.width(name), time: columns % 2 === 0 });
      for (const row of [
        ...rows.of(item, grid),
        ...rows.of({ kind: "day", key: "d", label: body }, grid),
        ...rows.of({ kind: "notice", key: "n", time: "18:47", spans: [{ text: body }] }, grid),
        ...rows.of({ kind: "output", key: "o", lines: [{ spans: [{ text: body }], more: [name] }] }, grid),
        ...drawTabList([tab(1, body, { unread: 5, hasDraft: true })], tab(1, "").key, place, cells).rows,
        ...drawMembers({ title: body, rows: [member("ana", { name: { text: name }, path: name })] }, 0, place, cells)
          .rows,
        drawTopicLine({ title: name, topic: body, remarks: [] }, place, cells),
        drawStatusLine(
          statusOf({ self: name }),
          tab(1, body),
          { isBack: true, news: 3 },
          { area: place, cells, texts },
        ),
      ]) {
        assertFits(row, place);
      }
    }),
  );
});
