// Goal: every kind of panel can be read and used on any screen, stays inside its area, and shows no secret.
// Method: panels with texts as others write them (made safe, as the model does), drawn at sizes from 120x40 down to one cell; keys as a terminal tells them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { safeText } from "@papo/protocol";
import type { ChoicePanel, FormField, FormPanel, ListPanel, Panel, TextPanel } from "@papo/view-model";
import fc from "fast-check";
import type { Area } from "../../../src/render/area.ts";
import { DrawnPanel, SIZES } from "./drawn.ts";

const hostile = fc
  .oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom("\u001b[2J", "\u202eabc", "你好".repeat(30), "x".repeat(300), "👩‍👩‍👧‍👦 ok"),
  )
  .map((text) => safeText(text));
const area: fc.Arbitrary<Area> = fc.oneof(
  fc.constantFrom(...SIZES),
  fc.record({
    row: fc.nat(5),
    column: fc.nat(5),
    rows: fc.integer({ min: 1, max: 45 }),
    columns: fc.integer({ min: 1, max: 130 }),
  }),
);
const choices = fc
  .uniqueArray(fc.constantFrom("a", "b", "c", "d", "e", "1", "2"), { maxLength: 6 })
  .map((keys) => keys.map((key) => ({ key, label: `does ${key}`, run: () => undefined })));
const lines = fc.array(
  fc.record({
    spans: fc.array(fc.record({ text: hostile }), { maxLength: 3 }),
    more: fc.array(hostile, { maxLength: 2 }),
  }),
  { maxLength: 12 },
);
const dismiss = fc.constantFrom(undefined, () => undefined);
const index = fc.nat(3);

const textPanels = fc.record({ kind: fc.constant("text" as const), title: hostile, lines, choices, dismiss });
const choicePanels = fc.record({
  kind: fc.constant("choice" as const),
  title: hostile,
  lines,
  choices,
  selected: index,
  dismiss,
});
const field: fc.Arbitrary<FormField> = fc.record({
  ...{
    name: fc.constantFrom("one", "two"),
    label: hostile,
    help: hostile,
    value: hostile,
    isSecret: fc.constant(false),
  },
});
const formPanels = fc
  .record({
    title: hostile,
    lines,
    fields: fc.array(field, { minLength: 1, maxLength: 4 }),
    current: index,
    submitLabel: hostile,
    dismiss,
    isBusy: fc.boolean(),
    says: hostile,
  })
  .map(
    ({ current, says, ...form }): FormPanel => ({
      ...{ ...form, kind: "form", current: current % form.fields.length, remark: { text: says, tone: "bad" } },
      ...{ setCurrent: () => undefined, setValue: () => undefined, submit: () => undefined },
      complete: () => Promise.resolve(false),
    }),
  );
const listPanels = fc
  .record({
    title: hostile,
    rows: fc.array(fc.tuple(hostile, hostile), { maxLength: 60 }),
    filter: hostile,
    isTyped: fc.boolean(),
    selected: fc.nat(59),
    choices,
    dismiss,
    remark: fc.option(hostile),
  })
  .map(
    ({ rows, selected, isTyped, ...list }): ListPanel => ({
      ...{
        ...list,
        kind: "list",
        placeholder: isTyped ? "type here" : undefined,
        selected: Math.max(0, Math.min(selected, rows.length - 1)),
      },
      rows: rows.map(([text, more], at) => ({
        key: String(at),
        spans: [{ text, colour: 3 }],
        detail: [{ text: more }],
      })),
      ...{ setFilter: () => undefined, select: () => undefined, choose: () => undefined },
    }),
  );

for (const [kind, panels] of Object.entries({
  text: textPanels,
  choice: choicePanels,
  form: formPanels,
  list: listPanels,
})) {
  test(`R1, R7, R8, R9, R14: a ${kind} stays inside its area at every size, whatever stands in it`, () => {
    fc.assert(
      fc.property(panels as fc.Arbitrary<Panel>, fc.array(area, { minLength: 1, maxLength: 3 }), (panel, areas) => {
        const drawn = new DrawnPanel(panel);
        for (const one of areas) {
          drawn.rows(one);
          drawn.press("down", "page-down", "end", "tab", "right");
          drawn.rows(one);
        }
      }),
      { numRuns: 60 },
    );
  });
}

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

class TypedForm implements FormPanel {
  readonly kind = "form";
  readonly title = "Log in";
  readonly lines = [];
  readonly submitLabel = "Log in";
  readonly isBusy = false;
  readonly remark = null;
  readonly dismiss = undefined;
  fields: FormField[] = [
    { name: "username", label: "Name", help: "yours", value: "", isSecret: false },
    { name: "password", label: "Password", help: "not shown", value: "", isSecret: true },
    {
      name: "kind",
      label: "Kind",
      help: "",
      value: "a",
      isSecret: false,
      options: [
        { value: "a", label: "first" },
        { value: "b", label: "second" },
      ],
    },
  ];
  current = 0;
  submitted = 0;
  setCurrent(at: number): void {
    this.current = at;
  }
  setValue(at: number, value: string): void {
    this.fields = this.fields.map((one, index) => (index === at ? { ...one, value } : one));
  }
  submit(): void {
    this.submitted += 1;
  }
  complete(): Promise<boolean> {
    return Promise.resolve(false);
  }
  get values(): readonly string[] {
    return this.fields.map(({ value }) => value);
  }
}

test("what is chosen is shown whole, on as many rows as it takes", () => {
  const form = new TypedForm();
  const long = "by invitation: only somebody who has a link of yours may ever come in";
  form.fields = [
    {
      name: "kind",
      label: "Kind",
      help: "choose",
      value: "a",
      isSecret: false,
      options: [{ value: "a", label: long }],
    },
    { name: "name", label: "Name", help: "yours", value: "gabi", isSecret: false },
  ];
  const drawn = new DrawnPanel(form);
  const rows = drawn.rows({ row: 0, column: 0, rows: 16, columns: 46 });
  const said = rows.map((row) => row.trim().replace("Kind:", "").trim()).join(" ");
  assert.ok(said.includes(`‹ ${long} › choose`), rows.join("\n"));
  assert.deepEqual(drawn.rows({ row: 0, column: 0, rows: 16, columns: 46 }), rows);
});

test("fields are typed in as on a command line, and Enter leads through them", () => {
  const form = new TypedForm();
  const drawn = new DrawnPanel(form);
  drawn.type("nori gabi");
  drawn.press("ctrl-a", "alt-d", "delete", "ctrl-e");
  drawn.type("!");
  assert.deepEqual(form.values, ["gabi!", "", "a"]);
  drawn.press("enter");
  drawn.type("secret");
  drawn.press("backspace", "enter", "right");
  assert.deepEqual(form.values, ["gabi!", "secre", "b"]);
  assert.match(drawn.text(), /‹ second ›/u);
  drawn.press("enter");
  assert.equal(form.submitted, 1);
  drawn.press("up", "up");
  assert.equal(form.current, 0);
});

test("R13: a paste of several lines is text of one line: it answers nothing and leaves no field", () => {
  const form = new TypedForm();
  const drawn = new DrawnPanel(form);
  drawn.take({ kind: "paste", text: "one\r\ntwo\u001b[2J\n" });
  assert.deepEqual([form.fields[0]?.value, form.current, form.submitted], ["one two[2J", 0, 0]);
});

test("a secret shows nowhere, not even how long it is, and the cursor tells nothing", () => {
  const form = new TypedForm();
  const drawn = new DrawnPanel(form);
  form.setCurrent(1);
  for (const area of SIZES) {
    form.setValue(1, "");
    const before = [drawn.text(area), drawn.cursor(area)];
    drawn.type("hunter2 hunter2");
    assert.deepEqual([drawn.text(area), drawn.cursor(area)], before);
  }
  drawn.press("ctrl-u");
  assert.equal(form.fields[1]?.value, "");
  form.setCurrent(0);
  drawn.press("ctrl-y");
  assert.equal(form.fields[0]?.value, "", "what was a secret cannot be put back elsewhere");
});

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
