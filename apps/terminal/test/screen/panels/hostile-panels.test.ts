// Goal: every kind of panel stays inside its area, whatever stands in it.
// Method: panels with texts as others write them (made safe, as the model does), drawn at sizes from 120x40 down to one cell; keys as a terminal tells them.
import { test } from "node:test";
import { safeText } from "@papo/protocol";
import type { FormField, FormPanel, ListPanel, Panel } from "@papo/view-model";
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
