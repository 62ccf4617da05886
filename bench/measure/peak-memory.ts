/** The most resident memory that this process has had, as the system counts it: the high water mark, not a sample. */
export class PeakMemory {
  get peakBytes(): number {
    return process.resourceUsage().maxRSS * 1024;
  }
}
