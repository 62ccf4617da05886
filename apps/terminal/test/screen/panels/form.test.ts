// Goal: a form is filled in as on a command line, and shows no secret.
// Method: panels drawn without a terminal, at sizes from 120x40 down to one cell; keys as a terminal tells them.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { FormField, FormPanel } from "@papo/view-model";
import { DrawnPanel, SIZES } from "./drawn.ts";

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
