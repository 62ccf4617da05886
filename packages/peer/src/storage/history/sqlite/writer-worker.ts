import type { DatabaseSync } from "node:sqlite";
import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { unpack } from "../packed-changes.ts";
import { ChangeApplier } from "./apply-changes.ts";
import { openForWriting } from "./database.ts";
import { type Commit, commitTogether } from "./group-commit.ts";
import { pathsOf } from "./paths.ts";
import { HistoryRefused } from "./refused.ts";
import type { StorageFailure } from "./sqlite-failure.ts";
import { SpareTime } from "./spare-time.ts";
import type { FromWriter, ToWriter, WriterStart } from "./writer-messages.ts";

// The thread that has the only writing connection: the main loop never waits for a disk. Of other packages this file and what it
// loads import types only: there are no conditions here that would find their sources, and it starts sooner.

function run(port: MessagePort, start: WriterStart): void {
  const db = openOrRefuse(port, start);
  if (db === undefined) return port.close();
  new WriterThread(port, db, start).listen();
}

class WriterThread {
  readonly #port: MessagePort;
  readonly #db: DatabaseSync;
  readonly #start: WriterStart;
  readonly #applier: ChangeApplier;
  readonly #spare: SpareTime;
  readonly #queue: Commit[] = [];
  #damage: StorageFailure | undefined;
  #isIdle = false;
  #isClosing = false;
  #isClosed = false;

  constructor(port: MessagePort, db: DatabaseSync, start: WriterStart) {
    this.#port = port;
    this.#db = db;
    this.#start = start;
    this.#applier = new ChangeApplier(db);
    this.#spare = new SpareTime(db, this.#applier, start.unindexedMax);
  }

  listen(): void {
    this.#port.on("message", (message: ToWriter) => {
      this.#takeIn(message);
      this.#work();
    });
  }

  /** What arrives during one transaction makes up the next: under load they grow by themselves, and nobody waits for company. */
  #work(): void {
    if (this.#isClosed) return;
    this.#takeInAllThatArrived();
    while (this.#queue.length > 0) {
      this.#commit(this.#queue.splice(0, this.#start.commitsPerTransaction));
      this.#takeInAllThatArrived();
    }
    if (this.#isClosing) return this.#close();
    if (this.#damage !== undefined) return;
    // One piece at a time, so that whoever commits meanwhile waits for one at most.
    if (this.#spare.useSome(this.#isIdle)) setImmediate(() => this.#work());
  }

  #takeInAllThatArrived(): void {
    for (let next = receiveMessageOnPort(this.#port); next !== undefined; next = receiveMessageOnPort(this.#port)) {
      this.#takeIn(next.message as ToWriter);
    }
  }

  #takeIn(message: ToWriter): void {
    this.#isIdle = message.kind === "idle";
    if (message.kind === "close") this.#isClosing = true;
    if (message.kind === "commits") this.#queue.push(...unpack(message.packed));
  }

  #commit(commits: readonly Commit[]): void {
    const damage = this.#damage;
    const outcomes =
      damage === undefined ? commitTogether(this.#db, this.#applier, commits) : commits.map(() => damage);
    this.#damage ??= outcomes.find((failure) => failure?.isDamage === true);
    const failures = outcomes.flatMap((failure, at) => (failure === undefined ? [] : [{ at, failure }]));
    tell(this.#port, { kind: "done", count: commits.length, failures });
  }

  /** Closing the last connection moves the log into the file and removes it. */
  #close(): void {
    this.#isClosed = true;
    this.#db.close();
    tell(this.#port, { kind: "closed" });
    this.#port.close();
  }
}

function openOrRefuse(port: MessagePort, { folder, wholeBytesMax }: WriterStart): DatabaseSync | undefined {
  try {
    const { db, rescued } = openForWriting(pathsOf(folder), wholeBytesMax);
    tell(port, { kind: "ready", rescued });
    return db;
  } catch (error) {
    if (!(error instanceof HistoryRefused)) throw error;
    tell(port, { kind: "refused", refusal: error.refusal });
    return undefined;
  }
}

function tell(port: MessagePort, message: FromWriter): void {
  port.postMessage(message);
}

if (parentPort !== null) run(parentPort, workerData as WriterStart);
