/** Free space, rounded down: `512 MiB`, `20 GiB`. */
export function spaceText(mebibytes: number): string {
  return mebibytes < 1_024 ? `${mebibytes} MiB` : `${Math.floor(mebibytes / 1_024)} GiB`;
}

/** How far two clocks are apart, whichever is ahead, in one coarse unit. `days` is that word in the language. */
export function apartText(ms: number, days: string): string {
  const apart = Math.abs(ms);
  if (apart < 120_000) return `${Math.round(apart / 1_000)} s`;
  if (apart < 7_200_000) return `${Math.round(apart / 60_000)} min`;
  return apart < 172_800_000 ? `${Math.round(apart / 3_600_000)} h` : `${Math.round(apart / 86_400_000)} ${days}`;
}
