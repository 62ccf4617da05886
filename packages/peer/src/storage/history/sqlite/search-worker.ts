import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { openForReading } from "./database.ts";
import { pathsOf } from "./paths.ts";
import { type SearchAnswer, type SearchRequest, type SearchStart, SearchReader } from "./search-reader.ts";

// The thread that searches, so that no screen waits for a search. Of other packages it loads types only, like the writer's.

function run(port: MessagePort, { folder, resultsMax }: SearchStart): void {
  const db = openForReading(pathsOf(folder));
  const reader = new SearchReader(db, resultsMax);
  port.on("message", (request: SearchRequest | "close") => {
    if (request === "close") {
      db.close();
      return port.close();
    }
    port.postMessage(answerTo(reader, request));
  });
}

function answerTo(reader: SearchReader, request: SearchRequest): SearchAnswer {
  try {
    return { ok: true, results: reader.search(request) };
  } catch {
    return { ok: false };
  }
}

if (parentPort !== null) run(parentPort, workerData as SearchStart);
