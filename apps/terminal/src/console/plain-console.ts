import { INPUT_LINE_CHARS_MAX, safeText } from "@papo/protocol";
import type { ShownLine } from "@papo/view-model";
import { decodeKeys, editKey, NO_KEYS } from "../line-editor/keys.ts";
import { emptyEditor } from "../line-editor/editor-state.ts";
import { rowsOf } from "../shown-rows.ts";
import type { TerminalOutput } from "../terminal-output.ts";
import { type InputStream, readText, setRaw } from "./input-stream.ts";
import type { Answer, LineConsole, Question } from "./line-console.ts";

type Pending = { readonly question: Question; readonly resolve: (answer: Answer) => void };

/**
 * Pipes, dumb terminals, screen readers: whole lines, no control sequence, nothing written twice. A transcript reads
 * as a terminal would have shown it: prompts stand in it, and behind them what came in, unless that was a secret.
 */
export class PlainConsole implements LineConsole {
  readonly interactive = false;
  readonly #output: TerminalOutput;
  readonly #input: InputStream;
  /** A terminal shows by itself what is typed; a pipe does not. */
  readonly #echoes: boolean;
  readonly #ended = Promise.withResolvers<void>();
  readonly #stopReading: () => void;
  #pending: Pending | undefined;
  #unread = "";
  #overlong = false;
  #inputEnded = false;
  /** The prompt stands at the end of an unfinished row. */
  #promptStands = false;
  #secretKeys = { keys: NO_KEYS, editor: emptyEditor() };

  constructor(input: InputStream, output: TerminalOutput) {
    this.#input = input;
    this.#output = output;
    this.#echoes = input.isTTY !== true;
    void output.gone.then(() => this.#hangUp());
    this.#stopReading = readText(input, { text: (text) => this.#take(text), end: () => this.#end() });
    input.pause();
  }

  get size(): LineConsole["size"] {
    return this.#output.isTerminal ? { columns: this.#output.columns, rows: this.#output.rows } : undefined;
  }

  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  print(lines: readonly ShownLine[]): void {
    if (lines.length === 0) return;
    const columns = this.#output.isTerminal ? this.#output.columns : null;
    const rows = lines.flatMap((line) => rowsOf(line, { colours: false, columns }));
    this.#output.write(`${this.#promptStands ? "\n" : ""}${rows.join("\n")}\n`);
    this.#promptStands = false;
  }

  ask(question: Question): Promise<Answer> {
    return new Promise((resolve) => {
      if (question.signal?.aborted === true) return resolve({ kind: "dismissed" });
      this.#pending = { question, resolve };
      question.signal?.addEventListener("abort", () => this.#answer({ kind: "dismissed" }), { once: true });
      this.#output.write(`${this.#promptStands ? "\n" : ""}${question.prompt}`);
      this.#promptStands = true;
      if (this.#readsSecret()) setRaw(this.#input, true);
      this.#look();
      if (this.#pending !== undefined) this.#input.resume();
    });
  }

  close(): void {
    this.#stopReading();
    this.#hangUp();
    if (this.#promptStands) this.#output.write("\n");
    this.#promptStands = false;
    this.#output.close();
  }

  #readsSecret(): boolean {
    return this.#pending?.question.secret === true && !this.#echoes;
  }

  #take(text: string): void {
    if (this.#readsSecret()) return this.#takeSecret(text);
    this.#unread += text;
    this.#look();
  }

  /** A password at a terminal that would show it: key by key, shown nowhere. */
  #takeSecret(text: string): void {
    const { state, keys } = decodeKeys(this.#secretKeys.keys, text);
    let { editor } = this.#secretKeys;
    this.#secretKeys = { keys: state, editor };
    for (const key of keys) {
      if (key.kind === "press" && key.action === "interrupt") return this.#end();
      if (key.kind === "press" && key.action === "end-of-input" && editor.text === "") return this.#end();
      if (key.kind === "press" && key.action === "submit") {
        this.#secretKeys = { keys: NO_KEYS, editor: emptyEditor() };
        return this.#answer({ kind: "line", text: editor.text });
      }
      editor = editKey(editor, key);
      this.#secretKeys = { keys: state, editor };
    }
  }

  /** Answers with the next whole line, if there is one; at the end of input also with an unfinished one. */
  #look(): void {
    if (this.#pending === undefined) return;
    const at = this.#unread.indexOf("\n");
    if (at === -1 && !(this.#inputEnded && this.#unread !== "")) {
      this.#dropOverlong();
      if (this.#inputEnded) this.#answer({ kind: "end" });
      return;
    }
    const line = at === -1 ? this.#unread : this.#unread.slice(0, at);
    this.#unread = at === -1 ? "" : this.#unread.slice(at + 1);
    const overlong = this.#overlong || line.length > INPUT_LINE_CHARS_MAX;
    this.#overlong = false;
    this.#answer(overlong ? { kind: "too-long" } : { kind: "line", text: line.replace(/\r$/u, "") });
  }

  #dropOverlong(): void {
    if (this.#unread.length <= INPUT_LINE_CHARS_MAX) return;
    this.#unread = "";
    this.#overlong = true;
  }

  #answer(answer: Answer): void {
    const pending = this.#pending;
    if (pending === undefined) return;
    if (this.#readsSecret()) setRaw(this.#input, false);
    this.#pending = undefined;
    this.#input.pause();
    if (answer.kind === "line") this.#echo(pending.question, answer.text);
    if (answer.kind === "too-long") this.#echo(pending.question, "…");
    pending.resolve(answer);
  }

  #echo({ prompt, secret, givesWay }: Question, text: string): void {
    const shown = secret === true || !this.#echoes || givesWay?.(text) === true ? "" : safeText(text);
    const terminalEchoed = !this.#echoes && secret !== true;
    if (!terminalEchoed) this.#output.write(`${this.#promptStands ? "" : prompt}${shown}\n`);
    this.#promptStands = false;
  }

  #end(): void {
    this.#inputEnded = true;
    if (this.#readsSecret()) this.#answer({ kind: "end" });
    this.#look();
  }

  /** Nobody reads any more: what is still to come in no longer counts. */
  #hangUp(): void {
    this.#unread = "";
    this.#end();
    this.#ended.resolve();
  }
}
