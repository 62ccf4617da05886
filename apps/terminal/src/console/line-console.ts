import type { ShownLine } from "@papo/view-model";

export type Question = {
  /** Safe to show. */
  readonly prompt: string;
  /** A password: what is typed shows nowhere and is not remembered. */
  readonly secret?: boolean;
  /** Whether what was typed comes back as a line of the conversation: then it does not stand behind the prompt as well. */
  readonly givesWay?: (text: string) => boolean;
  /** Lines to call back with the cursor keys, oldest first. */
  readonly history?: readonly string[];
  /** Aborts when the answer is no longer wanted. */
  readonly signal?: AbortSignal;
};

export type Answer =
  | { readonly kind: "line"; readonly text: string }
  /** The line was longer than any line may be; it is gone. */
  | { readonly kind: "too-long" }
  | { readonly kind: "end" }
  | { readonly kind: "dismissed" };

/** Lines out, questions and answers in: a terminal, or a pipe. One question at a time. */
export interface LineConsole {
  /** False where nobody can be asked for more than the script foresaw. */
  readonly interactive: boolean;
  /** What a screenful holds; undefined where nothing scrolls away. */
  readonly size: { readonly columns: number; readonly rows: number } | undefined;
  /** Resolves when there is nobody left to talk to. */
  readonly ended: Promise<void>;
  print(lines: readonly ShownLine[]): void;
  ask(question: Question): Promise<Answer>;
  /** Gives the terminal back as it was. Idempotent. */
  close(): void;
}
