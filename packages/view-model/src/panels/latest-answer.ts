/** Asks one question at a time, and of those that came meanwhile only the last one. */
export class LatestAnswer<Asked, Answer> {
  readonly #ask: (asked: Asked) => Promise<Answer>;
  readonly #told: (answer: Answer, asked: Asked) => void;
  #next: { readonly asked: Asked } | undefined;
  #isAsking = false;

  constructor(ask: (asked: Asked) => Promise<Answer>, told: (answer: Answer, asked: Asked) => void) {
    this.#ask = ask;
    this.#told = told;
  }

  want(asked: Asked): void {
    this.#next = { asked };
    if (!this.#isAsking) void this.#run();
  }

  async #run(): Promise<void> {
    this.#isAsking = true;
    for (let now = this.#next; now !== undefined; now = this.#next) {
      this.#next = undefined;
      const answer = await this.#ask(now.asked);
      // An answer to what nobody asks any more is not told.
      if (this.#next === undefined) this.#told(answer, now.asked);
    }
    this.#isAsking = false;
  }
}
