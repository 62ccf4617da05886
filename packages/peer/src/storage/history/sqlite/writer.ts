import type { Clock, Timer } from "@papo/link";
import {
  HISTORY_CHANGES_PENDING_MAX,
  HISTORY_IDLE_MS,
  HISTORY_TRANSACTION_COMMITS_MAX,
  HISTORY_UNINDEXED_MAX,
  HISTORY_WHOLE_CHECK_BYTES_MAX,
  type Outcome,
  fail,
  succeed,
} from "@papo/protocol";
import type { Worker } from "node:worker_threads";
import type { HistoryChange, HistoryWriter } from "../history.ts";
import { pack } from "../packed-changes.ts";
import type { Rescue } from "./rescue.ts";
import type { StorageFailure } from "./sqlite-failure.ts";
import { workerOf } from "./worker-of.ts";
import type { FromWriter, ToWriter, WriterStart } from "./writer-messages.ts";

type Pending = { readonly changes: number; readonly resolve: (outcome: Outcome<void>) => void };

/** The main thread's end of the writer's thread. */
export class Writer implements HistoryWriter {
  readonly #worker: Worker;
  readonly #clock: Clock;
  readonly #onDamage: () => void;
  readonly #gone: Promise<void>;
  /** In the order in which they were sent, which is the order of their answers; those before `#answered` have theirs. */
  #sent: Pending[] = [];
  #answered = 0;
  #outbox: { readonly changes: readonly HistoryChange[]; readonly pending: Pending }[] = [];
  #changesWaiting = 0;
  #ended: string | undefined;
  #idle: Timer | undefined;

  /** Resolves when the file is open, or with the reason why it cannot be. */
  static async start(
    folder: string,
    clock: Clock,
    onDamage: () => void,
  ): Promise<Outcome<{ readonly writer: Writer; readonly rescued: Rescue | undefined }>> {
    const start: WriterStart = {
      folder,
      wholeBytesMax: HISTORY_WHOLE_CHECK_BYTES_MAX,
      commitsPerTransaction: HISTORY_TRANSACTION_COMMITS_MAX,
      unindexedMax: HISTORY_UNINDEXED_MAX,
    };
    const worker = workerOf(import.meta.url, "writer-worker", start);
    const first = await new Promise<FromWriter>((resolve, reject) => {
      worker.once("message", resolve);
      worker.once("error", reject);
    });
    if (first.kind === "refused") return fail(first.refusal.code, first.refusal.detail);
    const rescued = first.kind === "ready" ? first.rescued : undefined;
    return succeed({ writer: new Writer(worker, clock, onDamage), rescued });
  }

  private constructor(worker: Worker, clock: Clock, onDamage: () => void) {
    this.#worker = worker;
    this.#clock = clock;
    this.#onDamage = onDamage;
    this.#gone = new Promise((resolve) => worker.once("exit", () => resolve()));
    worker.removeAllListeners("error");
    worker.on("message", (message: FromWriter) => this.#hear(message));
    worker.on("error", () => this.#end("the history cannot be written: its writer stopped"));
    worker.on("exit", () => this.#end("the history cannot be written: its writer stopped"));
    this.#idleSoon();
  }

  commit(changes: readonly HistoryChange[]): Promise<Outcome<void>> {
    if (this.#ended !== undefined) return Promise.resolve(fail("storage_failed", this.#ended));
    if (this.#changesWaiting + changes.length > HISTORY_CHANGES_PENDING_MAX && this.#changesWaiting > 0) {
      return Promise.resolve(fail("storage_failed", "too much waits for the disk"));
    }
    return new Promise((resolve) => {
      this.#changesWaiting += changes.length;
      const item = { changes, pending: { changes: changes.length, resolve } };
      // One message for all commits of one turn of the loop.
      if (this.#outbox.push(item) === 1) setImmediate(() => this.#flush());
    });
  }

  /** What was committed before is still written. Idempotent. */
  close(): Promise<void> {
    if (this.#ended === undefined) {
      this.#ended = "the history is closed";
      this.#idle?.cancel();
      this.#flush();
      this.#tell({ kind: "close" });
    }
    return this.#gone;
  }

  #flush(): void {
    if (this.#outbox.length === 0) return;
    const items = this.#outbox;
    this.#outbox = [];
    for (const { pending } of items) this.#sent.push(pending);
    const packed = pack(items.map(({ changes }) => changes));
    this.#worker.postMessage({ kind: "commits", packed } satisfies ToWriter, [packed.bytes.buffer]);
  }

  #tell(message: ToWriter): void {
    this.#worker.postMessage(message);
  }

  #hear(message: FromWriter): void {
    if (message.kind !== "done") return;
    const failureAt = new Map(message.failures.map(({ at, failure }) => [at, failure]));
    const answered = this.#sent.slice(this.#answered, this.#answered + message.count);
    this.#answered += message.count;
    if (this.#answered === this.#sent.length) {
      this.#sent = [];
      this.#answered = 0;
    }
    answered.forEach((pending, at) => this.#answer(pending, failureAt.get(at)));
    this.#idleSoon();
  }

  #answer({ changes, resolve }: Pending, failure: StorageFailure | undefined): void {
    this.#changesWaiting -= changes;
    if (failure?.isDamage === true) this.#onDamage();
    resolve(failure === undefined ? DONE : fail("storage_failed", failure.detail));
  }

  /** When nothing has been written for a while, the thread has time for the rest. */
  #idleSoon(): void {
    this.#idle?.cancel();
    if (this.#ended !== undefined) return;
    this.#idle = this.#clock.after(HISTORY_IDLE_MS, () => {
      if (this.#ended === undefined) this.#tell({ kind: "idle" });
    });
  }

  #end(why: string): void {
    this.#ended ??= why;
    this.#idle?.cancel();
    const waiting = [...this.#sent.slice(this.#answered), ...this.#outbox.map(({ pending }) => pending)];
    this.#sent = [];
    this.#answered = 0;
    this.#outbox = [];
    for (const { resolve } of waiting) resolve(fail("storage_failed", why));
  }
}

const DONE: Outcome<void> = succeed(undefined);
