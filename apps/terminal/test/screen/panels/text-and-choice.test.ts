// Goal: a text and a question can be read and answered on any screen.
// Method: panels drawn without a terminal, at sizes from 120x40 down to one cell; keys as a terminal tells them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { ChoicePanel, TextPanel } from "@papo/view-model";
import { DrawnPanel, SIZES } from "./drawn.ts";

function textPanel(more: Partial<TextPanel> = {}): TextPanel {
  const many = Array.from({ length: 60 }, (_, at) => ({ spans: [{ text: `line ${at + 1}` }] }));
  return { kind: "text", title: "Read this", lines: many, choices: [], dismiss: () => undefined, ...more };
}

test("a long text scrolls, and says so", () => {
  const drawn = new DrawnPanel(textPanel());
  assert.match(drawn.text(), /line 1\n/u);
  assert.match(drawn.text(), /↑ ↓ more/u);
  drawn.press("page-down");
  assert.doesNotMatch(drawn.text(), /line 1\n/u);
  drawn.press("end");
  assert.match(drawn.text(), /line 60/u);
});

test("letters choose, Escape goes back, and keys that work everywhere are left alone", () => {
  const done: string[] = [];
  const choice = { key: "s", label: "Same", run: () => void done.push("same") };
  const drawn = new DrawnPanel(textPanel({ choices: [choice], dismiss: () => void done.push("gone") }));
  assert.match(drawn.text(), /S Same/u);
  drawn.type("S");
  drawn.press("escape");
  assert.deepEqual(done, ["same", "gone"]);
  for (const chord of ["ctrl-c", "ctrl-l", "ctrl-z"]) assert.equal(drawn.take({ kind: "chord", chord }), false);
});

const LINK = `papo://chat.example:6060/#i=${"Ab3".repeat(20)}`;

test("a code stands beside its text where there is room, below it or replaced by a hint where there is none", async () => {
  const lines = [{ spans: [{ text: "A link for one person" }] }, { spans: [{ text: LINK }] }];
  const drawn = new DrawnPanel(textPanel({ qr: LINK, lines }));
  drawn.text();
  while (drawn.redraws === 0) await nextTurn();
  const wide = drawn.rows({ row: 0, column: 0, rows: 40, columns: 120 });
  assert.ok(
    wide.some((row) => /A link for one person .*[█▀▄]/u.test(row)),
    "beside",
  );
  const narrow = drawn.rows({ row: 0, column: 0, rows: 40, columns: 48 });
  const at = narrow.findIndex((row) => /[█▀▄]{10}/u.test(row));
  assert.ok(at > narrow.findIndex((row) => row.includes("A link")), "below");
  assert.match(
    drawn.text({ row: 0, column: 0, rows: 12, columns: 60 }),
    /at least\s+\d+\s+columns\s+wide\s+and\s+\d+\s+rows\s+high/u,
  );
  // In one piece wherever it fits in a row, so that it can be copied.
  assert.ok(drawn.rows({ row: 0, column: 0, rows: 40, columns: 110 }).some((row) => row.includes(LINK)));
});

test("a question is answered by its letter, by arrows and Enter, and by a click", () => {
  const done: string[] = [];
  const panel: ChoicePanel = {
    ...{ kind: "choice", title: "Sure?", lines: [{ spans: [{ text: "It goes." }] }], selected: 1, dismiss: undefined },
    choices: ["yes", "no"].map((label) => ({ key: label.charAt(0), label, run: () => void done.push(label) })),
  };
  const drawn = new DrawnPanel(panel);
  assert.match(drawn.text(), /> N {2}no/u);
  drawn.press("enter", "up", "enter");
  drawn.type("n");
  const row = drawn.rows().findIndex((text) => text.includes("yes"));
  drawn.take({ kind: "mouse", button: "left", row, column: 5 });
  assert.deepEqual(done, ["no", "yes", "no", "yes"]);
});

const KEYS = ["a", "b", "c", "d", "e", "f", "g", "h"];

test("however small the screen, the selected answer is on it", () => {
  const long = [{ spans: [{ text: "words ".repeat(100) }] }];
  const many = KEYS.map((key) => ({ key, label: `answer ${key}`, run: () => undefined }));
  const drawn = new DrawnPanel({
    kind: "choice",
    title: "?",
    lines: long,
    choices: many,
    selected: 0,
    dismiss: undefined,
  });
  for (const key of KEYS) {
    for (const area of SIZES.filter(({ columns }) => columns > 1)) {
      assert.match(drawn.text(area), new RegExp(`> ${key.toUpperCase()}  answer`, "u"));
    }
    drawn.press("down");
  }
});
