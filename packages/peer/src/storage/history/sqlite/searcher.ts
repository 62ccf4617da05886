import type { Worker } from "node:worker_threads";
import {
  type Outcome,
  SEARCHES_WAITING_MAX,
  SEARCH_CHARS_MAX,
  SEARCH_RESULTS_MAX,
  fail,
  succeed,
} from "@papo/protocol";
import type { HistorySearch, SearchResult } from "../history.ts";
import { wantedBy } from "../search-words.ts";
import type { SearchAnswer, SearchRequest, SearchStart } from "./search-reader.ts";
import { workerOf } from "./worker-of.ts";

type Resolve = (outcome: Outcome<readonly SearchResult[]>) => void;

/** The main thread's end of the thread that searches, which starts with the first search. */
export class Searcher implements HistorySearch {
  readonly #folder: string;
  readonly #onDamage: () => void;
  /** Answers come in the order of the questions. */
  #waiting: Resolve[] = [];
  #worker: Worker | undefined;
  #isClosed = false;

  constructor(folder: string, onDamage: () => void) {
    this.#folder = folder;
    this.#onDamage = onDamage;
  }

  search({
    text,
    room,
    account,
    offset,
  }: Parameters<HistorySearch["search"]>[0]): Promise<Outcome<readonly SearchResult[]>> {
    const wanted = wantedBy(text.slice(0, SEARCH_CHARS_MAX));
    if (wanted === undefined) return Promise.resolve(succeed([]));
    if (this.#isClosed) return Promise.resolve(fail("storage_failed", "the history is closed"));
    if (this.#waiting.length >= SEARCHES_WAITING_MAX) return Promise.resolve(fail("busy", "too many searches wait"));
    const request: SearchRequest = { wanted, room: room ?? null, account: account ?? null, offset: offset ?? 0 };
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#started().postMessage(request);
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const worker = this.#worker;
    if (worker === undefined) return;
    const gone = new Promise((resolve) => worker.once("exit", resolve));
    worker.postMessage("close");
    await gone;
  }

  #started(): Worker {
    if (this.#worker !== undefined) return this.#worker;
    const start: SearchStart = { folder: this.#folder, resultsMax: SEARCH_RESULTS_MAX };
    const worker = workerOf(import.meta.url, "search-worker", start);
    worker.unref();
    worker.on("message", (answer: SearchAnswer) => this.#hear(answer));
    worker.on("error", () => this.#stopped());
    worker.on("exit", () => this.#stopped());
    this.#worker = worker;
    return worker;
  }

  #hear(answer: SearchAnswer): void {
    const resolve = this.#waiting.shift();
    if (!answer.ok) this.#onDamage();
    resolve?.(answer.ok ? succeed(answer.results) : UNREADABLE);
  }

  /** The next search starts another one. */
  #stopped(): void {
    this.#worker = undefined;
    for (const resolve of this.#waiting.splice(0)) resolve(UNREADABLE);
  }
}

const UNREADABLE = fail("storage_failed", "the history cannot be searched");
