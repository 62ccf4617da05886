import type { FaultCode } from "@papo/protocol";

/** Why a history cannot be opened at all, in a form that can travel between threads. Nothing was changed. */
export type Refusal = { readonly code: FaultCode; readonly detail: string };

export class HistoryRefused extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.detail);
    this.name = "HistoryRefused";
    this.refusal = refusal;
  }
}
