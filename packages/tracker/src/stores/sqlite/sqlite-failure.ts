import { errorCodeOf } from "../directory-lock.ts";

/** Primary result codes that an operator can do something about (https://www.sqlite.org/rescode.html). */
const CODE_NAMES: ReadonlyMap<number, string> = new Map([
  [5, "SQLITE_BUSY"],
  [8, "SQLITE_READONLY"],
  [10, "SQLITE_IOERR"],
  [11, "SQLITE_CORRUPT"],
  [13, "SQLITE_FULL"],
  [14, "SQLITE_CANTOPEN"],
]);

/** What failed, in a form that can travel between threads. */
export type Failed = { readonly what: string; readonly code: string };

export function failedBy(error: unknown): Failed {
  if (!(error instanceof Error)) return { what: "unknown", code: "unknown" };
  const code = errorCodeOf(error);
  return { what: error.message, code: code === 0 ? error.name : (CODE_NAMES.get(code) ?? `SQLITE_${code}`) };
}

/** The cause of a `StoreFailure`: its `code` is what the log names. */
export class SqliteFailed extends Error {
  readonly code: string;

  constructor({ what, code }: Failed) {
    super(what);
    this.name = "SqliteFailed";
    this.code = code;
  }
}
