import { type Summary, summarise } from "./statistics.ts";

/** Rounds of subject and baselines in turn, so that what the machine does meanwhile falls on both. */
export const ROUNDS = 5;

/** One way to do the thing: ours, or a bare one to compare with. Gives the figure of one round. */
export type Variant = { readonly name: string; readonly run: () => Promise<number> };

/** How the subject must stand to a baseline. `ratio` is subject / baseline. */
export type Target =
  | { readonly against: string; readonly ratioAtLeast: number }
  | { readonly against: string; readonly ratioAtMost: number }
  | { readonly valueAtMost: number };

export type Benchmark = {
  readonly name: string;
  readonly title: string;
  readonly unit: string;
  /** Digits after the point in the report. */
  readonly digits: number;
  readonly rounds?: number;
  readonly subject: Variant;
  readonly baselines: readonly Variant[];
  readonly targets: readonly Target[];
  /** What is measured and how, in a sentence or two for the report. */
  readonly method: string;
};

export type Verdict = { readonly text: string; readonly met: boolean };
export type Measured = {
  readonly benchmark: Benchmark;
  readonly summaries: ReadonlyMap<string, Summary>;
  readonly verdicts: readonly Verdict[];
};

export async function measure(benchmark: Benchmark, progress: (text: string) => void): Promise<Measured> {
  const variants = [benchmark.subject, ...benchmark.baselines];
  const values = new Map<string, number[]>(variants.map(({ name }) => [name, []]));
  for (let round = 1; round <= (benchmark.rounds ?? ROUNDS); round += 1) {
    for (const variant of round % 2 === 1 ? variants : variants.toReversed()) {
      const value = await variant.run();
      values.get(variant.name)?.push(value);
      progress(`${benchmark.name} ${round} ${variant.name} ${value.toFixed(benchmark.digits)} ${benchmark.unit}`);
    }
  }
  const summaries = new Map([...values].map(([name, list]) => [name, summarise(list)]));
  return { benchmark, summaries, verdicts: benchmark.targets.map((target) => judge(benchmark, summaries, target)) };
}

function judge(benchmark: Benchmark, summaries: ReadonlyMap<string, Summary>, target: Target): Verdict {
  const subject = summaries.get(benchmark.subject.name)?.median ?? Number.NaN;
  if ("valueAtMost" in target) {
    const text = `${subject.toFixed(benchmark.digits)} ${benchmark.unit}, wanted at most ${target.valueAtMost}`;
    return { text, met: subject <= target.valueAtMost };
  }
  const ratio = subject / (summaries.get(target.against)?.median ?? Number.NaN);
  const met = "ratioAtLeast" in target ? ratio >= target.ratioAtLeast : ratio <= target.ratioAtMost;
  const wanted = "ratioAtLeast" in target ? `at least ${target.ratioAtLeast}` : `at most ${target.ratioAtMost}`;
  return { text: `${ratio.toFixed(2)} x ${target.against}, wanted ${wanted}`, met };
}
