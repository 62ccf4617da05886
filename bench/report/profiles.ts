import { BARE_TLS, TRACKER } from "../cases/tracker.ts";
import { PAPO, TCP_UNBATCHED, TLS_BATCHED, TLS_UNBATCHED, TCP_BATCHED } from "../cases/link.ts";
import { medianOf, type Summaries } from "../measure/benchmark.ts";

void BARE_TLS;
void TRACKER;
/** Where the time goes in a benchmark that missed its target; its figures are those of the same run. */
export function profileOf(name: string, summaries: Summaries): string | undefined {
  return profiles[name]?.((variant) => medianOf(summaries, variant, "value"));
}

type Median = (variant: string) => number;

const profiles: Readonly<Record<string, (median: Median) => string>> = {
  "link-connect": (median) =>
    `${median(PAPO)}${median(TLS_UNBATCHED)}${median(TCP_UNBATCHED)}${median(TLS_BATCHED)}${median(TCP_BATCHED)}`,
};
