/** The full screen: what stands around the conversation. */
export const screen = {
  more: (count: number): string => (count === 0 ? "-MORE-" : `-MORE(${count})-`),
  waiting: (count: number): string => `${count} waiting`,
  hot: "Active:",
  away: "away",
  replyingTo: "Answering",
  replyHint: "Esc: do not answer it",
  leaveHint: "To leave: /quit, or Ctrl-C once more.",
  mouseOn: "The mouse is on: the wheel scrolls, a click opens. To select text hold Shift.",
  mouseOff: "The mouse is off: it selects text as everywhere.",
  historySearch: (text: string): string => `(search in the history) ${text}:`,
  historySearchFailed: (text: string): string => `(not in the history) ${text}:`,
};
