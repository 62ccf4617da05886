import type { Catalogue } from "../catalogue/catalogue.ts";

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** How long that is, in one unit that is coarse enough to be read at a glance: `300 ms`, `12 s`, `3 min`, `2 h`, `5 days`. */
export function durationText(ms: number, { reach }: Pick<Catalogue, "reach">): string {
  const whole = (unitMs: number): number => Math.floor(ms / unitMs);
  if (ms < SECOND_MS) return reach.milliseconds(Math.max(0, whole(1)));
  if (ms < 2 * MINUTE_MS) return reach.seconds(whole(SECOND_MS));
  if (ms < 2 * HOUR_MS) return reach.minutes(whole(MINUTE_MS));
  if (ms < 2 * DAY_MS) return reach.hours(whole(HOUR_MS));
  return reach.days(whole(DAY_MS));
}
