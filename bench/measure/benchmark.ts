import { type Summary, summarise } from "./statistics.ts";

/** Rounds of subject and baselines in turn, so that what the machine does meanwhile falls on both. */
const ROUNDS = 5;

/** What one round found, by the keys of the benchmark's figures. A way that knows no such figure leaves it out. */
export type Found = Readonly<Record<string, number>>;

/** One way to do the thing: ours, or a bare one to compare with. */
export type Variant = { readonly name: string; readonly run: () => Promise<Found> };

/** How the subject must stand to a baseline, or by itself. The ratio is subject / baseline. */
export type Target =
  | { readonly against: string; readonly ratioAtLeast: number }
  | { readonly against: string; readonly ratioAtMost: number }
  | { readonly valueAtMost: number }
  | { readonly valueAtLeast: number };

export type Figure = {
  readonly key: string;
  readonly title: string;
  readonly unit: string;
  /** Digits after the point in the report. */
  readonly digits: number;
  readonly targets: readonly Target[];
};

export type Benchmark = {
  readonly name: string;
  readonly title: string;
  readonly subject: Variant;
  readonly baselines: readonly Variant[];
  readonly figures: readonly Figure[];
  /** Where a round is long, or many are wanted. */
  readonly rounds?: number;
  /** What this machine lacks for it, if anything. */
  readonly needs?: () => string | undefined;
  /** What is measured and how, in a sentence or two for the report. */
  readonly method: string;
};

type Verdict = { readonly figure: Figure; readonly text: string; readonly met: boolean };

/** By variant, then by the figure's key. */
export type Summaries = ReadonlyMap<string, ReadonlyMap<string, Summary>>;

export type Measured = {
  readonly benchmark: Benchmark;
  readonly summaries: Summaries;
  readonly verdicts: readonly Verdict[];
};

/** One that could not run. `needs`: because this machine lacks that; otherwise it should have. */
export type Failed = { readonly benchmark: Benchmark; readonly needs?: string };

export async function measure(benchmark: Benchmark, progress: (text: string) => void): Promise<Measured> {
  const variants = [benchmark.subject, ...benchmark.baselines];
  const rounds = new Map<string, Found[]>(variants.map(({ name }) => [name, []]));
  for (let round = 1; round <= (benchmark.rounds ?? ROUNDS); round += 1) {
    for (const variant of round % 2 === 1 ? variants : variants.toReversed()) {
      const found = await variant.run();
      rounds.get(variant.name)?.push(found);
      progress(`${benchmark.name} ${round} ${variant.name}: ${inWords(benchmark, found)}`);
    }
  }
  const summaries = new Map([...rounds].map(([name, found]) => [name, summariesOf(benchmark, found)]));
  return { benchmark, summaries, verdicts: verdictsOf(benchmark, summaries) };
}

/** NaN where that variant has no such figure. */
export function medianOf(summaries: Summaries, variant: string, key: string): number {
  return summaries.get(variant)?.get(key)?.median ?? Number.NaN;
}

function summariesOf({ figures }: Benchmark, rounds: readonly Found[]): Map<string, Summary> {
  const summaries = new Map<string, Summary>();
  for (const { key } of figures) {
    const values = rounds.flatMap((found) => found[key] ?? []);
    if (values.length > 0) summaries.set(key, summarise(values));
  }
  return summaries;
}

function inWords({ figures }: Benchmark, found: Found): string {
  const words = figures.flatMap(({ key, title, unit, digits }) => {
    const value = found[key];
    return value === undefined ? [] : [`${title} ${value.toFixed(digits)} ${unit}`];
  });
  return words.join(", ");
}

function verdictsOf(benchmark: Benchmark, summaries: Summaries): Verdict[] {
  return benchmark.figures.flatMap((figure) =>
    figure.targets.map((target) => judge({ subject: benchmark.subject.name, figure, target, summaries })),
  );
}

type Case = {
  readonly subject: string;
  readonly figure: Figure;
  readonly target: Target;
  readonly summaries: Summaries;
};

function judge({ subject, figure, target, summaries }: Case): Verdict {
  const value = medianOf(summaries, subject, figure.key);
  if (!("against" in target)) {
    const isMost = "valueAtMost" in target;
    const wanted = isMost ? `at most ${target.valueAtMost}` : `at least ${target.valueAtLeast}`;
    const met = isMost ? value <= target.valueAtMost : value >= target.valueAtLeast;
    return { figure, text: `${value.toFixed(figure.digits)} ${figure.unit}, wanted ${wanted}`, met };
  }
  const ratio = value / medianOf(summaries, target.against, figure.key);
  const met = "ratioAtLeast" in target ? ratio >= target.ratioAtLeast : ratio <= target.ratioAtMost;
  const wanted = "ratioAtLeast" in target ? `at least ${target.ratioAtLeast}` : `at most ${target.ratioAtMost}`;
  return { figure, text: `${ratio.toFixed(2)} x ${target.against}, wanted ${wanted}`, met };
}
