import type { StoreRefusal } from "../opened-store.ts";
import type { WriteCall } from "../tables.ts";
import type { Answer } from "./group-commit.ts";

/** What the thread is started with. */
export type WriterStart = { readonly directory: string; readonly callsPerTransaction: number };

export type NumberedCall = { readonly id: number; readonly call: WriteCall };

/** Main thread → writer. After `close` nothing more is sent. */
export type ToWriter = { readonly kind: "calls"; readonly calls: readonly NumberedCall[] } | { readonly kind: "close" };

/** Writer → main thread. First `ready` or `refused`, last `closed`. */
export type FromWriter =
  | { readonly kind: "ready" }
  | { readonly kind: "refused"; readonly refusal: StoreRefusal }
  | { readonly kind: "answers"; readonly answers: readonly (Answer & { readonly id: number })[] }
  | { readonly kind: "closed" };
