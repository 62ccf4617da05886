/** Around the line being typed on a full screen. Keys are put in front of these by whoever draws them. */
export const composer = {
  paste: (lines: number, characters: number): string =>
    lines > 1 ? `Paste ${lines} lines?` : `Paste ${characters} characters?`,
  pasteIsCommand: "It begins like a command: it is not run from here.",
  pasteSends: "sends it",
  pasteInserts: "puts it into the line",
  pasteEdits: "edits it first",
  pasteCancels: "throws it away",
  pasteCut: (limit: number): string => `Only the beginning fits: a line holds ${limit} characters.`,
  searchOlder: "further back",
  searchSends: "sends it",
  searchCancels: "back",
};
