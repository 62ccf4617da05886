import type { Panel, PanelHost } from "./panel.ts";

/** Panels one above the other; the one opened last is in front. `changed` is told of everything that happens to any of them. */
export class PanelStack implements PanelHost {
  readonly #panels: Panel[] = [];
  readonly #changed: () => void;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  get front(): Panel | undefined {
    return this.#panels.at(-1);
  }

  open(panel: Panel): void {
    const at = this.#panels.indexOf(panel);
    if (at !== -1) this.#panels.splice(at, 1);
    this.#panels.push(panel);
    this.#changed();
  }

  close(panel: Panel): void {
    const at = this.#panels.indexOf(panel);
    if (at === -1) return;
    this.#panels.splice(at, 1);
    this.#changed();
  }

  closeAll(): void {
    if (this.#panels.length === 0) return;
    this.#panels.length = 0;
    this.#changed();
  }

  changed(): void {
    this.#changed();
  }
}
