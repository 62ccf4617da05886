import type { Repositories } from "../repositories/repositories.ts";

/** Why a store was not opened. Nothing on disk has been changed. docs/operate.md says what to do about each. */
export type StoreProblem =
  | "not_a_directory"
  /** The folder belongs to another user of this machine. */
  | "foreign_owner"
  /** Other users may read or write in the folder. */
  | "open_to_others"
  | "unwritable"
  /** Another process has this store open. */
  | "in_use"
  /** Written by a newer Papo. */
  | "newer"
  | "damaged"
  | "too_large";

/**
 * `detail` is English and for logs and operators: what is wrong and how to put it right. No content of any file is in it. `fix` is a
 * command that a person can type, where one helps.
 */
export type StoreRefusal = {
  readonly problem: StoreProblem;
  readonly path: string;
  readonly detail: string;
  readonly fix?: string | undefined;
};

/** Something an operator should read, though the store works. */
export type StoreWarning = { readonly path: string; readonly detail: string };

export type OpenedStore =
  | { readonly ok: true; readonly repositories: Repositories; readonly warnings: readonly StoreWarning[] }
  | { readonly ok: false; readonly refusal: StoreRefusal };

/** A refusal on its way out of nested calls; the `open…Store` functions turn it into a value. */
export class StoreRefused extends Error {
  readonly refusal: StoreRefusal;

  constructor(refusal: StoreRefusal) {
    super(`${refusal.path}: ${refusal.detail}`);
    this.name = "StoreRefused";
    this.refusal = refusal;
  }
}

/** Runs `open`; a `StoreRefused` comes out as a value, anything else is a mistake of ours and is thrown. */
export async function refusalAsValue(open: () => Promise<OpenedStore>): Promise<OpenedStore> {
  try {
    return await open();
  } catch (error) {
    if (error instanceof StoreRefused) return { ok: false, refusal: error.refusal };
    throw error;
  }
}
