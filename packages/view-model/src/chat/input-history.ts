import { INPUT_HISTORY_MAX } from "@papo/protocol";

/** Lines that were sent, the oldest first: none twice, and none that holds a secret, since those are typed in forms. */
export class InputHistory {
  #lines: readonly string[] = [];

  lines(): readonly string[] {
    return this.#lines;
  }

  remember(line: string): void {
    if (line.trim() === "" || this.#lines.at(-1) === line) return;
    this.#lines = [...this.#lines.filter((earlier) => earlier !== line), line].slice(-INPUT_HISTORY_MAX);
  }
}
