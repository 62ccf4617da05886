import type { DatabaseSync } from "node:sqlite";
import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { StoreRefused } from "../opened-store.ts";
import { openForWriting } from "./database.ts";
import { commitTogether } from "./group-commit.ts";
import { SqliteTables } from "./sqlite-tables.ts";
import type { FromWriter, NumberedCall, ToWriter, WriterStart } from "./writer-messages.ts";

// The thread that has the only writing connection: the main loop never waits for a disk. Of other packages this file and what it
// loads import types only: there are no conditions here that would find their sources, and it starts sooner.

function run(port: MessagePort, { directory, callsPerTransaction, limits }: WriterStart): void {
  const db = openOrRefuse(port, directory);
  if (db === undefined) return port.close();
  const tables = new SqliteTables(db, limits);
  const queue: NumberedCall[] = [];
  let isClosing = false;

  const takeIn = (message: ToWriter) => {
    if (message.kind === "close") isClosing = true;
    else for (const call of message.calls) queue.push(call);
  };
  /** What arrives during one transaction makes up the next: under load they grow by themselves, and nobody waits for company. */
  const takeInAllThatArrived = () => {
    for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port)) {
      takeIn(next.message as ToWriter);
    }
  };

  port.on("message", (message: ToWriter) => {
    takeIn(message);
    takeInAllThatArrived();
    while (queue.length > 0) {
      const batch = queue.splice(0, callsPerTransaction);
      const answers = commitTogether(
        db,
        tables,
        batch.map(({ call }) => call),
      );
      tell(port, { kind: "answers", answers: answers.map((answer, at) => ({ ...answer, id: batch[at]?.id ?? 0 })) });
      takeInAllThatArrived();
    }
    if (isClosing) close(port, db);
  });
  tell(port, { kind: "ready" });
}

function openOrRefuse(port: MessagePort, directory: string): DatabaseSync | undefined {
  try {
    return openForWriting(directory);
  } catch (error) {
    if (!(error instanceof StoreRefused)) throw error;
    tell(port, { kind: "refused", refusal: error.refusal });
    return undefined;
  }
}

/** Closing the last connection moves the log into the file and removes it. */
function close(port: MessagePort, db: DatabaseSync): void {
  db.close();
  tell(port, { kind: "closed" });
  port.close();
}

function tell(port: MessagePort, message: FromWriter): void {
  port.postMessage(message);
}

if (parentPort !== null) run(parentPort, workerData as WriterStart);
