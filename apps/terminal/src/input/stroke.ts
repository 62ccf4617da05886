/**
 * What came from the keyboard or the mouse. A chord is written as in key files: modifiers in the order `ctrl-alt-shift-`, then a lower-case character or one of
 * `enter tab space backspace delete insert escape up down left right home end page-up page-down f1`…`f12`: `ctrl-a`, `alt-1`, `shift-tab`, `alt-page-up`, `alt-shift-n`.
 */
export type Stroke =
  | { readonly kind: "text"; readonly text: string }
  /** What stood between the marks of a bracketed paste. It is text, whatever it looks like. */
  | { readonly kind: "paste"; readonly text: string }
  | { readonly kind: "chord"; readonly chord: string }
  /** Cells from 0. */
  | {
      readonly kind: "mouse";
      readonly button: "left" | "middle" | "right" | "wheel-up" | "wheel-down";
      readonly row: number;
      readonly column: number;
    }
  /** Where the terminal says that its cursor is (DSR 6), from 0: answers our own question. */
  | { readonly kind: "cursor-at"; readonly row: number; readonly column: number }
  | { readonly kind: "focus"; readonly isFocused: boolean };
