import assert from "node:assert/strict";
import type { Message } from "@papo/peer";

/** What one run of one author was asked to say in one conversation: the texts are numbered from 1, and say all of this. */
type Told = { readonly author: string; readonly where: string; readonly run: number; readonly number: number };

/** `asked`: nobody knows whether it was written, because the process died before it answered. */
type Standing = "asked" | "stored" | "refused";

/**
 * Everything that anybody was asked to say and what became of it, kept outside of the processes that are killed. What it was told is stored has to be found
 * in every history, exactly once.
 */
export class Ledger {
  readonly #standingByText = new Map<string, Standing>();

  ask(told: Told): string {
    const text = textOf(told);
    assert.ok(!this.#standingByText.has(text), text);
    this.#standingByText.set(text, "asked");
    return text;
  }

  settle(text: string, standing: "stored" | "refused"): void {
    this.#standingByText.set(text, standing);
  }

  count(standing: Standing): number {
    return [...this.#standingByText.values()].filter((one) => one === standing).length;
  }

  stored(where: string): readonly string[] {
    return [...this.#standingByText]
      .filter(([text, standing]) => standing === "stored" && toldBy(text).where === where)
      .map(([text]) => text);
  }

  /** Whether everything stored is among these texts. */
  isCovered(where: string, texts: readonly string[]): boolean {
    const found = new Set(texts);
    return this.stored(where).every((text) => found.has(text));
  }

  /**
   * I1: everything stored is there; I2: nothing twice; I3, I9: of each run of each author the first so-many texts that were not refused, in order,
   * and the runs in order. Nothing that was refused, and nothing that nobody asked for.
   */
  check(where: string, texts: readonly string[], whose: string): void {
    const found = new Set(texts);
    const lost = this.stored(where).filter((text) => !found.has(text));
    assert.deepEqual(lost, [], `${whose}: stored and lost`);
    const twice = texts.filter((text) => !found.delete(text));
    assert.deepEqual(twice, [], `${whose}: shown twice`);
    const strange = texts.filter((text) => (this.#standingByText.get(text) ?? "refused") === "refused");
    assert.deepEqual(strange, [], `${whose}: refused, or never said`);
    for (const [author, said] of Map.groupBy(texts, (text) => toldBy(text).author)) {
      const expected = this.#saidUpTo(author, where, new Set(said));
      assert.deepEqual(said, expected, `${whose}: without gaps and in the order of ${author}`);
    }
  }

  /** Whether nothing lies between these two texts of one author but what was refused, or what may never have been written. */
  follows(before: string, after: string): boolean {
    const [last, next] = [toldBy(before), toldBy(after)];
    if (next.run < last.run || (next.run === last.run && next.number <= last.number)) return false;
    const firstBetween = next.run === last.run ? last.number + 1 : 1;
    const between = Array.from({ length: next.number - firstBetween }, (_, at) => firstBetween + at);
    return between.every((number) => this.#standingByText.get(textOf({ ...next, number })) === "refused");
  }

  /** Of each run what was not refused, up to the last that is in `said`. */
  #saidUpTo(author: string, where: string, said: ReadonlySet<string>): readonly string[] {
    const asked = [...this.#standingByText]
      .filter(([, standing]) => standing !== "refused")
      .map(([text]) => ({ text, ...toldBy(text) }))
      .filter((told) => told.author === author && told.where === where);
    const runs = Map.groupBy(asked, ({ run }) => run);
    return [...runs]
      .toSorted(([one], [other]) => one - other)
      .flatMap(([, told]) => told.slice(0, told.findLastIndex(({ text }) => said.has(text)) + 1))
      .map(({ text }) => text);
  }
}

function textOf({ author, where, run, number }: Told): string {
  return [author, where, run, number].join(" ");
}

function toldBy(text: string): Told {
  const [author = "", where = "", run, number] = text.split(" ");
  return { author, where, run: Number(run), number: Number(number) };
}

/** What one screen was told while its process ran. */
export class ScreenWatch {
  readonly #whose: string;
  readonly #shown: Message[] = [];

  constructor(whose: string) {
    this.#whose = whose;
  }

  shows(message: Message): void {
    this.#shown.push(message);
  }

  /**
   * I2: no message twice. I3: each author's texts in order and without gaps, wherever the screen begins, but for what was refused; behind the last
   * of a run that was killed comes the first of the author's next run.
   */
  complaints(ledger: Ledger): readonly string[] {
    const twice = this.#shown.filter(({ id }, at) => this.#shown.findIndex((one) => one.id === id) < at);
    const texts = this.#shown.filter(({ content }) => content !== "");
    const strange = texts.filter(({ author, content }) => toldBy(content).author !== author);
    const chains = Map.groupBy(texts, ({ content }) => `${toldBy(content).author} ${toldBy(content).where}`);
    return [
      ...twice.map(({ content }) => `${this.#whose}: ${content} is shown twice`),
      ...strange.map(({ author, content }) => `${this.#whose}: ${content} is said by ${author}`),
      ...[...chains.values()].flatMap((chain) => this.#gaps(chain, ledger)),
    ];
  }

  #gaps(chain: readonly Message[], ledger: Ledger): readonly string[] {
    return chain.flatMap(({ content, kept }, at) => {
      const before = chain[at - 1];
      if (before === undefined || kept?.afterGap === true || ledger.follows(before.content, content)) return [];
      return [`${this.#whose}: ${content} right after ${before.content}`];
    });
  }
}
