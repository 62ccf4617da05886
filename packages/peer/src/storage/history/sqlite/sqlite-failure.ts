/** Why something could not be kept, in a form that can travel between threads; `detail` is for a log, in English. */
export type StorageFailure = { readonly detail: string; readonly isDamage: boolean };

/** Primary result codes (https://www.sqlite.org/rescode.html) that somebody can do something about. */
const MEANING: ReadonlyMap<number, string> = new Map([
  [5, "another program is writing to it"],
  [8, "it is read-only"],
  [10, "the disk failed"],
  [11, "it is damaged"],
  [13, "the disk is full"],
  [14, "it cannot be opened"],
  [26, "it is damaged"],
]);
const DAMAGE: readonly number[] = [11, 26];

export const BUSY = 5;

export function failureOf(error: unknown): StorageFailure {
  const code = codeOf(error);
  const meaning = MEANING.get(code) ?? (error instanceof Error ? error.message : "unknown");
  return { detail: `the history cannot be written: ${meaning}`, isDamage: DAMAGE.includes(code) };
}

/** SQLite's primary code, or 0 for what is not SQLite's. */
export function codeOf(error: unknown): number {
  const extended = error instanceof Error && "errcode" in error ? Number(error.errcode) : 0;
  return extended & 0xff;
}

export function isDamage(error: unknown): boolean {
  return DAMAGE.includes(codeOf(error));
}
