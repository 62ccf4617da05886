import type { ShownLine } from "../feed/shown-line.ts";
import type { FormField, FormPanel, PanelHost } from "./panel.ts";

/** What was typed, by the name of its field. */
export type Values = Readonly<Record<string, string>>;

export type FieldPlan = {
  readonly name: string;
  readonly label: string;
  /** Safe; of what is typed so far. Never says anything of a secret. */
  readonly help: (typed: string) => string;
  readonly value?: string;
  readonly isSecret?: true;
  readonly options?: FormField["options"];
  /** What may be meant by what was typed, whole values. */
  readonly complete?: (typed: string) => Promise<readonly string[]>;
};

/** Safe. `field`: the one to look at again. */
export type Refusal = { readonly says: string; readonly field?: string };

export type FormPlan = {
  readonly host: PanelHost;
  readonly title: string;
  readonly lines?: readonly ShownLine[];
  readonly fields: readonly FieldPlan[];
  readonly submitLabel: string;
  /** Said while an answer is awaited: what is waited for. */
  readonly waiting: string;
  /** Undefined: done, and the form goes. */
  submit(values: Values): Promise<Refusal | undefined>;
  /** The user went back; the form is closed already. */
  dismissed?(): void;
};

/** A form that keeps what is typed until it goes, and not a moment longer. */
export class FormModel implements FormPanel {
  readonly kind = "form";
  readonly title: string;
  readonly lines: readonly ShownLine[];
  readonly submitLabel: string;
  readonly #plan: FormPlan;
  readonly #values: string[];
  #current = 0;
  #isBusy = false;
  #remark: FormPanel["remark"] = null;
  /** What the current field can mean, when that is more than one thing. */
  #meanings: readonly string[] = [];

  constructor(plan: FormPlan) {
    this.#plan = plan;
    this.title = plan.title;
    this.lines = plan.lines ?? [];
    this.submitLabel = plan.submitLabel;
    this.#values = plan.fields.map(({ value, options }) => value ?? options?.[0]?.value ?? "");
  }

  get fields(): readonly FormField[] {
    return this.#plan.fields.map((field, at) => this.#shown(field, at));
  }

  get current(): number {
    return this.#current;
  }

  get isBusy(): boolean {
    return this.#isBusy;
  }

  get remark(): FormPanel["remark"] {
    return this.#remark;
  }

  readonly dismiss = (): void => {
    this.close();
    this.#plan.dismissed?.();
  };

  setCurrent(index: number): void {
    this.#current = Math.max(0, Math.min(index, this.#plan.fields.length - 1));
    this.#meanings = [];
    this.#plan.host.changed();
  }

  setValue(index: number, text: string): void {
    if (this.#isBusy || index >= this.#values.length) return;
    this.#values[index] = text;
    this.#remark = null;
    this.#meanings = [];
    this.#plan.host.changed();
  }

  async submit(): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    this.#remark = { text: this.#plan.waiting, tone: "muted" };
    this.#plan.host.changed();
    const refusal = await this.#plan.submit(this.#typed());
    this.#isBusy = false;
    if (refusal === undefined) this.close();
    else this.#refused(refusal);
  }

  async complete(): Promise<boolean> {
    const at = this.#current;
    const typed = this.#values[at] ?? "";
    const meanings = (await this.#plan.fields[at]?.complete?.(typed)) ?? [];
    if (this.#isBusy || this.#values[at] !== typed || meanings.length === 0) return false;
    const common = commonStart(meanings);
    const isMore = common.length > typed.length;
    if (isMore) this.setValue(at, common);
    if (meanings.length > 1) this.#meanings = meanings;
    this.#plan.host.changed();
    return isMore || meanings.length > 1;
  }

  /** What was typed is forgotten. */
  close(): void {
    this.#values.fill("");
    this.#plan.host.close(this);
  }

  #typed(): Values {
    return Object.fromEntries(this.#plan.fields.map(({ name }, at) => [name, this.#values[at] ?? ""]));
  }

  /** A secret that was refused is typed again, and the one beside it: nobody can see where it was wrong. */
  #refused({ says, field }: Refusal): void {
    const { fields } = this.#plan;
    this.#remark = { text: says, tone: "bad" };
    const at = fields.findIndex(({ name }) => name === field);
    if (fields[at]?.isSecret === true)
      for (const [index, { isSecret }] of fields.entries()) if (isSecret === true) this.#values[index] = "";
    if (at !== -1) this.#current = at;
    this.#plan.host.changed();
  }

  #shown({ name, label, help, isSecret, options, complete }: FieldPlan, at: number): FormField {
    const value = this.#values[at] ?? "";
    const isCurrent = at === this.#current;
    return {
      name,
      label,
      help: isCurrent && this.#meanings.length > 0 ? this.#meanings.map(lastStep).join("  ") : help(value),
      value,
      isSecret: isSecret === true,
      ...(options === undefined ? {} : { options }),
      ...(complete === undefined ? {} : { completes: true as const }),
    };
  }
}

function commonStart(texts: readonly string[]): string {
  const [first = "", ...rest] = texts;
  let length = first.length;
  for (const text of rest) while (!text.startsWith(first.slice(0, length))) length -= 1;
  return first.slice(0, length);
}

/** The last part of a path, which is what differs. */
function lastStep(path: string): string {
  return /[^/\\]*[/\\]?$/u.exec(path)?.[0] ?? path;
}
