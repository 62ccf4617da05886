/** About trackers in the local network. Addresses are safe to show. */
export type LanTexts = {
  /** A tracker says so of itself. */
  readonly announced: string;
  /** Above a numbered list of addresses. */
  readonly found: string;
  /** The last of that list. */
  readonly hostHere: string;
  readonly choose: string;
  readonly notInList: (choices: number) => string;
  readonly toKeep: (address: string, configFile: string) => string;
  readonly nobody: string;
  readonly noNetwork: string;
  readonly unsupported: string;
};
