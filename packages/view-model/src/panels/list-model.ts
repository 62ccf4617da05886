import { LIST_PANEL_ROWS_MAX } from "@papo/protocol";
import type { Choice, ListPanel, ListRow, PanelHost } from "./panel.ts";

/** A key that does something with the selected item; undefined: none is. */
type ListChoice<Item> = Omit<Choice, "run"> & { run(item: Item | undefined): void | Promise<void> };

export type ListPlan<Item> = {
  readonly host: PanelHost;
  readonly title: string | (() => string);
  /** Unset: nothing is typed here. */
  readonly placeholder?: string;
  row(item: Item): ListRow;
  /** What was typed is another; whoever made the list shows other items. */
  filtered?(text: string): void;
  choose(item: Item): void | Promise<void>;
  readonly choices?: readonly ListChoice<Item>[];
  /** The last row was reached: more may be shown. */
  reachedEnd?(): void;
  /** The list went. */
  closed?(): void;
};

/** A list whose items come from elsewhere, by `show`. */
export class ListModel<Item> implements ListPanel {
  readonly kind = "list";
  readonly placeholder: string | undefined;
  readonly choices: readonly Choice[];
  readonly #plan: ListPlan<Item>;
  #filter = "";
  #items: readonly Item[] = [];
  #rows: readonly ListRow[] = [];
  #selected = 0;
  #remark: string | null = null;
  #isClosed = false;
  #isBusy = false;

  constructor(plan: ListPlan<Item>) {
    this.#plan = plan;
    this.placeholder = plan.placeholder;
    this.choices = (plan.choices ?? []).map((choice) => ({
      ...choice,
      run: () => this.#busyWith(async () => choice.run(this.item)),
    }));
  }

  get title(): string {
    const { title } = this.#plan;
    return typeof title === "string" ? title : title();
  }

  get filter(): string {
    return this.#filter;
  }

  get rows(): readonly ListRow[] {
    return this.#rows;
  }

  get selected(): number {
    return this.#selected;
  }

  get item(): Item | undefined {
    return this.#items[this.#selected];
  }

  get remark(): string | null {
    return this.#remark;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  readonly dismiss = (): void => this.close();

  setFilter(text: string): void {
    if (text === this.#filter) return;
    this.#filter = text;
    this.#selected = 0;
    this.#plan.filtered?.(text);
    this.#plan.host.changed();
  }

  select(index: number): void {
    this.#selected = Math.max(0, Math.min(index, this.#rows.length - 1));
    if (this.#rows.length > 0 && this.#selected === this.#rows.length - 1) this.#plan.reachedEnd?.();
    this.#plan.host.changed();
  }

  choose(): Promise<void> {
    const { item } = this;
    return item === undefined ? Promise.resolve() : this.#busyWith(async () => this.#plan.choose(item));
  }

  /** The selected item stays selected while it is there, wherever it moves. */
  show(items: readonly Item[], remark: string | null): void {
    const key = this.#rows[this.#selected]?.key;
    this.#items = items.slice(0, LIST_PANEL_ROWS_MAX);
    this.#rows = this.#items.map((item) => this.#plan.row(item));
    const at = this.#rows.findIndex((row) => row.key === key);
    this.#selected =
      this.#selected === 0 || at === -1 ? Math.min(this.#selected, Math.max(0, this.#rows.length - 1)) : at;
    this.say(remark);
  }

  say(remark: string | null): void {
    this.#remark = remark;
    this.#plan.host.changed();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#plan.host.close(this);
    this.#plan.closed?.();
  }

  /** One thing at a time: whoever presses Enter twice wants it once. */
  async #busyWith(work: () => Promise<void>): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      await work();
    } finally {
      this.#isBusy = false;
    }
  }
}
