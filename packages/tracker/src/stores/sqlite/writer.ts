import { STORE_CALLS_PENDING_MAX, STORE_TRANSACTION_CALLS_MAX } from "@papo/protocol";
import { Worker } from "node:worker_threads";
import { StoreFailure } from "../../repositories/store-failure.ts";
import { StoreRefused } from "../opened-store.ts";
import type { TableCall } from "../tables.ts";
import { SqliteFailed } from "./sqlite-failure.ts";
import type { RoomLimits } from "./sqlite-rooms.ts";
import type { FromWriter, NumberedCall, ToWriter, WriterStart } from "./writer-messages.ts";

type Pending = { readonly resolve: (value: unknown) => void; readonly reject: (failure: StoreFailure) => void };

/** The main thread's end of the writer thread. */
export class Writer {
  readonly #worker: Worker;
  readonly #pendingById = new Map<number, Pending>();
  readonly #gone: Promise<void>;
  #outbox: NumberedCall[] = [];
  #lastId = 0;
  /** The last write failed: a disk that is full goes on answering reads. */
  #hasFailed = false;
  #ended: string | undefined;

  /** Resolves when the file is open and sound; rejects with `StoreRefused`. */
  static async start(directory: string, limits: RoomLimits): Promise<Writer> {
    const worker = startWorker({ directory, limits, callsPerTransaction: STORE_TRANSACTION_CALLS_MAX });
    const writer = new Writer(worker);
    await new Promise<void>((resolve, reject) => {
      worker.once("message", (first: FromWriter) => {
        if (first.kind === "refused") reject(new StoreRefused(first.refusal));
        else resolve();
      });
      worker.once("error", reject);
    });
    return writer;
  }

  private constructor(worker: Worker) {
    this.#worker = worker;
    this.#gone = new Promise((resolve) => worker.once("exit", () => resolve()));
    worker.on("message", (message: FromWriter) => this.#hear(message));
    worker.on("error", (error) =>
      this.#end(`the writer stopped: ${error instanceof Error ? error.message : "unknown"}`),
    );
    worker.on("exit", () => this.#end("the writer stopped"));
  }

  call(call: TableCall): Promise<unknown> {
    if (this.#ended !== undefined) return Promise.reject(new StoreFailure(this.#ended));
    if (this.#pendingById.size >= STORE_CALLS_PENDING_MAX)
      return Promise.reject(new StoreFailure("too many calls wait"));
    return new Promise((resolve, reject) => {
      const id = ++this.#lastId;
      this.#pendingById.set(id, { resolve, reject });
      // One message for all calls of one turn of the loop.
      if (this.#outbox.push({ id, call }) === 1) setImmediate(() => this.#flush());
    });
  }

  /** Rejects when a write would fail now. After one that failed it writes, to see whether that has passed. */
  async check(): Promise<void> {
    if (this.#ended !== undefined) throw new StoreFailure(this.#ended);
    if (this.#hasFailed) await this.call({ table: "all", method: "touch", args: [] });
  }

  /** What was called before is still committed. Idempotent. */
  close(): Promise<void> {
    if (this.#ended === undefined) {
      this.#ended = "the store is closed";
      this.#flush();
      this.#tell({ kind: "close" });
    }
    return this.#gone;
  }

  #flush(): void {
    if (this.#outbox.length === 0) return;
    this.#tell({ kind: "calls", calls: this.#outbox });
    this.#outbox = [];
  }

  #tell(message: ToWriter): void {
    this.#worker.postMessage(message);
  }

  #hear(message: FromWriter): void {
    if (message.kind !== "answers") return;
    for (const answer of message.answers) {
      const pending = this.#pendingById.get(answer.id);
      this.#pendingById.delete(answer.id);
      this.#hasFailed = !answer.ok;
      if (answer.ok) pending?.resolve(answer.value);
      else pending?.reject(new StoreFailure("the store cannot be written", new SqliteFailed(answer.failed)));
    }
  }

  #end(why: string): void {
    this.#ended ??= why;
    for (const pending of this.#pendingById.values()) pending.reject(new StoreFailure(why));
    this.#pendingById.clear();
  }
}

/** As a source this file is `.ts` and so is the worker's; built, both are `.js`. */
function startWorker(workerData: WriterStart): Worker {
  const file = import.meta.url.endsWith(".ts") ? "./writer-worker.ts" : "./writer-worker.js";
  return new Worker(new URL(file, import.meta.url), { workerData });
}
