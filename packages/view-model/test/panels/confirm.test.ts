// Goal: a question is answered once, and whatever loses something is never what Enter alone does.
// Method: panels over nothing; the choices are run as a screen runs them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { catalogueOf } from "@papo/view-model";
import { confirm } from "../../src/panels/confirm.ts";
import { PanelStack } from "../../src/panels/panel-stack.ts";

const QUESTION = { texts: catalogueOf("pt-BR"), title: "Apagar?", lines: ["Some para todos."] };

test("a yes and a no are told, and the question goes", async () => {
  for (const [key, expected] of [
    ["s", true],
    ["n", false],
  ] as const) {
    const host = new PanelStack(() => {});
    const asked = confirm(host, QUESTION);
    const panel = host.front;
    assert.equal(panel?.kind, "choice");
    if (panel?.kind !== "choice") return;
    await panel.choices.find((choice) => choice.key === key)?.run();
    assert.equal(await asked, expected);
    assert.equal(host.front, undefined);
  }
});

test("going back is a no", async () => {
  const host = new PanelStack(() => {});
  const asked = confirm(host, QUESTION);
  host.front?.dismiss?.();
  assert.equal(await asked, false);
  assert.equal(host.front, undefined);
});

test("Enter alone does not do what loses something", () => {
  const host = new PanelStack(() => {});
  void confirm(host, { ...QUESTION, loses: true });
  const panel = host.front;
  assert.ok(panel?.kind === "choice");
  assert.equal(panel.choices[panel.selected]?.key, "n");
  assert.equal(panel.choices[0]?.tone, "bad");
});
