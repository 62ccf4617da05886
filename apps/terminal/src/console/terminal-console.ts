import { INPUT_AHEAD_CHARS_MAX, INPUT_ROWS_MAX } from "@papo/protocol";
import { type ShownLine, textLine } from "@papo/view-model";
import { type EditorState, emptyEditor, type History } from "../line-editor/editor-state.ts";
import { decodeKeys, editKey, type Key, type KeysState, NO_KEYS } from "../line-editor/keys.ts";
import { layout } from "../line-editor/layout.ts";
import {
  BRACKETED_PASTE_OFF,
  BRACKETED_PASTE_ON,
  CLEAR_SCREEN,
  cursorRight,
  cursorUp,
  ERASE_BELOW,
} from "../sequences.ts";
import { widthOf } from "../graphemes.ts";
import { rowsOf } from "../shown-rows.ts";
import type { TerminalOutput } from "../terminal-output.ts";
import { type InputStream, readText, setRaw } from "./input-stream.ts";
import type { Answer, LineConsole, Question } from "./line-console.ts";

type Pending = { readonly question: Question; readonly resolve: (answer: Answer) => void };

/** The rows that the prompt fills now, and where in them the cursor stands. */
type Drawn = { readonly widths: readonly number[]; readonly cursorRow: number; readonly cursorColumn: number };

export type TerminalConsoleOptions = {
  readonly colours: boolean;
  /** Shown after Ctrl-C on an empty line: how one leaves. */
  readonly interruptHint: string;
};

/**
 * A terminal: the line being typed stays below what arrives. It uses the ordinary screen, so that the conversation
 * stays in the terminal's own scrollback.
 */
export class TerminalConsole implements LineConsole {
  readonly interactive = true;
  readonly #input: InputStream;
  readonly #output: TerminalOutput;
  readonly #options: TerminalConsoleOptions;
  readonly #ended = Promise.withResolvers<void>();
  readonly #release: readonly (() => void)[];
  #open = true;
  #closed = false;
  #keys: KeysState = NO_KEYS;
  #typedAhead: Key[] = [];
  #pending: Pending | undefined;
  #editor: EditorState = emptyEditor();
  #drawn: Drawn | undefined;
  #interrupted = false;

  constructor(input: InputStream, output: TerminalOutput, options: TerminalConsoleOptions) {
    this.#input = input;
    this.#output = output;
    this.#options = options;
    const giveBack = () => this.#giveBack();
    process.once("exit", giveBack);
    this.#release = [
      () => process.off("exit", giveBack),
      output.onResize(() => this.#redraw()),
      readText(input, { text: (text) => this.#take(text), end: () => this.#end() }),
    ];
    void output.gone.then(() => this.#end());
    setRaw(input, true);
    input.resume();
    output.write(BRACKETED_PASTE_ON);
  }

  get size(): LineConsole["size"] {
    return { columns: this.#output.columns, rows: this.#output.rows };
  }

  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  print(lines: readonly ShownLine[]): void {
    if (lines.length === 0) return;
    const style = { colours: this.#options.colours, columns: this.#output.columns };
    const rows = lines.flatMap((line) => rowsOf(line, style));
    const erased = this.#erased();
    this.#output.write(`${erased}${rows.join("\r\n")}\r\n${this.#drawing()}`);
  }

  ask(question: Question): Promise<Answer> {
    return new Promise((resolve) => {
      if (!this.#open || question.signal?.aborted === true) {
        return resolve({ kind: this.#open ? "dismissed" : "end" });
      }
      this.#pending = { question, resolve };
      question.signal?.addEventListener("abort", () => this.#answer({ kind: "dismissed" }), { once: true });
      this.#editor = emptyEditor(historyOf(question), this.#editor.kills);
      this.#catchUp();
    });
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#end();
    this.#giveBack();
    for (const release of this.#release) release();
    this.#output.close();
  }

  #giveBack(): void {
    setRaw(this.#input, false);
    this.#output.write(BRACKETED_PASTE_OFF);
  }

  #take(text: string): void {
    const { state, keys } = decodeKeys(this.#keys, text);
    this.#keys = state;
    if (this.#pending === undefined) return this.#keepForLater(keys);
    this.#typedAhead.push(...keys);
    this.#catchUp();
  }

  /** Nothing is asked at the moment. Ctrl-C twice leaves even when an answer never comes. */
  #keepForLater(keys: readonly Key[]): void {
    for (const key of keys) {
      if (key.kind === "press" && key.action === "interrupt") this.#interrupt();
      else if (this.#typedAhead.length < INPUT_AHEAD_CHARS_MAX) this.#typedAhead.push(key);
    }
  }

  /** One screen update for all keys that came together. */
  #catchUp(): void {
    const pending = this.#pending;
    for (let key = this.#typedAhead.shift(); key !== undefined; key = this.#typedAhead.shift()) {
      this.#press(key);
      if (this.#pending !== pending) return;
    }
    this.#redraw();
  }

  #press(key: Key): void {
    const action = key.kind === "press" ? key.action : undefined;
    if (action === "interrupt") return this.#interrupt();
    this.#interrupted = false;
    if (action === "submit") return this.#answer({ kind: "line", text: this.#editor.text });
    if (action === "end-of-input" && this.#editor.text === "") return this.#end();
    if (action === "redraw") {
      this.#drawn = undefined;
      this.#output.write(CLEAR_SCREEN);
      return;
    }
    this.#editor = editKey(this.#editor, key);
  }

  /** Never leaves at once: it clears the line, then says how to leave, then leaves. */
  #interrupt(): void {
    if (this.#pending !== undefined && this.#editor.text !== "") {
      this.#editor = emptyEditor(this.#editor.history, this.#editor.kills);
      this.#interrupted = false;
      return;
    }
    if (this.#interrupted) return this.#end();
    this.#interrupted = true;
    this.print([textLine(this.#options.interruptHint)]);
  }

  #answer(answer: Answer): void {
    const pending = this.#pending;
    if (pending === undefined) return;
    const isSaidElsewhere = answer.kind === "line" && pending.question.givesWay?.(answer.text) === true;
    const givesWay = isSaidElsewhere || answer.kind === "dismissed";
    if (givesWay) {
      this.#output.write(this.#erased());
    } else {
      this.#editor = { ...this.#editor, cursor: this.#editor.text.length };
      this.#output.write(`${this.#erased()}${this.#drawing()}\r\n`);
    }
    this.#drawn = undefined;
    this.#pending = undefined;
    // What was cut out of a secret can be put back nowhere else.
    this.#editor = emptyEditor(undefined, pending.question.secret === true ? [] : this.#editor.kills);
    pending.resolve(answer);
  }

  #end(): void {
    this.#answer({ kind: "end" });
    this.#open = false;
    this.#ended.resolve();
  }

  #redraw(): void {
    if (this.#pending !== undefined) this.#output.write(`${this.#erased()}${this.#drawing()}`);
  }

  /** Takes the prompt off the screen and leaves the cursor where it began. */
  #erased(): string {
    const drawn = this.#drawn;
    this.#drawn = undefined;
    if (drawn === undefined) return "";
    // A terminal made narrower has broken the rows that no longer fitted.
    const columns = Math.max(1, this.#output.columns);
    const above = drawn.widths
      .slice(0, drawn.cursorRow)
      .reduce((rows, width) => rows + Math.max(1, Math.ceil(width / columns)), 0);
    return `\r${cursorUp(above + Math.floor(drawn.cursorColumn / columns))}${ERASE_BELOW}`;
  }

  #drawing(): string {
    const pending = this.#pending;
    if (pending === undefined) return "";
    const { text, cursor } = pending.question.secret === true ? { text: "", cursor: 0 } : this.#editor;
    const area = { columns: this.#output.columns - 1, rows: Math.min(INPUT_ROWS_MAX, this.#output.rows - 1) };
    const { rows, cursorRow, cursorColumn } = layout({ prompt: pending.question.prompt, text, cursor }, area);
    this.#drawn = { widths: rows.map(widthOf), cursorRow, cursorColumn };
    const up = cursorUp(rows.length - 1 - cursorRow);
    return `${rows.join("\r\n")}\r${up}${cursorRight(cursorColumn)}`;
  }
}

function historyOf({ history = [] }: Question): History {
  return { tab: history, all: history };
}
