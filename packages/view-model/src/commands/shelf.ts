import type { HistoryCursor, SearchHit } from "@papo/peer/api";

/** What the commands of one conversation remember for each other while its screen is open. */
export class Shelf {
  /** Where the last page that was looked at begins; undefined: none was, the screen shows the end. */
  before: HistoryCursor | undefined;
  /** Set when everything back to the first message has been shown. */
  atStart = false;
  hits: readonly SearchHit[] = [];
}
