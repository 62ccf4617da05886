import type { Choice, Panel } from "@papo/view-model";
import type { Stroke } from "../../input/stroke.ts";
import type { Hint } from "./panel-frame.ts";

/** The choice whose letter was typed. `withAlt`: letters alone are text. */
export function choiceOf(choices: readonly Choice[], stroke: Stroke, withAlt: boolean): Choice | undefined {
  if (withAlt) {
    if (stroke.kind !== "chord") return undefined;
    return choices.find(({ key }) => stroke.chord === `alt-${key}`);
  }
  if (stroke.kind !== "text") return undefined;
  return choices.find(({ key }) => key === stroke.text.toLowerCase());
}

export function choiceHints(choices: readonly Choice[], withAlt: boolean): readonly Hint[] {
  return choices.map(({ key, label, tone }) => ({
    key: withAlt ? `Alt-${key.toUpperCase()}` : key.toUpperCase(),
    says: label,
    tone,
  }));
}

export function run(choice: Pick<Choice, "run">): void {
  void choice.run();
}

export function leave({ dismiss }: Panel): boolean {
  dismiss?.();
  return true;
}
