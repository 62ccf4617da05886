/** The disk or the file under a store failed, or the store is closed. Answered as `storage_failed`; the cause is for the log. */
export class StoreFailure extends Error {
  readonly code = "storage_failed";

  constructor(what: string, cause?: unknown) {
    super(what, { cause });
    this.name = "StoreFailure";
  }
}
