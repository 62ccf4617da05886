// The cells of a terminal as an SVG: every run of one look is a text at its own column, on the colours of a light or a dark terminal.
const CELL_WIDTH = 8.4;
const ROW_HEIGHT = 18;
const MARGIN = 14;
const BAR = 30;
const FIRST_OF_CUBE = 16;
const FIRST_GREY = 232;
const CUBE = [0, 95, 135, 175, 215, 255];

const TERMINALS = {
  dark: {
    background: "#0d1117",
    foreground: "#d8dee9",
    palette:
      "#484f58 #ff7b72 #7ee787 #e3b341 #79c0ff #d2a8ff #56d4dd #c9d1d9 #6e7681 #ffa198 #aff5b4 #f2cc60 #a5d6ff #e2c5ff #b3f0ff #ffffff",
  },
  light: {
    background: "#ffffff",
    foreground: "#24292f",
    palette:
      "#24292f #cf222e #116329 #7d4e00 #0969da #8250df #1b7c83 #6e7781 #57606a #a40e26 #1a7f37 #633c01 #218bff #a475f9 #3192aa #8c959f",
  },
};

export function cellsSvg(rows, { title, theme }) {
  const terminal = TERMINALS[theme];
  const width = Math.round((rows[0]?.length ?? 0) * CELL_WIDTH + 2 * MARGIN);
  const height = rows.length * ROW_HEIGHT + 2 * MARGIN + BAR;
  const drawn = rows.flatMap((row, at) => runsOf(row, terminal).map((run) => drawnRun(run, at, terminal)));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>${escaped(title)}</title>
<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="10" fill="${terminal.background}" stroke="#8b949e" stroke-opacity="0.4"/>
<circle cx="20" cy="18" r="5" fill="#ff5f57"/><circle cx="38" cy="18" r="5" fill="#febc2e"/><circle cx="56" cy="18" r="5" fill="#28c840"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" xml:space="preserve">
${drawn.filter((text) => text !== "").join("\n")}
</g>
</svg>
`;
}

/** Neighbouring cells of one look; a wide character stands alone, so that it cannot move what follows. */
function runsOf(row, terminal) {
  const runs = [];
  for (const [column, cell] of row.entries()) {
    if (cell.width === 0) continue;
    const look = lookOf(cell, terminal);
    const last = runs.at(-1);
    const text = cell.text === "" ? " " : cell.text;
    const joins = last !== undefined && last.look === look && cell.width === 1 && !last.isWide;
    if (joins) Object.assign(last, { text: last.text + text, cells: last.cells + 1 });
    else runs.push({ column, look, text, cells: cell.width, isWide: cell.width > 1, ...coloursOf(cell, terminal) });
  }
  return runs;
}

function lookOf(cell, terminal) {
  return JSON.stringify(coloursOf(cell, terminal));
}

function coloursOf(cell, terminal) {
  const colour = rgb(cell.colour, terminal) ?? terminal.foreground;
  const background = rgb(cell.background, terminal);
  const { isBold, isDim, isUnderlined } = cell;
  const looks = { isBold, isDim, isUnderlined };
  if (!cell.isInverse) return { fill: colour, behind: background, ...looks };
  return { fill: background ?? terminal.background, behind: colour, ...looks };
}

function rgb(colour, { palette }) {
  if (colour === null || typeof colour === "string") return colour ?? undefined;
  if (colour < FIRST_OF_CUBE) return palette.split(" ")[colour];
  if (colour >= FIRST_GREY) return hex([8, 8, 8].map((level) => level + (colour - FIRST_GREY) * 10));
  const at = colour - FIRST_OF_CUBE;
  return hex([Math.floor(at / 36), Math.floor(at / 6) % 6, at % 6].map((level) => CUBE[level]));
}

function hex(levels) {
  return `#${levels.map((level) => level.toString(16).padStart(2, "0")).join("")}`;
}

function drawnRun({ column, text, cells, fill, behind, isBold, isDim, isUnderlined }, row) {
  const x = (MARGIN + column * CELL_WIDTH).toFixed(1);
  const top = MARGIN + BAR + row * ROW_HEIGHT;
  const length = cells * CELL_WIDTH;
  const rect =
    behind === undefined
      ? ""
      : `<rect x="${x}" y="${top - 2}" width="${length.toFixed(1)}" height="${ROW_HEIGHT}" fill="${behind}"/>`;
  const looks = `${isBold ? ' font-weight="bold"' : ""}${isDim ? ' opacity="0.6"' : ""}${isUnderlined ? ' text-decoration="underline"' : ""}`;
  // Words each at their column: not every viewer keeps blanks that stand together.
  const words = Array.from(text.matchAll(/\S+(?: \S+)*/g), ({ 0: word, index }) => {
    const start = (MARGIN + (column + index) * CELL_WIDTH).toFixed(1);
    const wide = text.length === word.length ? length : word.length * CELL_WIDTH;
    return `<text x="${start}" y="${top + 12}" fill="${fill}" textLength="${wide.toFixed(1)}"${looks}>${escaped(word)}</text>`;
  });
  return `${rect}${words.join("")}`;
}

function escaped(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
