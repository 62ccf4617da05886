import type { Panel, PanelHost } from "../../src/panels/panel.ts";

/** Panels as a screen has them: the last one opened is in front. */
export class FakeHost implements PanelHost {
  readonly stack: Panel[] = [];
  changes = 0;

  get front(): Panel | undefined {
    return this.stack.at(-1);
  }

  open(panel: Panel): void {
    this.stack.push(panel);
  }

  close(panel: Panel): void {
    const at = this.stack.indexOf(panel);
    if (at !== -1) this.stack.splice(at, 1);
  }

  changed(): void {
    this.changes += 1;
  }
}
