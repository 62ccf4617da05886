// Reads just enough Markdown for the checks: fenced blocks, and what stands outside them.

/** Fenced blocks with their language and the line of their first line of code (1-based). */
export function fencedBlocks(markdown) {
  const blocks = [];
  let open;
  for (const [index, line] of markdown.split(/\r?\n/).entries()) {
    const fence = /^\s*(`{3,}|~{3,})\s*([\w-]*)/.exec(line);
    if (open === undefined && fence) open = { fence: fence[1], language: fence[2], line: index + 2, code: [] };
    else if (open !== undefined && fence && fence[1].startsWith(open.fence) && fence[2] === "") {
      blocks.push({ language: open.language, line: open.line, code: open.code.join("\n") });
      open = undefined;
    } else open?.code.push(line);
  }
  return blocks;
}

/** The lines outside fenced blocks; inside ones are left empty, so that line numbers stay. */
export function proseLines(markdown) {
  let fence;
  return markdown.split(/\r?\n/).map((line) => {
    const found = /^\s*(`{3,}|~{3,})/.exec(line)?.[1];
    if (found === undefined) return fence === undefined ? line : "";
    if (fence === undefined) fence = found;
    else if (found.startsWith(fence)) fence = undefined;
    return "";
  });
}
