import type { PackedCommits } from "../packed-changes.ts";
import type { Rescue } from "./rescue.ts";
import type { Refusal } from "./refused.ts";
import type { StorageFailure } from "./sqlite-failure.ts";

/** What the thread is started with. The limits come along: a thread that loads no other package starts in a third of the time. */
export type WriterStart = {
  readonly folder: string;
  /** A file up to this size is looked at from end to end. */
  readonly wholeBytesMax: number;
  readonly commitsPerTransaction: number;
  /** Arrivals not in the word index above which it is brought up to date even between commits. */
  readonly unindexedMax: number;
};

/** Main thread → writer. `idle`: nothing has been committed for a while, so there is time for the rest. After `close` nothing more is sent. */
export type ToWriter =
  | { readonly kind: "commits"; readonly packed: PackedCommits }
  | { readonly kind: "idle" }
  | { readonly kind: "close" };

/** Writer → main thread. First `ready` or `refused`, last `closed`. `done` answers the next `count` commits in the order in which they were sent. */
export type FromWriter =
  | { readonly kind: "ready"; readonly rescued: Rescue | undefined }
  | { readonly kind: "refused"; readonly refusal: Refusal }
  | {
      readonly kind: "done";
      readonly count: number;
      readonly failures: readonly { readonly at: number; readonly failure: StorageFailure }[];
    }
  | { readonly kind: "closed" };
