/** Around the line being typed on a full screen. Keys are put between these by whoever draws them. */
export const composer = {
  paste: (lines: number, characters: number) =>
    lines > 1 ? `Paste ${lines} lines?` : `Paste ${characters} characters?`,
  pasteBeginsCommand: "It begins like a command, so it is not sent at once.",
  pasteSends: "sends it",
  pasteInserts: "puts it into the line",
  pasteEdits: "edits it first",
  pasteCancels: "throws it away",
  pasteCut: (limit: number) => `Only the beginning fits: a line holds ${limit} characters.`,
  search: (query: string) => `(search) '${query}': `,
  searchFailed: (query: string) => `(not found) '${query}': `,
  searchKeys: "older",
  searchTakes: "sends",
  searchCancels: "back",
  replyCancels: "cancels",
  more: (count: number) => `+${count}`,
};
