/** Runs a few tasks at once, lets some wait, and takes no more. */
export class BoundedWork {
  readonly #concurrent: number;
  readonly #waitingMax: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(options: { readonly concurrent: number; readonly waiting: number }) {
    this.#concurrent = options.concurrent;
    this.#waitingMax = options.waiting;
  }

  get size(): number {
    return this.#running + this.#waiting.length;
  }

  async run<T>(task: () => Promise<T>): Promise<T | "full"> {
    if (this.#running >= this.#concurrent) {
      if (this.#waiting.length >= this.#waitingMax) return "full";
      // The turn is handed over, still counted as running, so nobody slips in between.
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else {
      this.#running += 1;
    }
    try {
      return await task();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }
}
