import type { ShownLine, Span } from "../feed/shown-line.ts";

// What stands in front of the conversation for a while: a form, a list to choose from, a text, a question. What it says and does is here; how it is
// drawn and which key does what is the front end's. A panel is an object that changes in place and says so through `PanelHost.changed`.

export type Panel = TextPanel | ListPanel | FormPanel | ChoicePanel;

/** Where panels stand: the one opened last is in front, and closing it shows the one below. */
export interface PanelHost {
  open(panel: Panel): void;
  close(panel: Panel): void;
  /** Something of a panel is another now. */
  changed(): void;
}

interface Base {
  /** Safe; one line. */
  readonly title: string;
  /** The user went back (Esc). Undefined: it cannot be left so. */
  readonly dismiss: (() => void) | undefined;
}

/** To be read; scrolls when it is longer than the screen. */
export interface TextPanel extends Base {
  readonly kind: "text";
  readonly lines: readonly ShownLine[];
  /** Drawn as a QR code, beside the lines where there is room. */
  readonly qr?: string | undefined;
  /** Things to do with what is shown, each by its letter. */
  readonly choices: readonly Choice[];
}

/** A question with few answers. */
export interface ChoicePanel extends Base {
  readonly kind: "choice";
  readonly lines: readonly ShownLine[];
  readonly choices: readonly Choice[];
  /** Of `choices`, the one that Enter takes at first; never one that loses something. */
  readonly selected: number;
}

/** `key`: one letter or digit, lower case, unique in its panel. */
export type Choice = {
  readonly key: string;
  readonly label: string;
  readonly tone?: "bad";
  run(): void | Promise<void>;
};

/** Something to choose from, filtered as one types. */
export interface ListPanel extends Base {
  readonly kind: "list";
  /** What is said in an empty filter; undefined: nothing is typed here. */
  readonly placeholder: string | undefined;
  readonly filter: string;
  setFilter(text: string): void;
  /** Best match first; at most LIST_PANEL_ROWS_MAX. */
  readonly rows: readonly ListRow[];
  /** Index in `rows`. */
  readonly selected: number;
  select(index: number): void;
  /** Enter on the selected row. */
  choose(): void | Promise<void>;
  /** Keys that do something else with the selected row. */
  readonly choices: readonly Choice[];
  /** `loading`, `nothing found`, a fault's sentence; null when the rows speak for themselves. */
  readonly remark: string | null;
}

export type ListRow = { readonly key: string; readonly spans: readonly Span[]; readonly detail: readonly Span[] };

/** Fields to be filled in. Enter in the last field, or anywhere in a form of one, submits. */
export interface FormPanel extends Base {
  readonly kind: "form";
  readonly lines: readonly ShownLine[];
  readonly fields: readonly FormField[];
  /** Index in `fields`. */
  readonly current: number;
  setCurrent(index: number): void;
  setValue(index: number, text: string): void;
  /** What the button says. */
  readonly submitLabel: string;
  submit(): void | Promise<void>;
  /** Tab in a field that `completes`: fills in what it can only mean. False when it can mean nothing more. */
  complete(): Promise<boolean>;
  /** While an answer is awaited, nothing can be typed. */
  readonly isBusy: boolean;
  /** What went wrong, or what is waited for. */
  readonly remark: { readonly text: string; readonly tone: "bad" | "muted" } | null;
}

export type FormField = {
  readonly name: string;
  readonly label: string;
  /** Shown under the field while it is the current one. */
  readonly help: string;
  readonly value: string;
  /** Shows nowhere, not even its length. */
  readonly isSecret: boolean;
  /** A field of few values, walked with the arrow keys: of these texts, `value` is one. */
  readonly options?: readonly { readonly value: string; readonly label: string }[];
  /** A path, which need not be typed in full. */
  readonly completes?: true;
};
