// Goal: what a frame says is what the terminal's cells hold, for as few bytes as that takes.
// Method: random sequences of frames on a virtual terminal, against one that draws only the last; bytes of single writes counted.
import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import type { Frame, Part, Row } from "../../src/render/frame.ts";
import { frameOf, textRow, VirtualScreen } from "./virtual-screen.ts";

const COLUMNS = 40;
const ROWS = 6;

test("a frame is one write, and stands in the cells", async () => {
  const screen = new VirtualScreen(COLUMNS, ROWS);
  screen.renderer.draw(
    frameOf(
      [
        [
          { column: 0, columns: 10, runs: [{ text: "salas" }] },
          { column: 10, columns: 1, runs: [{ text: "│" }] },
          { column: 12, columns: 28, runs: [{ text: "oi " }, { text: "nori", look: { name: 1, bold: true } }] },
        ],
        [],
        textRow("última", COLUMNS),
      ],
      { row: 2, column: 6 },
    ),
  );
  assert.equal(screen.stream.writes.length, 1);
  assert.deepEqual(await screen.texts(), ["salas     │ oi nori", "", "última", "", "", ""]);
  assert.equal(screen.terminal.buffer.active.cursorY, 2);
  assert.equal(screen.terminal.buffer.active.cursorX, 6);
});

test("where nothing has changed nothing is written; one changed row is that row and nothing else", () => {
  const screen = new VirtualScreen(COLUMNS, ROWS);
  const rows = ["um", "dois", "três"].map((text) => textRow(text, COLUMNS));
  screen.renderer.draw(frameOf(rows, { row: 0, column: 0 }));
  screen.taken();

  screen.renderer.draw(frameOf(rows, { row: 0, column: 0 }));
  screen.renderer.draw(
    frameOf(
      ["um", "dois", "três"].map((text) => textRow(text, COLUMNS)),
      { row: 0, column: 0 },
    ),
  );
  assert.deepEqual(screen.stream.writes, []);

  screen.renderer.draw(frameOf(rows, { row: 1, column: 3 }));
  assert.equal(screen.taken(), "\u001b[2;4H");

  screen.renderer.draw(frameOf(rows.with(1, textRow("2", COLUMNS)), { row: 1, column: 3 }));
  assert.equal(screen.taken(), "\u001b[?2026h\u001b[?25l\u001b[2;1H\u001b[K2\u001b[2;4H\u001b[?25h\u001b[?2026l");
});

test("after something else wrote there, and after a change of size, everything is drawn again", async () => {
  const screen = new VirtualScreen(COLUMNS, ROWS);
  const rows = Array.from({ length: ROWS }, (_, at) => textRow(`linha ${at}`, COLUMNS));
  screen.renderer.draw(frameOf(rows));
  screen.terminal.write("\u001b[Hgarbage\r\nmore of it");
  screen.renderer.invalidate();
  screen.renderer.draw(frameOf(rows));
  assert.deepEqual(
    await screen.texts(),
    Array.from({ length: ROWS }, (_, at) => `linha ${at}`),
  );

  screen.resize(5, 3);
  screen.renderer.draw(frameOf(rows, { row: 5, column: 30 }));
  assert.deepEqual(await screen.texts(), ["linh…", "linh…", "linh…"]);
});

test("R14: a terminal of one cell, and one of none, are drawn on without harm", async () => {
  const screen = new VirtualScreen(2, 1);
  screen.stream.columns = 1;
  screen.renderer.draw(frameOf([textRow("linha", 40), textRow("漢", 40)], { row: 9, column: 9 }));
  assert.deepEqual(await screen.texts(), ["…"]);
  screen.renderer.draw(frameOf([], { row: -1, column: 0 }));
  assert.deepEqual(await screen.texts(), [""]);
});

test("a slow terminal is spared the frames between: it gets the newest when it has taken what it had", async () => {
  const screen = new VirtualScreen(COLUMNS, ROWS);
  const wide = Array.from({ length: ROWS }, () =>
    Array.from(
      { length: 20 },
      (_, at): Part => ({ column: 2 * at, columns: 2, runs: [{ text: "ab", look: { name: at } }] }),
    ),
  );
  screen.stream.isStuck = true;
  screen.renderer.draw(frameOf(wide));
  assert.equal(screen.output.isFull, true);
  for (let at = 0; at < 100; at += 1) screen.renderer.draw(frameOf([textRow(`quadro ${at}`, COLUMNS)]));
  assert.equal(screen.stream.writes.length, 1);
  const drained = new Promise((resolve) => screen.stream.once("drain", resolve));
  screen.stream.goOn();
  await drained;
  assert.equal(screen.stream.writes.length, 2);
  assert.deepEqual(await screen.texts(), ["quadro 99", "", "", "", "", ""]);
});

test("a bar covers its whole part, whatever its text", async () => {
  const screen = new VirtualScreen(COLUMNS, ROWS);
  screen.renderer.draw(frameOf([[{ column: 3, columns: 10, runs: [{ text: "[18:47]" }], fill: { bar: "status" } }]]));
  assert.deepEqual((await screen.texts())[0], "   [18:47]");
  const line = screen.terminal.buffer.active.getLine(0);
  const painted = Array.from({ length: COLUMNS }, (_, at) => line?.getCell(at)?.getBgColor() === 24);
  assert.deepEqual(
    painted,
    Array.from({ length: COLUMNS }, (_, at) => at >= 3 && at < 13),
  );
});

const part = fc.record({
  gap: fc.nat(6),
  text: fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 20 }),
    fc.constantFrom("👩‍👩‍👧", "漢字", "❤️x", "🇧🇷", "நி", "x\u0301", "\u0301x"),
  ),
  look: fc.constantFrom(undefined, { bold: true }, { name: 3 }, { tone: "mention" as const }, { code: true as const }),
  fill: fc.constantFrom(undefined, { bar: "status" as const }),
  link: fc.constantFrom(undefined, "https://papo.example/", "javascript:alert(1)"),
});

const rowArbitrary = fc.array(part, { maxLength: 4 }).map((parts): Row => {
  let column = 0;
  return parts.flatMap(({ gap, text, look, fill, link }) => {
    const columns = Math.min(4 + text.length, COLUMNS - column - gap);
    if (columns <= 0) return [];
    const run = { text, ...(look === undefined ? {} : { look }), ...(link === undefined ? {} : { link }) };
    const made: Part = { column: column + gap, columns, runs: [run], ...(fill === undefined ? {} : { fill }) };
    column += gap + columns;
    return [made];
  });
});

const frameArbitrary: fc.Arbitrary<Frame> = fc.record({
  rows: fc.array(rowArbitrary, { maxLength: ROWS + 2 }),
  cursor: fc.option(fc.record({ row: fc.nat(ROWS - 1), column: fc.nat(COLUMNS) })),
});

test("after any frames the screen holds what drawing the last one alone would give", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(frameArbitrary, { minLength: 1, maxLength: 5 }), async (frames) => {
      const [gone, fresh] = [new VirtualScreen(COLUMNS, ROWS), new VirtualScreen(COLUMNS, ROWS)];
      for (const frame of frames) gone.renderer.draw(frame);
      fresh.renderer.draw(frames.at(-1) ?? frameOf([]));
      assert.deepEqual(await gone.grid(), await fresh.grid());
      assert.deepEqual(looks(gone), looks(fresh));
      if (frames.at(-1)?.cursor !== null) assert.deepEqual(cursorOf(gone), cursorOf(fresh));
      assert.equal(gone.replies + gone.titles.join(""), "");
    }),
    { numRuns: 60 },
  );
});

test("a part that was painted before looks the same wherever it stands next, and however wide the terminal is then", () => {
  const pool = fc.array(rowArbitrary, { minLength: 1, maxLength: 4 });
  const step = fc.record({ rows: fc.array(fc.nat(3), { maxLength: ROWS }), columns: fc.constantFrom(COLUMNS, 11, 60) });
  fc.assert(
    fc.property(pool, fc.array(step, { minLength: 1, maxLength: 6 }), (known, steps) => {
      const gone = new VirtualScreen(COLUMNS, ROWS);
      for (const { rows, columns } of steps) {
        const frame = frameOf(rows.map((at) => known[at % known.length] ?? []));
        const fresh = new VirtualScreen(columns, ROWS);
        fresh.renderer.draw(frame);
        gone.stream.columns = columns;
        gone.renderer.draw(frame);
        gone.taken();
        gone.renderer.invalidate();
        gone.renderer.draw(frame);
        assert.equal(gone.taken(), fresh.taken());
      }
    }),
  );
});

test("of parts without end the newest are drawn as they are", () => {
  const screen = new VirtualScreen(COLUMNS, ROWS);
  const rowAt = (at: number): Row => [{ column: at % 7, columns: 20, runs: [{ text: `parte ${at}` }] }];
  const rows = Array.from({ length: 2_500 }, (_, at) => rowAt(at));
  for (let at = 0; at + ROWS <= rows.length; at += 1) screen.renderer.draw(frameOf(rows.slice(at, at + ROWS)));
  screen.taken();
  screen.renderer.invalidate();
  screen.renderer.draw(frameOf(rows.slice(-ROWS)));
  const fresh = new VirtualScreen(COLUMNS, ROWS);
  fresh.renderer.draw(frameOf(Array.from({ length: ROWS }, (_, at) => rowAt(rows.length - ROWS + at))));
  assert.equal(screen.taken(), fresh.taken());
});

function cursorOf({ terminal }: VirtualScreen): readonly [number, number] {
  return [terminal.buffer.active.cursorY, terminal.buffer.active.cursorX];
}

function looks(screen: VirtualScreen): readonly string[] {
  const { active } = screen.terminal.buffer;
  return Array.from({ length: ROWS * COLUMNS }, (_, at) => {
    const cell = active.getLine(Math.floor(at / COLUMNS))?.getCell(at % COLUMNS);
    return `${cell?.getFgColor()} ${cell?.getBgColor()} ${cell?.isBold()} ${cell?.isInverse()}`;
  });
}
