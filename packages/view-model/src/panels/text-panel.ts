import type { ShownLine } from "../feed/shown-line.ts";
import type { Choice, PanelHost, TextPanel } from "./panel.ts";

export type TextPlan = {
  /** Safe; one line. */
  readonly title: string;
  readonly lines: readonly ShownLine[];
  readonly qr?: string;
  readonly choices?: readonly Choice[];
  /** It goes when what it waits for is done, and cannot be left before. */
  readonly isStaying?: true;
  /** It went, whichever way. */
  closed?(): void;
};

export type OpenText = TextPanel & {
  close(): void;
  /** Other lines, in place of those. */
  show(lines: readonly ShownLine[]): void;
};

/** Opens a text to be read. Choices do not close it by themselves. What stood in it is forgotten when it goes. */
export function openText(host: PanelHost, plan: TextPlan): OpenText {
  let lines = plan.lines;
  let qr = plan.qr;
  let isOpen = true;
  const close = (): void => {
    if (!isOpen) return;
    isOpen = false;
    lines = [];
    qr = undefined;
    host.close(panel);
    plan.closed?.();
  };
  const panel: OpenText = {
    kind: "text",
    title: plan.title,
    get lines() {
      return lines;
    },
    get qr() {
      return qr;
    },
    choices: plan.choices ?? [],
    dismiss: plan.isStaying === true ? undefined : close,
    close,
    show(others) {
      if (!isOpen) return;
      lines = others;
      host.changed();
    },
  };
  host.open(panel);
  return panel;
}
