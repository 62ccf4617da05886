import type { StoreRefusal } from "../opened-store.ts";
import type { TableCall } from "../tables.ts";
import type { RoomLimits } from "./sqlite-rooms.ts";
import type { Answer } from "./group-commit.ts";

/** What the thread is started with. The limits come along: a thread that loads no other package starts in a third of the time. */
export type WriterStart = {
  readonly directory: string;
  readonly callsPerTransaction: number;
  readonly limits: RoomLimits;
};

export type NumberedCall = { readonly id: number; readonly call: TableCall };

/** Main thread → writer. After `close` nothing more is sent. */
export type ToWriter = { readonly kind: "calls"; readonly calls: readonly NumberedCall[] } | { readonly kind: "close" };

/** Writer → main thread. First `ready` or `refused`, last `closed`. */
export type FromWriter =
  | { readonly kind: "ready" }
  | { readonly kind: "refused"; readonly refusal: StoreRefusal }
  | { readonly kind: "answers"; readonly answers: readonly (Answer & { readonly id: number })[] }
  | { readonly kind: "closed" };
