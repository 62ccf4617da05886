// What a terminal shows after a program's output: a grid of cells, for the few sequences that Papo's screens write
// (apps/terminal/src/sequences.ts). An unknown sequence is an error: the picture would not be the screen.
const SEQUENCE = /^\x1b\[(\??)(\d*)(?:;\d+)*([A-Za-z])/;

/** Rows of cells `{ text, colour }`, blank ones at the end left out. `colour` is an SGR number or undefined. */
export function screenOf(output, { columns }) {
  const screen = { cells: [[]], row: 0, column: 0, colour: undefined };
  let rest = output.slice(output.indexOf("\n") + 1); // The first line is the rig's.
  while (rest !== "") rest = rest.slice(step(screen, rest, columns));
  const last = screen.cells.findLastIndex((row) => row.some(({ text }) => text !== " "));
  return screen.cells.slice(0, last + 1);
}

/** Performs what `rest` begins with, and says how much of it that was. */
function step(screen, rest, columns) {
  const [, isPrivate, number, verb] = SEQUENCE.exec(rest) ?? [];
  if (verb !== undefined) {
    if (isPrivate === "") control(screen, verb, number === "" ? undefined : Number(number));
    return SEQUENCE.exec(rest)[0].length;
  }
  if (rest.startsWith("\x1b")) throw new Error(`unknown sequence: ${JSON.stringify(rest.slice(0, 10))}`);
  const [letter] = rest;
  if (letter === "\r") screen.column = 0;
  else if (letter === "\n") moveTo(screen, screen.row + 1);
  else if (letter >= " ") put(screen, letter, columns);
  return letter.length;
}

function control(screen, verb, number) {
  if (verb === "A") screen.row = Math.max(0, screen.row - (number ?? 1));
  else if (verb === "C") screen.column += number ?? 1;
  else if (verb === "H") [screen.row, screen.column] = [0, 0];
  else if (verb === "m") screen.colour = number === undefined || number === 39 || number === 0 ? undefined : number;
  else if (verb === "J" && number === 2) screen.cells = [[]];
  else if (verb === "J") eraseBelow(screen);
  else throw new Error(`unknown sequence: ESC [ ${number ?? ""} ${verb}`);
}

function eraseBelow(screen) {
  screen.cells.length = screen.row + 1;
  screen.cells[screen.row].length = Math.min(screen.cells[screen.row].length, screen.column);
}

function put(screen, text, columns) {
  if (screen.column >= columns) {
    screen.column = 0;
    moveTo(screen, screen.row + 1);
  }
  const row = screen.cells[screen.row];
  while (row.length < screen.column) row.push({ text: " ", colour: undefined });
  row[screen.column] = { text, colour: screen.colour };
  screen.column += 1;
}

function moveTo(screen, row) {
  screen.row = row;
  while (screen.cells.length <= row) screen.cells.push([]);
}
