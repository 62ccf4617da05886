// A screen as an SVG: dark, monospaced, every run of one colour a text of its own at its own column.
const CELL_WIDTH = 8.4;
const ROW_HEIGHT = 19;
const MARGIN = 16;
const BAR = 30;
const FOREGROUND = "#d8dee9";
const COLOURS = {
  31: "#ff7b72",
  32: "#7ee787",
  33: "#e3b341",
  34: "#79c0ff",
  35: "#d2a8ff",
  36: "#56d4dd",
  92: "#aff5b4",
  94: "#a5d6ff",
  95: "#e2c5ff",
  96: "#b3f0ff",
};

export function svgOf(rows, { columns, title }) {
  const width = Math.round(columns * CELL_WIDTH + 2 * MARGIN);
  const height = rows.length * ROW_HEIGHT + 2 * MARGIN + BAR;
  const texts = rows.flatMap((row, at) => runsOf(row).map((run) => textOf(run, at)));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>${escaped(title)}</title>
<rect width="100%" height="100%" rx="10" fill="#0d1117"/>
<circle cx="20" cy="18" r="5" fill="#ff5f57"/><circle cx="38" cy="18" r="5" fill="#febc2e"/><circle cx="56" cy="18" r="5" fill="#28c840"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" xml:space="preserve">
${texts.join("\n")}
</g>
</svg>
`;
}

/** Neighbouring cells of one colour; runs of blanks are left out. */
function runsOf(row) {
  const runs = [];
  for (const [column, { text, colour }] of row.entries()) {
    const last = runs.at(-1);
    if (last !== undefined && last.colour === colour) last.text += text;
    else runs.push({ column, colour, text });
  }
  return runs.filter(({ text }) => text.trim() !== "");
}

function textOf({ column, colour, text }, row) {
  const x = (MARGIN + column * CELL_WIDTH).toFixed(1);
  const y = MARGIN + BAR + row * ROW_HEIGHT + 12;
  const length = (text.trimEnd().length * CELL_WIDTH).toFixed(1);
  const fill = COLOURS[colour] ?? FOREGROUND;
  return `<text x="${x}" y="${y}" fill="${fill}" textLength="${length}">${escaped(text.trimEnd())}</text>`;
}

function escaped(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
