import type { ConsoleStreams } from "../console/open-console.ts";
import { ScreenModes } from "../render/screen-modes.ts";
import { TerminalOutput } from "../terminal-output.ts";

export type StageOptions = ConsoleStreams & {
  /** Whether clicks and the wheel come to us from the start. */
  readonly mouse: boolean;
};

/** A terminal in the modes of a full screen: for the frame at the start, then for the screen that takes its place. */
export class Stage {
  readonly output: TerminalOutput;
  readonly modes: ScreenModes;
  #resumed: () => void = () => undefined;

  constructor({ input, output, mouse }: StageOptions) {
    this.output = new TerminalOutput(output);
    this.modes = new ScreenModes({ input, output: this.output, mouse, onResumed: () => this.#resumed() });
  }

  /** Told when the terminal has been somebody else's, and its screen is to be drawn whole. Whoever comes later is told instead. */
  onResumed(listener: () => void): void {
    this.#resumed = listener;
  }

  /** The terminal is what it was. */
  close(): void {
    this.modes.leave();
    this.output.close();
  }
}
