import type { Language, PapoTexts } from "@papo/view-model/command-texts";
import type { OptionValues } from "../arguments/options.ts";
import type { Folders } from "../settings/folders.ts";
import type { Stdio } from "../stdio.ts";

/** What a command is handed when it runs. */
export type Invocation = {
  readonly values: OptionValues;
  /** What stands after the command: a folder, a file, words; as many as it takes. */
  readonly words: readonly string[];
  /** Undefined when this user's home is unknown. */
  readonly folders: Folders | undefined;
  readonly language: Language;
  readonly texts: PapoTexts;
  readonly stdio: Stdio;
};

/** Resolves to the exit code. Throws only for our own mistakes and `CommandError`. */
export type CommandProgram = (invocation: Invocation) => Promise<number>;

/** Ends the command with one line for the user and an exit code. */
export class CommandError extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode: number, options?: ErrorOptions) {
    super(message, options);
    this.name = "CommandError";
    this.exitCode = exitCode;
  }
}
