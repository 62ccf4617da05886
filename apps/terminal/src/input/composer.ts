import type { Completion } from "@papo/view-model";
import {
  clearText,
  EDIT_ACTIONS,
  editAction,
  editorOf,
  type EditorState,
  emptyEditor,
  type History,
  typeText,
} from "../line-editor/editor-state.ts";
import {
  beginSearch,
  type HistorySearch,
  searchedLine,
  searchFor,
  searchOlder,
} from "../line-editor/history-search.ts";
import { boundaryBefore } from "../graphemes.ts";
import type { Action } from "./actions.ts";
import { beginCycle, type CompletionCycle, cycled, lineOfCycle } from "./completion-cycle.ts";
import { type HeldPaste, heldPaste, isTooLong, looksLikeCommand, needsLook, withPaste } from "./held-paste.ts";
import type { CommandLine } from "./keymap.ts";
import type { Stroke } from "./stroke.ts";

export type ComposerPorts = {
  /** Lines sent before, as they are now. */
  history(): History;
  complete(line: string, at: number): Promise<Completion | undefined>;
  /** Enter. What was typed is gone from here. */
  submit(line: string): void;
  /** Something is shown otherwise now, though no key was pressed. */
  changed(): void;
};

/** What is to be drawn of it. Texts are as typed, not safe yet. */
export type ComposerView = {
  readonly text: string;
  readonly cursor: number;
  readonly mode:
    | { readonly kind: "line" }
    | { readonly kind: "search"; readonly query: string; readonly isFailed: boolean }
    /** `text` holds the paste, so that it is seen before it is decided about. */
    | { readonly kind: "paste"; readonly lines: number; readonly characters: number; readonly isCommand: boolean };
  readonly candidates: { readonly all: Completion["candidates"]; readonly index: number } | null;
  /** Pasted text was longer than a line may be. */
  readonly isCut: boolean;
};

type Mode =
  | { readonly kind: "line" }
  | { readonly kind: "search"; readonly search: HistorySearch }
  | { readonly kind: "paste"; readonly held: HeldPaste }
  | { readonly kind: "cycle"; readonly cycle: CompletionCycle };

const LINE: Mode = { kind: "line" };

/**
 * The line being typed on a screen of several conversations: an editor, completion, the search in what was sent before, and the question about a paste. A paste
 * is never Enter, and nothing that was pasted is run as a command before the user has seen it in the line and pressed Enter.
 */
export class Composer {
  readonly #ports: ComposerPorts;
  #editor: EditorState = emptyEditor();
  #mode: Mode = LINE;
  #asking: { readonly editor: EditorState; steps: number } | undefined;
  #isCut = false;

  constructor(ports: ComposerPorts) {
    this.#ports = ports;
  }

  /** What was typed and not sent: a draft to be kept. With a paste that was not decided about. */
  get text(): string {
    return this.#shown().text;
  }

  get view(): ComposerView {
    const { text, cursor } = this.#shown();
    return { text, cursor, mode: this.#shownMode(), candidates: this.#candidates(), isCut: this.#isCut };
  }

  /** Another conversation: goes on with what was typed there. What was cut out can be put back here too. */
  open(draft: string): void {
    this.#mode = LINE;
    this.#asking = undefined;
    this.#isCut = false;
    this.#editor = editorOf(draft, emptyEditor(this.#ports.history(), this.#editor.kills));
  }

  /** Whether it was a key of its own; `does`: what it is bound to. Others are for the screen. */
  take(stroke: Stroke, does: Action | CommandLine | undefined): boolean {
    if (stroke.kind !== "text" && stroke.kind !== "paste" && stroke.kind !== "chord") return false;
    this.#isCut = false;
    switch (this.#mode.kind) {
      case "paste":
        return this.#answerPaste(this.#mode.held, stroke, does);
      case "search":
        return this.#takeSearch(this.#mode.search, stroke, does);
      case "cycle":
        return this.#takeCycle(this.#mode.cycle, stroke, does);
      case "line":
        return this.#takeLine(stroke, does);
    }
  }

  #takeLine(stroke: Stroke, does: Action | CommandLine | undefined): boolean {
    if (stroke.kind === "text") return this.#edit(typeText(this.#editor, stroke.text));
    if (stroke.kind === "paste") return this.#paste(stroke.text);
    const isEmpty = this.#editor.text === "";
    switch (does) {
      case "submit":
        return this.#submit(this.#editor);
      case "complete":
        return this.#complete(1);
      case "complete-back":
        return this.#complete(-1);
      case "history-search":
        this.#refreshHistory();
        this.#mode = { kind: "search", search: beginSearch(this.#editor) };
        return true;
      case "interrupt":
        return !isEmpty && this.#edit(clearText(this.#editor));
      case "end-of-input":
        return !isEmpty && this.#edit(editAction(this.#editor, does));
      default:
        if (does === undefined || !isEditAction(does)) return false;
        this.#refreshHistory();
        return this.#edit(editAction(this.#editor, does));
    }
  }

  #edit(editor: EditorState): true {
    this.#editor = editor;
    return true;
  }

  /** Lines may have been sent since this one was begun. */
  #refreshHistory(): void {
    if (this.#editor.walk === null) this.#editor = { ...this.#editor, history: this.#ports.history() };
  }

  #submit(editor: EditorState): true {
    if (editor.text.trim() === "") return true;
    this.#mode = LINE;
    this.#editor = emptyEditor(editor.history, editor.kills);
    this.#ports.submit(editor.text);
    return true;
  }

  #paste(pasted: string): true {
    const held = heldPaste(pasted);
    this.#isCut = isTooLong(this.#editor, pasted);
    if (needsLook(held)) this.#mode = { kind: "paste", held };
    else if (held.text !== "") this.#editor = withPaste(this.#editor, held);
    return true;
  }

  /** As irssi asks: Enter or Ctrl-K sends, Ctrl-E edits, Ctrl-C or Esc throws it away. Nothing else touches the line meanwhile. */
  #answerPaste(held: HeldPaste, stroke: Stroke, does: Action | CommandLine | undefined): boolean {
    if (stroke.kind === "paste") return this.#paste(`${held.text}\n${stroke.text}`);
    if (stroke.kind !== "chord") return true;
    const whole = withPaste(this.#editor, held);
    if (does === "submit" || stroke.chord === "ctrl-k") {
      if (!looksLikeCommand(whole.text)) return this.#submit(whole);
      this.#mode = LINE;
      return this.#edit(whole);
    }
    if (stroke.chord === "ctrl-e") {
      this.#mode = LINE;
      return this.#edit(whole);
    }
    if (does === "interrupt" || does === "cancel") {
      this.#mode = LINE;
      return true;
    }
    return isOfComposer(does);
  }

  #takeSearch(search: HistorySearch, stroke: Stroke, does: Action | CommandLine | undefined): boolean {
    if (stroke.kind === "text") return this.#searchOn(searchFor(search, search.query + stroke.text));
    if (does === "history-search") return this.#searchOn(searchOlder(search));
    if (does === "delete-backward") {
      const { query } = search;
      return this.#searchOn(searchFor(search, query.slice(0, boundaryBefore(query, query.length))));
    }
    this.#mode = LINE;
    if (does === "cancel" || does === "interrupt" || (stroke.kind === "chord" && stroke.chord === "ctrl-g")) {
      return this.#edit(search.before);
    }
    this.#editor = searchedLine(search);
    // Enter on nothing found does not send what was being typed before.
    return (does === "submit" && search.at === null) || this.#takeLine(stroke, does);
  }

  #searchOn(search: HistorySearch): true {
    this.#mode = { kind: "search", search };
    return true;
  }

  #complete(steps: 1 | -1): true {
    if (this.#asking?.editor === this.#editor) {
      this.#asking.steps += steps;
      return true;
    }
    const asking = { editor: this.#editor, steps };
    this.#asking = asking;
    const { text, cursor } = this.#editor;
    void this.#ports.complete(text, cursor).then((completion) => {
      const isWanted = this.#asking === asking && this.#editor === asking.editor && this.#mode.kind === "line";
      if (this.#asking === asking) this.#asking = undefined;
      if (isWanted && completion !== undefined) this.#proposed(completion, asking.steps);
    });
    return true;
  }

  #proposed(completion: Completion, steps: number): void {
    const cycle = beginCycle(this.#editor, completion, steps);
    this.#mode = completion.candidates.length > 1 ? { kind: "cycle", cycle } : LINE;
    this.#editor = lineOfCycle(cycle);
    this.#ports.changed();
  }

  #takeCycle(cycle: CompletionCycle, stroke: Stroke, does: Action | CommandLine | undefined): boolean {
    const isKey = stroke.kind === "chord";
    if (isKey && (does === "complete" || does === "complete-back")) {
      const next = cycled(cycle, does === "complete" ? 1 : -1);
      this.#mode = { kind: "cycle", cycle: next };
      return this.#edit(lineOfCycle(next));
    }
    this.#mode = LINE;
    if (isKey && does === "cancel") return this.#edit(cycle.before);
    return this.#takeLine(stroke, does);
  }

  #shown(): EditorState {
    if (this.#mode.kind === "paste") return withPaste(this.#editor, this.#mode.held);
    return this.#mode.kind === "search" ? searchedLine(this.#mode.search) : this.#editor;
  }

  #shownMode(): ComposerView["mode"] {
    if (this.#mode.kind === "search") {
      const { query, isFailed } = this.#mode.search;
      return { kind: "search", query, isFailed };
    }
    if (this.#mode.kind !== "paste") return { kind: "line" };
    const { text, lines } = this.#mode.held;
    const isCommand = looksLikeCommand(this.#shown().text);
    return { kind: "paste", lines, characters: text.length, isCommand };
  }

  #candidates(): ComposerView["candidates"] {
    if (this.#mode.kind !== "cycle") return null;
    const { completion, index } = this.#mode.cycle;
    return { all: completion.candidates, index };
  }
}

function isEditAction(does: Action | CommandLine): does is Action {
  return EDIT_ACTIONS.has(does as Action);
}

function isOfComposer(does: Action | CommandLine | undefined): boolean {
  if (does === undefined) return true;
  return isEditAction(does) || ["complete", "complete-back", "history-search"].includes(does);
}
