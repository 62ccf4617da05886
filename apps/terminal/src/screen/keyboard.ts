import { ESCAPE_TIMEOUT_MS } from "@papo/protocol";
import type { ChatClock } from "@papo/view-model";
import { type InputStream, readText } from "../console/input-stream.ts";
import { awaitsMore, decodeStrokes, flushStrokes, NO_STROKES } from "../input/decode-strokes.ts";
import type { Stroke } from "../input/stroke.ts";

export type KeyboardPorts = {
  readonly clock: ChatClock;
  /** All that came together. */
  taken(strokes: readonly Stroke[]): void;
  /** Nothing more will come. */
  ended(): void;
  /** Whether the terminal was asked where its cursor is, and has not answered. */
  awaitsCursor(): boolean;
};

/** Strokes from a terminal. Returns the way to stop. */
export function readStrokes(input: InputStream, ports: KeyboardPorts): () => void {
  let state = NO_STROKES;
  let timer: { cancel(): void } | undefined;
  const flush = (): void => {
    const flushed = flushStrokes(state);
    state = flushed.state;
    ports.taken(flushed.strokes);
  };
  const stop = readText(input, {
    text: (text) => {
      timer?.cancel();
      const decoded = decodeStrokes(state, text, { awaitsCursor: ports.awaitsCursor() });
      state = decoded.state;
      timer = awaitsMore(state) ? ports.clock.after(ESCAPE_TIMEOUT_MS, flush) : undefined;
      ports.taken(decoded.strokes);
    },
    end: () => ports.ended(),
  });
  // Whoever read before us has left it paused.
  input.resume();
  return () => {
    timer?.cancel();
    stop();
  };
}
